import Foundation
import Synchronization

/// Prints to the terminal and records the text under the notebook cell that holds the call.
///
/// It takes the place of `Swift.print` in every file that imports AdjointNotebook. Without a
/// running ``Notebook`` it prints like `Swift.print`.
public func print<each Item>(
  _ items: repeat each Item, separator: String = " ", terminator: String = "\n",
  file: String = #fileID, line: Int = #line
) {
  var words: [String] = []
  for item in repeat each items { words.append(String(describing: item)) }
  Console.enter(file: file, line: line)
  Console.write(words.joined(separator: separator) + terminator)
}

/// Prints as `Swift.print` does, whose exact type it has.
///
/// It thereby hides it from every file that imports this module; calls then find the function
/// above, which knows their line.
@_disfavoredOverload
public func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  Console.write(items.map { String(describing: $0) }.joined(separator: separator) + terminator)
}

/// The one way to the terminal for text that a notebook should also keep.
package enum Console {
  /// Writes text to standard output and to the current cell of the running notebook.
  package static func write(_ text: String) {
    running.withLock { recording in
      recording?.cells.record(text)
      emit(text)
    }
  }

  /// Writes text to standard output only, such as the redrawing of a progress bar.
  package static func draw(_ text: String) {
    running.withLock { _ in emit(text) }
  }

  /// Adds text to the current cell of the running notebook without printing it.
  package static func record(_ text: String) {
    running.withLock { $0?.cells.record(text) }
  }

  /// Makes the cell at this place of the notebook's script the current one.
  ///
  /// A library function that logs passes on its caller's `#fileID` and `#line`. A place in another
  /// file changes nothing. The headings that are passed on the way appear on the terminal.
  package static func enter(file: String, line: Int) {
    running.withLock { recording in
      guard recording?.fileID == file else { return }
      let headings = recording?.cells.advance(to: line) ?? []
      announce(headings)
    }
  }

  /// Whether standard output is a terminal that can move its cursor.
  package static let isInteractive =
    isatty(STDOUT_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// The number of columns of the terminal; `COLUMNS`, or else 80, where there is none.
  package static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return columns > 0 ? columns : 80
  }
}

/// The recording of the running notebook; a process has at most one.
struct RunningNotebook: Sendable {
  let owner: ObjectIdentifier
  let fileID: String
  let title: String
  var cells: Recording
}

let running = Mutex<RunningNotebook?>(nil)

/// Shows headings on the terminal.
///
/// The caller holds the lock on `running`.
func announce(_ headings: [String]) {
  for heading in headings {
    emit(Console.isInteractive ? "\n\u{1B}[1m\(heading)\u{1B}[0m\n" : "\n## \(heading)\n")
  }
}

/// Puts text on standard output at once, so that a long run can be followed through a pipe.
private func emit(_ text: String) {
  Swift.print(text, terminator: "")
  fflush(nil)
}
