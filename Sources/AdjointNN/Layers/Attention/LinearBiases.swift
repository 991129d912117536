import Adjoint

/// Biases of attention scores in proportion to distance (ALiBi): -slope * (i - j) for query i and key j.
///
/// They take the place of positional encodings: `attention(x, mask: .added(biases))`. Head h of n has the
/// slope 2^(-8 h / n), counted from 1; if n is no power of two, the slopes of the next smaller power come
/// first, then every second one of the next larger, as in the paper's code. Keys behind the query get
/// -infinity.
///
/// Shapes: `[heads, queries, keys]`. The last query is at the place of the last key, so that with a cache
/// fewer queries than keys are right too.
///
/// Source: Press, Smith and Lewis, "Train short, test long: attention with linear biases enables input
/// length extrapolation", ICLR 2022.
public func linearAttentionBiases(
  heads: Int, queries: Int, keys: Int, dtype: DType = .float32, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if heads < 1 || queries < 0 || keys < queries || !dtype.isFloatingPoint {
    programmingError(
      "linearAttentionBiases",
      "needs heads, at least as many keys as queries and a floating dtype, not \(heads) heads, "
        + "\(queries) queries, \(keys) keys and \(dtype)", file: file, line: line)
  }
  var power = 1
  while power * 2 <= heads { power *= 2 }
  func slopes(_ count: Int) -> [Double] {
    let exponents = (1...count).map { -8 * Double($0) / Double(count) }
    return exp2(Tensor(exponents, dtype: .float64)).scalars
  }
  let more = slopes(2 * power).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
  let all = slopes(power) + more.prefix(heads - power)
  let places = Tensor.arange(keys).sliced((keys - queries)..., axis: 0)
  let distance = places.expandingDimension(at: 1) - Tensor.arange(keys)
  let isSeen = distance .>= Tensor(0, dtype: .int64)
  let factors = Tensor(all.map { -$0 }, dtype: dtype).reshaped([heads, 1, 1])
  return `where`(isSeen, factors * distance.cast(to: dtype), Tensor(-Double.infinity, dtype: dtype))
}
