import AdjointData
import Foundation

/// A file kept beside the tests, with the script that made it.
func fixture(_ name: String, file: String = #filePath) throws -> [UInt8] {
  let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
  return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

/// Runs `body` with a fresh folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The error that `body` throws, nil when it throws none.
func formatError(_ body: () throws -> Void) throws -> FormatError? {
  do {
    try body()
    return nil
  } catch let error as FormatError {
    return error
  }
}

/// An IDX file of these dimensions and contents.
func idx(_ code: UInt8, _ dimensions: [UInt32], _ contents: [UInt8]) -> [UInt8] {
  [0, 0, code, UInt8(dimensions.count)] + dimensions.flatMap(bigEndian) + contents
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  stride(from: value.bitWidth - 8, through: 0, by: -8).map {
    UInt8(truncatingIfNeeded: value >> $0)
  }
}
