import Adjoint

/// Joins all axes but the first, the batch: `[n, 28, 28]` becomes `[n, 784]`.
///
/// Shapes: with a first axis `f`, `[s0, ..., sf, ..., sk]` becomes `[s0, ..., sf * ... * sk]`.
public final class Flatten: SavableLayer, ConfiguredLayer {
  /// The first of the axes that become one.
  public let firstAxis: Int

  /// A flattening layer.
  /// - Parameter firstAxis: the first of the axes that become one; 0 includes the batch.
  public init(firstAxis: Int = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.firstAxis = Self.checked(Settings(firstAxis: firstAxis), file, line).firstAxis ?? 1
  }

  /// The first axis, if it is not 1.
  public var details: [String] { firstAxis == 1 ? [] : ["from axis \(firstAxis)"] }

  /// The input with its last axes joined.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank == 0 { fail("needs an input with a batch axis, not a number") }
    if x.rank < firstAxis { fail("an input of shape \(x.shape) has no axis \(firstAxis)") }
    let kept = x.shape.prefix(firstAxis)
    return x.reshaped(Shape(Array(kept) + [x.shape.dropFirst(firstAxis).reduce(1, *)]))
  }

  struct Settings: Codable { var firstAxis: Int? }
  var settings: Settings { Settings(firstAxis: firstAxis == 1 ? nil : firstAxis) }
  static func problem(with settings: Settings) -> String? {
    let axis = settings.firstAxis ?? 1
    return unless(
      (0..<Shape.maximumRank).contains(axis), "the first axis must be in 0 ..< 8, not \(axis)")
  }
  init(decoded settings: Settings) { firstAxis = settings.firstAxis ?? 1 }
}
