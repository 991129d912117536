import Adjoint

/// Adds waves of many lengths to a sequence, from which a place can be told: nothing is learned.
///
/// `y_p = x_p + e_p` with `e_{p, 2 i} = sin(p w_i)`, `e_{p, 2 i + 1} = cos(p w_i)` and
/// `w_i = 10000^(-2 i / size)`.
///
/// Shapes: `[..., steps, size]` gives the same shape; an odd size ends with a sine.
///
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
public final class SinusoidalEncoding: SavableLayer {
  /// An encoding.
  public init() {}

  /// The input with the waves of the places from 0 on added.
  public func forward(_ x: Tensor) -> Tensor { added(to: x, offset: 0) }

  /// The input with waves added; its first step is at place `offset`.
  public func callAsFunction(
    _ x: Tensor, offset: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(CallSite(file: file, line: line)) {
      added(to: x, offset: offset)
    }
  }

  private func added(to x: Tensor, offset: Int) -> Tensor {
    if x.rank < 2 || !x.dtype.isFloatingPoint {
      fail("needs a floating sequence [..., steps, size], not \(x.dtype) \(x.shape)")
    }
    let (steps, size) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    return x
      + Self.table(places: offset..<offset + steps, size: size).cast(to: x.dtype)
  }

  /// The waves at some places, `[places, size]`, float64.
  public static func table(places: Range<Int>, size: Int) -> Tensor {
    let numbers = Tensor.arange(places.count, dtype: .float64)
    let positions = numbers + Tensor(Double(places.lowerBound), dtype: .float64)
    let pairs = Tensor.arange((size + 1) / 2, dtype: .float64)
    let step = Tensor(-2 / Double(max(size, 1)), dtype: .float64)
    let angles = outer(positions, pow(Tensor(10_000, dtype: .float64), pairs * step))
    let waves = stacked([sin(angles), cos(angles)], axis: -1)
    return waves.reshaped([places.count, (size + 1) / 2 * 2]).sliced(0..<size, axis: 1)
  }
}
