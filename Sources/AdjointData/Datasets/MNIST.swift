import Adjoint
import Foundation

/// The MNIST database of handwritten digits: 60,000 training and 10,000 test images.
///
/// By Yann LeCun, Corinna Cortes and Christopher J.C. Burges, CC BY-SA 3.0.
public struct MNIST: Sendable {
  /// Grey levels of the training images, 0 is paper and 255 is ink: uint8 [60000, 28, 28].
  public let trainImages: Tensor
  /// The training images' digits: uint8 [60000].
  public let trainLabels: Tensor
  /// Grey levels of the test images: uint8 [10000, 28, 28].
  public let testImages: Tensor
  /// The test images' digits: uint8 [10000].
  public let testLabels: Tensor

  /// The embedded database, or one in the same four files from a folder.
  ///
  /// The embedded files are compared with their checksums. Those of a folder may be plain or gzip,
  /// named `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, with or without `.gz`, and hold
  /// any number of 28 x 28 images with a label from 0 to 9 each.
  ///
  /// Throws ``FormatError`` when a file is missing or unsound, or when files do not fit together.
  public static func load(directory: URL? = nil) throws -> MNIST {
    let folder = try directory ?? EmbeddedFiles.folder("mnist")
    let parts = try File.all.map { try $0.load(from: folder, verified: directory == nil) }
    try checkLabels(parts[1], of: parts[0])
    try checkLabels(parts[3], of: parts[2])
    return MNIST(
      trainImages: parts[0].tensor, trainLabels: parts[1].tensor,
      testImages: parts[2].tensor, testLabels: parts[3].tensor)
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
        "a label is a digit from 0 to 9, found \(digits[index])")
    }
  }

  /// One of the four files.
  private struct File {
    let stem: String
    let suffix: String
    /// Of the unpacked contents.
    let checksum: UInt32

    static let all = [
      File(stem: "train-images", suffix: "idx3-ubyte", checksum: 0xe9f4_d8b3),
      File(stem: "train-labels", suffix: "idx1-ubyte", checksum: 0xe0cb_4ad2),
      File(stem: "t10k-images", suffix: "idx3-ubyte", checksum: 0x9137_3bdf),
      File(stem: "t10k-labels", suffix: "idx1-ubyte", checksum: 0x4ab9_eff9),
    ]

    private var names: [String] {
      ["-", "."].flatMap { ["\(stem)\($0)\(suffix)", "\(stem)\($0)\(suffix).gz"] }
    }

    private var isImages: Bool { suffix.hasPrefix("idx3") }

    func load(from folder: URL, verified: Bool) throws -> Part {
      let url = try locate(in: folder)
      let path = url.path(percentEncoded: false)
      let (tensor, checksum) = try IDX.decodeWithChecksum(RegularFile.read(url), name: path)
      guard !verified || checksum == self.checksum else {
        throw FormatError(
          .corrupted, file: path, field: "contents",
          "CRC-32 \(String(self.checksum, radix: 16)) expected,"
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
