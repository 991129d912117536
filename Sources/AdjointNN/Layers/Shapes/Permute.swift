import Adjoint

/// Puts the axes into another order: `Permute([0, 2, 1])` exchanges the last two of three.
///
/// The order includes the batch, axis 0, which nearly always stays in front.
///
/// Shapes: axis `i` of the result is axis `order[i]` of the input.
public final class Permute: SavableLayer, ConfiguredLayer {
  /// The axes of the input in the order of the result.
  public let order: [Int]

  /// A layer that orders the axes anew.
  public init(_ order: [Int], file: StaticString = #fileID, line: UInt = #line) {
    self.order = Self.checked(Settings(order: order), file, line).order
  }

  /// The order.
  public var details: [String] { ["\(order)"] }

  /// The input with its axes in the other order.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank != order.count {
      fail(
        "an input of shape \(x.shape) has \(x.rank) axes, the order \(order) is for \(order.count)")
    }
    return x.permuted(order)
  }

  struct Settings: Codable { let order: [Int] }
  var settings: Settings { Settings(order: order) }
  static func problem(with settings: Settings) -> String? {
    let order = settings.order
    return unless(
      order.count <= Shape.maximumRank && order.sorted() == Array(order.indices),
      "\(order) is no order of axes: each of 0 ..< \(order.count) must be there once")
  }
  init(decoded settings: Settings) { order = settings.order }
}
