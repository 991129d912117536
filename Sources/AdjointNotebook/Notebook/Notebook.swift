import Foundation
import Synchronization

/// A Swift script that runs as a notebook.
///
/// The script is written in cells of Jupytext's percent format:
/// ```swift
/// // %% [markdown]
/// // ## Learning curves
/// // The loss falls quickly.
///
/// // %%
/// print("Test loss", loss)
/// try notebook.show(.chart(curves, title: "model loss"), name: "loss")
/// ```
/// While it runs, text appears on the terminal. ``finish()`` writes an executed Jupyter notebook
/// and a page to read, with every output under the cell that made it. Outputs belong to the cell
/// of the line that made them or, for a helper defined further up, to the cell that was reached.
public final class Notebook: Sendable {
  /// The title of the page.
  public let title: String
  /// The name of the Jupyter notebook file, without its extension.
  public let name: String
  /// The folder that receives the page, the notebook and the figures.
  public let output: URL
  private let fileID: String

  /// Starts the process's notebook: reads the script's cells and creates the output folder.
  ///
  /// - Parameters:
  ///   - title: The title of the page.
  ///   - name: The name of the `.ipynb` file, without its extension.
  ///   - output: The folder to write to.
  ///   - source: The path of the script.
  ///   - fileID: The script's `#fileID`, by which its calls are recognised.
  ///   - line: The line of this call.
  /// - Throws: ``NotebookError`` when the source cannot be read, the folder cannot be created, the
  ///   name is no file name, or another notebook is running.
  public init(
    title: String, name: String, output: URL,
    source: String = #filePath, fileID: String = #fileID, line: Int = #line
  ) throws(NotebookError) {
    self.title = title
    self.name = try Notebook.fileName(name)
    self.output = output
    self.fileID = fileID
    let script: String
    do {
      script = try String(contentsOfFile: source, encoding: .utf8)
    } catch {
      throw .unreadableSource(path: source, reason: reason(error))
    }
    do {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: output.path, reason: reason(error))
    }
    let started = running.withLock { current in
      guard current == nil else { return false }
      var cells = Recording(cells: PercentFormat.cells(of: script))
      announce(cells.advance(to: line))
      current = RunningNotebook(
        owner: ObjectIdentifier(self), fileID: fileID, title: title, cells: cells)
      return true
    }
    if !started {
      throw .alreadyRunning(title: running.withLock { $0?.title } ?? title)
    }
  }

  deinit {
    withOwnRecording { $0 = nil }
  }

  /// Shows a figure under the cell of the call and writes it to `name.png` in the output folder.
  ///
  /// - Throws: ``NotebookError`` when the file cannot be written, ``FigureError`` when the figure
  ///   is too large for a picture.
  public func show(_ figure: Figure, name: String, line: Int = #line) throws {
    let url = output.appending(path: try Notebook.fileName(name) + ".png")
    Console.enter(file: fileID, line: line)
    let png = try figure.png()
    try write(Data(png), to: url)
    let isRunning: Void? = withOwnRecording { $0?.cells.record(figure, png: png) }
    guard isRunning != nil else { throw NotebookError.finished(title: title) }
    Console.draw("Figure: \(url.relativePath)\n")
  }

  /// Writes `index.html` and `<name>.ipynb` and ends the notebook.
  ///
  /// - Throws: ``NotebookError`` when a file cannot be written or the notebook has ended before.
  public func finish() throws {
    let finished = withOwnRecording { current -> Recording? in
      var cells = current?.cells
      announce(cells?.finish() ?? [])
      current = nil
      return cells
    }
    guard let finished else { throw NotebookError.finished(title: title) }
    let document = JupyterDocument(finished, title: title)
    try write(try document.encoded(), to: output.appending(path: name + ".ipynb"))
    let page = Page(finished, title: title, notebookFile: name + ".ipynb", script: fileID)
    try write(Data(page.html().utf8), to: output.appending(path: "index.html"))
  }

  /// Runs `body` on the process's recording if it is this notebook's.
  private func withOwnRecording<R: Sendable>(
    _ body: @Sendable (inout RunningNotebook?) -> R?
  ) -> R? {
    running.withLock { current in
      guard current?.owner == ObjectIdentifier(self) else { return nil }
      return body(&current)
    }
  }

  private func write(_ data: Data, to url: URL) throws(NotebookError) {
    do {
      try data.write(to: url, options: .atomic)
    } catch {
      throw .unwritable(path: url.path, reason: reason(error))
    }
  }

  private static func fileName(_ name: String) throws(NotebookError) -> String {
    let allowed = name.allSatisfy { $0.isLetter || $0.isNumber || "-_. ".contains($0) }
    guard allowed, !name.isEmpty, name.utf8.count <= 200, !name.hasPrefix(".") else {
      throw .badName(name)
    }
    return name
  }
}

/// The operating system's words where Foundation wraps them.
private func reason(_ error: any Error) -> String {
  let error = error as NSError
  if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError {
    return underlying.localizedDescription
  }
  return error.localizedDescription
}
