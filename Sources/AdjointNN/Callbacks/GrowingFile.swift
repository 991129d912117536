import AdjointData
import Foundation

/// A file of whole records that are added one after another.
struct GrowingFile {
  private let url: URL

  /// Starts the file with these bytes, in the place of an older one.
  init(_ url: URL, startingWith bytes: [UInt8]) throws {
    self.url = url
    try GrowingFile.guarding(url) {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  /// Adds a record, which is with the system when this returns.
  func append(_ bytes: [UInt8]) throws {
    try GrowingFile.guarding(url) {
      let file = try FileHandle(forWritingTo: url)
      try file.seekToEnd()
      try file.write(contentsOf: Data(bytes))
      try file.close()
    }
  }

  private static func guarding(_ url: URL, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      throw FormatError(
        .inaccessible, file: url.path(percentEncoded: false), field: "file",
        "cannot be written: \(error.localizedDescription)")
    }
  }
}
