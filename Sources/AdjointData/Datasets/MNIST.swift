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
    let files = try GreyImageFiles(
      folder: folder, checksums: directory == nil ? Self.checksums : nil)
    return MNIST(
      trainImages: files.trainImages, trainLabels: files.trainLabels,
      testImages: files.testImages, testLabels: files.testLabels)
  }

  /// Of the unpacked contents.
  private static let checksums: [UInt32] = [0xe9f4_d8b3, 0xe0cb_4ad2, 0x9137_3bdf, 0x4ab9_eff9]
}
