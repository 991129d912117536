/// Why a notebook could not be started or written.
public enum NotebookError: Error, Equatable, CustomStringConvertible {
  /// The script's source cannot be read, so its cells are unknown.
  case unreadableSource(path: String, reason: String)
  /// Another notebook of this process has not finished.
  case alreadyRunning(title: String)
  /// The notebook has been finished and takes no more figures.
  case finished(title: String)
  /// A name that cannot be the name of a file.
  case badName(String)
  /// A file or folder of the output could not be written.
  case unwritable(path: String, reason: String)
  /// Everything is written, but results were not what ``Notebook/expect(_:_:line:)`` stated.
  case unexpected([String])

  /// One line that names the file or the notebook and the reason.
  public var description: String {
    switch self {
    case .unreadableSource(let path, let reason):
      "notebook: cannot read the script's source at \(path): \(reason)"
    case .alreadyRunning(let title):
      "notebook: \"\(title)\" is still running; finish it before starting another"
    case .finished(let title):
      "notebook: \"\(title)\" is already finished"
    case .badName(let name):
      "notebook: \"\(name)\" cannot name a file: use letters, digits, '-', '_' and '.'"
    case .unwritable(let path, let reason):
      "notebook: cannot write \(path): \(reason)"
    case .unexpected(let statements):
      "notebook: the result is not the expected one: \(statements.joined(separator: "; "))"
    }
  }
}
