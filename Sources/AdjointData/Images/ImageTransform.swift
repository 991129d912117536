import Adjoint

/// A change of a batch of images, usually random and another for each image.
///
/// Images are `[n, channels, height, width]`: uint8 from 0 to 255, or floating. Unless a transform
/// says otherwise it keeps the dtype, rounding where it is an integer.
///
/// ```swift
/// let augmentation = Augmentation {
///   RandomShift(maximum: 4)
///   RandomHorizontalFlip()
///   Normalize(mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616])
/// }
/// let loader = Loader(dataset, batchSize: 128, sampler: .shuffled) { batch in
///   [augmentation(batch[0]), batch[1]]
/// }
/// ```
public protocol ImageTransform: Sendable {
  /// The changed images, for a batch of the right shape.
  func apply(to images: Tensor, using generator: inout Generator) -> Tensor
}

extension ImageTransform {
  /// The changed images; equal generators give equal images.
  public func callAsFunction(
    _ images: Tensor, using generator: inout Generator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if images.rank != 4 || !(images.dtype.isFloatingPoint || images.dtype == .uint8) {
      programmingError(
        "\(Self.self)",
        "needs uint8 or floating images [n, channels, height, width], not \(images.dtype)"
          + " \(images.shape)", file: file, line: line)
    }
    return apply(to: images, using: &generator)
  }

  /// The changed images, with draws from the scoped generator.
  public func callAsFunction(
    _ images: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = Generator.split()
    return self(images, using: &generator, file: file, line: line)
  }
}

extension Tensor {
  /// These images after arithmetic, in their own dtype.
  ///
  /// Grey levels go through it as float32, are rounded, and cut to the range of a byte.
  func changingLevels(_ change: (_ images: Tensor) -> Tensor) -> Tensor {
    if dtype.isFloatingPoint { return change(self) }
    return clamp(round(change(cast(to: .float32))), min: 0, max: 255).cast(to: dtype)
  }

  /// The level of white: 255 of integers, 1 of floating numbers.
  var white: Double { dtype.isFloatingPoint ? 1 : 255 }
}
