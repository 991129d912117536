import Adjoint
import Foundation

extension Profile {
  /// Writes `trace` to a file that `ui.perfetto.dev` and `chrome://tracing` open.
  ///
  /// Throws a ``FormatError`` if it cannot be written; an older file stays as it was then.
  public func writeTrace(to url: URL) throws {
    try RegularFile.replace(url, with: [Array(trace.utf8)])
  }
}
