import Adjoint

/// Image transforms, one after another.
///
/// See ``ImageTransform`` for an example; `if` and `for` may stand in the block.
public struct Augmentation: ImageTransform {
  /// The transforms, first to last.
  public let transforms: [any ImageTransform]

  /// The given transforms.
  public init(_ transforms: [any ImageTransform]) { self.transforms = transforms }

  /// The transforms that the block lists.
  public init(@AugmentationBuilder _ transforms: () -> [any ImageTransform]) {
    self.init(transforms())
  }

  /// The images after all transforms.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    transforms.reduce(images) { $1($0, using: &generator) }
  }
}

/// Lets transforms be written one below the other.
@resultBuilder
public enum AugmentationBuilder {
  /// One transform.
  public static func buildExpression(_ transform: any ImageTransform) -> [any ImageTransform] {
    [transform]
  }
  /// Several transforms at once.
  public static func buildExpression(
    _ transforms: [any ImageTransform]
  ) -> [any ImageTransform] { transforms }
  /// Transforms below one another.
  public static func buildBlock(_ parts: [any ImageTransform]...) -> [any ImageTransform] {
    parts.flatMap { $0 }
  }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [any ImageTransform]?) -> [any ImageTransform] {
    part ?? []
  }
  /// The first branch.
  public static func buildEither(first part: [any ImageTransform]) -> [any ImageTransform] { part }
  /// The other branch.
  public static func buildEither(second part: [any ImageTransform]) -> [any ImageTransform] { part }
  /// A `for` loop.
  public static func buildArray(_ parts: [[any ImageTransform]]) -> [any ImageTransform] {
    parts.flatMap { $0 }
  }
}
