import Adjoint

/// Rotary positions: features of queries and keys turned in pairs, by an angle for their place.
///
/// Angles are in proportion to places, so scores depend on distances only.
///
/// Pair i of a vector at place p is turned by p * base^(-2 i / size). With `.halves` feature i is paired
/// with feature i + size / 2 (GPT-NeoX, Llama as Hugging Face stores it), with `.interleaved` feature 2 i
/// with 2 i + 1 (the paper, GPT-J, Meta's Llama files). Weights made for one are wrong with the other.
///
/// Shapes: `[..., steps, size]` gives the same shape.
///
/// Source: Su et al., "RoFormer: enhanced transformer with rotary position embedding", 2021.
public struct RotaryEncoding: Codable, Sendable {
  /// Which features are a pair.
  public enum Pairing: String, Codable, Sendable {
    /// Feature i and feature i + size / 2.
    case halves
    /// Features 2 i and 2 i + 1.
    case interleaved
  }

  /// The number of features of a head, even.
  public let size: Int
  /// How slowly the last pair turns: its wave length is about 2 π `base`.
  public let base: Double
  /// Which features are a pair.
  public let pairing: Pairing

  /// Rotary positions for heads of `size` features.
  public init(
    size: Int, base: Double = 10_000, pairing: Pairing = .halves, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if size < 2 || size % 2 != 0 || !(base > 0) {
      programmingError(
        "RotaryEncoding",
        "needs an even number of features and a positive base, not \(size) and \(base)", file: file,
        line: line)
    }
    (self.size, self.base, self.pairing) = (size, base, pairing)
  }

  /// The vectors turned; the first one of `x` is at place `offset`.
  public func callAsFunction(
    _ x: Tensor, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard x.rank >= 2, x.shape.last == size, x.dtype.isFloatingPoint else {
      programmingError(
        "RotaryEncoding", "needs floating vectors [..., steps, \(size)], not \(x.dtype) \(x.shape)",
        file: file, line: line)
    }
    let steps = x.shape[x.rank - 2]
    let places = Tensor.arange(steps, dtype: .float64) + Tensor(Double(offset), dtype: .float64)
    let pairs = Tensor.arange(size / 2, dtype: .float64)
    let step = Tensor(-2 / Double(size), dtype: .float64)
    let rates = pow(Tensor(base, dtype: .float64), pairs * step)
    let angles = outer(places, rates)
    let (cosines, sines) = (cos(angles).cast(to: x.dtype), sin(angles).cast(to: x.dtype))
    switch pairing {
    case .halves:
      let (a, b) = (x.sliced(..<(size / 2), axis: -1), x.sliced((size / 2)..., axis: -1))
      return concatenated([a * cosines - b * sines, b * cosines + a * sines], axis: -1)
    case .interleaved:
      let split = x.reshaped(Shape(Array(x.shape.dropLast()) + [size / 2, 2]))
      let parts = split.unstacked(axis: -1)
      let (a, b) = (parts[0], parts[1])
      return stacked([a * cosines - b * sines, b * cosines + a * sines], axis: -1)
        .reshaped(x.shape)
    }
  }
}
