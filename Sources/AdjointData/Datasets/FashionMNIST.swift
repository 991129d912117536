import Adjoint
import Foundation

/// Fashion-MNIST: 60,000 training and 10,000 test images of clothes, made to take the place of MNIST.
///
/// By Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando SE, MIT licence; it is not embedded. Debian
/// has it as the package `dataset-fashion-mnist`.
public struct FashionMNIST: Sendable {
  /// Grey levels of the training images: uint8 [60000, 28, 28].
  public let trainImages: Tensor
  /// The training images' classes: uint8 [60000].
  public let trainLabels: Tensor
  /// Grey levels of the test images: uint8 [10000, 28, 28].
  public let testImages: Tensor
  /// The test images' classes: uint8 [10000].
  public let testLabels: Tensor

  /// What the labels 0 to 9 mean.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// The database in a folder, by default the one that Debian's package fills.
  ///
  /// Files may be plain or gzip and have the names that ``MNIST/load(directory:)`` looks for.
  ///
  /// Throws ``FormatError`` when a file is missing or unsound, or when files do not fit together.
  public static func load(directory: URL? = nil) throws -> FashionMNIST {
    let files = try GreyImageFiles(folder: directory ?? systemFolder())
    return FashionMNIST(
      trainImages: files.trainImages, trainLabels: files.trainLabels,
      testImages: files.testImages, testLabels: files.testLabels)
  }

  private static func systemFolder() throws -> URL {
    let path = "/usr/share/datasets/fashion-mnist"
    guard FileManager.default.fileExists(atPath: path) else {
      throw FormatError(
        .missing, file: path, field: "Fashion-MNIST",
        "there is no such folder: install Debian's package dataset-fashion-mnist, or name the folder"
          + " of the four files")
    }
    return URL(filePath: path)
  }
}
