import Adjoint

/// Mirrors each image left to right with a probability.
public struct RandomHorizontalFlip: ImageTransform {
  /// How likely an image is mirrored.
  public let probability: Double

  /// A mirror with the given probability.
  public init(
    probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) {
    checkProbability("RandomHorizontalFlip", probability, file, line)
    self.probability = probability
  }

  /// The images, some of them mirrored.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    images.someReplaced(by: images.flipped(axes: [3]), probability: probability, using: &generator)
  }
}

/// Turns each image upside down, as in a lake, with a probability.
public struct RandomVerticalFlip: ImageTransform {
  /// How likely an image is mirrored.
  public let probability: Double

  /// A mirror with the given probability.
  public init(
    probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) {
    checkProbability("RandomVerticalFlip", probability, file, line)
    self.probability = probability
  }

  /// The images, some of them mirrored.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    images.someReplaced(by: images.flipped(axes: [2]), probability: probability, using: &generator)
  }
}

extension Tensor {
  /// These images, each with a probability that of `others` instead.
  func someReplaced(
    by others: Tensor, probability: Double, using generator: inout Generator
  ) -> Tensor {
    let isReplaced = Tensor.bernoulli(
      [shape[0], 1, 1, 1], probability: probability, using: &generator)
    return `where`(isReplaced, others, self)
  }
}

func checkProbability(
  _ name: String, _ probability: Double, _ file: StaticString, _ line: UInt
) {
  if !(0...1).contains(probability) {
    programmingError(
      name, "the probability must be in 0 ... 1, not \(probability)", file: file, line: line)
  }
}
