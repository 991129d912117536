import Adjoint

/// Splits one axis into several: the reverse of `Flatten`.
///
/// Shapes: `[..., n, ...]` becomes `[..., sizes..., ...]`; one size may be -1.
public final class Unflatten: SavableLayer, ConfiguredLayer {
  let settings: Settings

  /// A layer that splits an axis.
  /// - Parameters:
  ///   - axis: the axis, counted with the batch; a negative one counts from the end.
  ///   - sizes: its new sizes, whose product is the old one; one may be -1.
  public init(axis: Int, sizes: [Int], file: StaticString = #fileID, line: UInt = #line) {
    settings = Self.checked(Settings(axis: axis, sizes: sizes), file, line)
  }

  /// The axis and the sizes.
  public var details: [String] { ["axis \(settings.axis)", "\(settings.sizes)"] }

  /// The elements with the axis split.
  public func forward(_ x: Tensor) -> Tensor {
    let (axis, sizes) = (settings.axis, settings.sizes)
    let at = axis < 0 ? axis + x.rank : axis
    guard x.shape.indices.contains(at), let filled = fillingSizes(sizes, x.shape[at]),
      x.rank - 1 + filled.count <= Shape.maximumRank
    else { fail("axis \(axis) of an input of shape \(x.shape) cannot become \(sizes)") }
    return x.unflattened(axis: at, into: filled)
  }

  struct Settings: Codable {
    let axis: Int
    let sizes: [Int]
  }
  static func problem(with settings: Settings) -> String? {
    let axis = settings.axis
    return firstProblem(
      unless((-8..<8).contains(axis), "there is no axis \(axis): a tensor has at most 8"),
      problem(withSizes: settings.sizes, limit: Shape.maximumRank))
  }
  init(decoded settings: Settings) { self.settings = settings }
}
