import Adjoint
import Foundation

/// CIFAR-10: 50,000 training and 10,000 test colour images of ten classes.
///
/// By Alex Krizhevsky, Vinod Nair and Geoffrey Hinton; it is not embedded. The "binary version" of
/// <https://www.cs.toronto.edu/~kriz/cifar.html> is what is read here.
public struct CIFAR10: Sendable {
  /// Red, green and blue of the training images: uint8 [50000, 3, 32, 32].
  public let trainImages: Tensor
  /// The training images' classes: uint8 [50000].
  public let trainLabels: Tensor
  /// The test images: uint8 [10000, 3, 32, 32].
  public let testImages: Tensor
  /// The test images' classes: uint8 [10000].
  public let testLabels: Tensor

  /// What the labels 0 to 9 mean.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The database in a folder with `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`.
  ///
  /// Throws ``FormatError`` when a file is missing or unsound.
  public static func load(directory: URL) throws -> CIFAR10 {
    let train = try (1...5).map { try read(directory.appending(path: "data_batch_\($0).bin")) }
    let test = try read(directory.appending(path: "test_batch.bin"))
    return CIFAR10(
      trainImages: concatenated(train.map(\.images)),
      trainLabels: concatenated(train.map(\.labels)), testImages: test.images,
      testLabels: test.labels)
  }

  /// The images and labels of one file of records, any number of them but none.
  ///
  /// Throws ``FormatError`` when the file is missing or unsound.
  public static func read(_ url: URL) throws -> (images: Tensor, labels: Tensor) {
    let (images, labels) = try cifarRecords(url, classes: [("label", 10)])
    return (images, labels[0])
  }
}

/// CIFAR-100: 50,000 training and 10,000 test colour images of a hundred classes in twenty groups.
///
/// By Alex Krizhevsky, Vinod Nair and Geoffrey Hinton; it is not embedded. The "binary version" of
/// <https://www.cs.toronto.edu/~kriz/cifar.html> is what is read here.
public struct CIFAR100: Sendable {
  /// Red, green and blue of the training images: uint8 [50000, 3, 32, 32].
  public let trainImages: Tensor
  /// The training images' classes, 0 to 99: uint8 [50000].
  public let trainLabels: Tensor
  /// The training images' groups of classes, 0 to 19: uint8 [50000].
  public let trainCoarseLabels: Tensor
  /// The test images: uint8 [10000, 3, 32, 32].
  public let testImages: Tensor
  /// The test images' classes: uint8 [10000].
  public let testLabels: Tensor
  /// The test images' groups of classes: uint8 [10000].
  public let testCoarseLabels: Tensor

  /// What the labels mean: the lines of the database's own `fine_label_names.txt`.
  public let classNames: [String]
  /// What the groups are: the lines of `coarse_label_names.txt`.
  public let coarseClassNames: [String]

  /// The database in a folder with `train.bin`, `test.bin` and the two files of names.
  ///
  /// Throws ``FormatError`` when a file is missing or unsound.
  public static func load(directory: URL) throws -> CIFAR100 {
    let train = try read(directory.appending(path: "train.bin"))
    let test = try read(directory.appending(path: "test.bin"))
    return CIFAR100(
      trainImages: train.images, trainLabels: train.labels, trainCoarseLabels: train.coarseLabels,
      testImages: test.images, testLabels: test.labels, testCoarseLabels: test.coarseLabels,
      classNames: try names(directory.appending(path: "fine_label_names.txt"), count: 100),
      coarseClassNames: try names(directory.appending(path: "coarse_label_names.txt"), count: 20))
  }

  /// The images and labels of one file of records, any number of them but none.
  ///
  /// Throws ``FormatError`` when the file is missing or unsound.
  public static func read(
    _ url: URL
  ) throws -> (images: Tensor, labels: Tensor, coarseLabels: Tensor) {
    let (images, labels) = try cifarRecords(url, classes: [("coarse label", 20), ("label", 100)])
    return (images, labels[1], labels[0])
  }

  private static func names(_ url: URL, count: Int) throws -> [String] {
    let names = try Corpus.text(url).split(whereSeparator: \.isNewline).map(String.init)
    guard names.count == count else {
      throw FormatError(
        .mismatched, file: url.path(percentEncoded: false), field: "names",
        "\(count) lines expected, found \(names.count)")
    }
    return names
  }
}

/// Records of one byte for each kind of label and 3072 of red, green and blue.
private func cifarRecords(
  _ url: URL, classes: [(name: String, count: UInt8)]
) throws -> (images: Tensor, labels: [Tensor]) {
  let path = url.path(percentEncoded: false)
  let bytes = try RegularFile.read(url)
  let width = classes.count + 3 * 32 * 32
  let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: width)
  guard count > 0 && rest == 0 else {
    throw FormatError(
      .truncated, file: path, field: "records", offset: count * width,
      "records of \(width) bytes expected, the file's \(bytes.count) bytes are"
        + " \(count > 0 ? "\(count) of them and \(rest) more" : "not one of them")")
  }
  for (column, (name, limit)) in classes.enumerated() {
    for record in 0..<count where bytes[record * width + column] >= limit {
      throw FormatError(
        .malformed, file: path, field: "\(name) \(record)", offset: record * width + column,
        "a number below \(limit) expected, found \(bytes[record * width + column])")
    }
  }
  let records = Tensor(bytes: bytes, shape: [count, width], dtype: .uint8)
  let pixels = records[.all, classes.count...]
  return (pixels.reshaped(count, 3, 32, 32), classes.indices.map { records[.all, $0] })
}
