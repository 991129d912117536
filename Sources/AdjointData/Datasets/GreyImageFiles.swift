import Adjoint
import Foundation

/// The four IDX files in which MNIST, and what takes its place, come.
struct GreyImageFiles {
  let trainImages: Tensor
  let trainLabels: Tensor
  let testImages: Tensor
  let testLabels: Tensor

  /// Reads them; the contents are compared with `checksums` when these are given.
  init(folder: URL, checksums: [UInt32]? = nil) throws {
    let files = [
      File(stem: "train-images", suffix: "idx3-ubyte"),
      File(stem: "train-labels", suffix: "idx1-ubyte"),
      File(stem: "t10k-images", suffix: "idx3-ubyte"),
      File(stem: "t10k-labels", suffix: "idx1-ubyte"),
    ]
    let parts = try files.indices.map {
      try files[$0].load(from: folder, checksum: checksums?[$0])
    }
    try Self.checkLabels(parts[1], of: parts[0])
    try Self.checkLabels(parts[3], of: parts[2])
    (trainImages, trainLabels) = (parts[0].tensor, parts[1].tensor)
    (testImages, testLabels) = (parts[2].tensor, parts[3].tensor)
  }

  private typealias Part = (path: String, tensor: Tensor)

  private static func checkLabels(_ labels: Part, of images: Part) throws {
    let (imageCount, labelCount) = (images.tensor.shape[0], labels.tensor.shape[0])
    guard imageCount == labelCount else {
      throw FormatError(
        .mismatched, file: labels.path, field: "dimensions", offset: 4,
        "\(labelCount) labels for \(imageCount) images in \(images.path)")
    }
    let digits = labels.tensor.bytes()
    if let index = digits.firstIndex(where: { $0 > 9 }) {
      throw FormatError(
        .mismatched, file: labels.path, field: "label \(index)", offset: 8 + index,
        "a label is a number from 0 to 9, found \(digits[index])")
    }
  }

  /// One of the four files.
  private struct File {
    let stem: String
    let suffix: String

    private var names: [String] {
      ["-", "."].flatMap { ["\(stem)\($0)\(suffix)", "\(stem)\($0)\(suffix).gz"] }
    }

    private var isImages: Bool { suffix.hasPrefix("idx3") }

    func load(from folder: URL, checksum expectedChecksum: UInt32?) throws -> Part {
      let url = try locate(in: folder)
      let path = url.path(percentEncoded: false)
      let (tensor, checksum) = try IDX.decodeWithChecksum(RegularFile.read(url), name: path)
      if let expectedChecksum, checksum != expectedChecksum {
        throw FormatError(
          .corrupted, file: path, field: "contents",
          "CRC-32 \(String(expectedChecksum, radix: 16)) expected,"
            + " found \(checksum.map { String($0, radix: 16) } ?? "none")")
      }
      let expected = isImages ? "[n, 28, 28]" : "[n]"
      let fits = isImages ? Array(tensor.shape.dropFirst()) == [28, 28] : tensor.rank == 1
      guard fits && tensor.dtype == .uint8 && tensor.elementCount > 0 else {
        throw FormatError(
          .mismatched, file: path, field: "dimensions", offset: 2,
          "uint8 \(expected) with n > 0 expected, found \(tensor.dtype) \(tensor.shape)")
      }
      return (path, tensor)
    }

    private func locate(in folder: URL) throws -> URL {
      func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path(percentEncoded: false))
      }
      if let url = names.map({ folder.appending(path: $0) }).first(where: exists) { return url }
      throw FormatError(
        .missing, file: folder.path(percentEncoded: false), field: stem,
        exists(folder)
          ? "none of \(names.joined(separator: ", ")) is there" : "there is no such folder")
    }
  }
}
