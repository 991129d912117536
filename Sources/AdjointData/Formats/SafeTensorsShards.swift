import Adjoint
import Foundation

/// A checkpoint in several safetensors files, with an index that says which tensor is in which file.
///
/// ```swift
/// let checkpoint = try SafeTensorsShards(folder.appending(path: "model.safetensors.index.json"))
/// let weight = try checkpoint["embedding.weight"]
/// ```
///
/// The index is that of Hugging Face's libraries: JSON whose `weight_map` gives the name of a file
/// for the name of each tensor. The files are in the index's own folder: a name with a path in it is
/// refused. Every file is opened and mapped at once, as a ``SafeTensorsFile``, and the tensors are
/// read when they are asked for. The whole checkpoint must be there: a tensor of the index that its
/// file lacks, and one in the files that the index lacks, are errors.
public struct SafeTensorsShards: Sendable {
  private let files: [String: SafeTensorsFile]
  private let fileNames: [String: String]

  /// The names of the tensors, in alphabetical order.
  public var names: [String] { fileNames.keys.sorted() }

  /// Opens the files that an index names, and reads their headers.
  ///
  /// Throws ``FormatError`` when the index or a file cannot be read or is not sound.
  public init(_ index: URL) throws {
    let path = index.path(percentEncoded: false)
    let fileNames = try Self.fileNames(RegularFile.read(index), file: path)
    var files: [String: SafeTensorsFile] = [:]
    for fileName in Set(fileNames.values) {
      files[fileName] = try SafeTensorsFile(
        index.deletingLastPathComponent().appending(path: fileName))
    }
    for (name, fileName) in fileNames where files[fileName]?.shape(of: name) == nil {
      throw FormatError(
        .mismatched, file: path, field: "tensor \"\(name)\"", "it is not in \(fileName)")
    }
    for (fileName, file) in files {
      for name in file.names where fileNames[name] != fileName {
        throw FormatError(
          .mismatched, file: path, field: "tensor \"\(name)\"",
          "it is in \(fileName), where the index does not have it")
      }
    }
    (self.files, self.fileNames) = (files, fileNames)
  }

  /// The shape of a tensor, nil when there is none of this name.
  public func shape(of name: String) -> Shape? { file(of: name)?.shape(of: name) }

  /// The dtype that a tensor will have, nil when there is none of this name.
  public func dtype(of name: String) -> DType? { file(of: name)?.dtype(of: name) }

  /// The tensor of this name, nil when there is none.
  ///
  /// Throws ``FormatError`` for a value that the dtype does not have.
  public subscript(name: String) -> Tensor? {
    get throws { try file(of: name)?[name] }
  }

  private func file(of name: String) -> SafeTensorsFile? { fileNames[name].flatMap { files[$0] } }

  private static func fileNames(_ bytes: [UInt8], file: String) throws -> [String: String] {
    var scanner = HeaderScanner(bytes[...], file: file)
    var fileNames: [String: String]?
    try scanner.object { scanner, key in
      guard key == "weight_map" else { return try scanner.skip() }
      var names: [String: String] = [:]
      try scanner.object { scanner, name in
        let start = scanner.offset
        let fileName = try scanner.string()
        guard !fileName.isEmpty && fileName != "." && fileName != "..",
          !fileName.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else {
          throw FormatError(
            .malformed, file: file, field: "tensor \"\(name)\"", offset: start,
            "\"\(fileName)\" is no plain name of a file")
        }
        names[name] = fileName
      }
      fileNames = names
    }
    try scanner.finish()
    guard let fileNames else {
      throw FormatError(.malformed, file: file, field: "weight_map", "the index has none")
    }
    return fileNames
  }
}
