import Adjoint
import Testing

/// Expects shape, dtype and every element of `actual` to be those of `expected`.
///
/// NaN equals NaN and infinities equal themselves; the sign of zero is not looked at. With the
/// default tolerances of 0 the values must be equal.
func expectClose(
  _ actual: Tensor, _ expected: Tensor, absolute: Double = 0, relative: Double = 0,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  let problem = difference(actual, expected, absolute, relative)
  #expect(problem == nil, Comment(rawValue: comment), sourceLocation: sourceLocation)
}

/// Expects the elements of `actual` in row-major order.
func expectClose(
  _ actual: Tensor, _ expected: [Double], absolute: Double = 0, relative: Double = 0,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.elementCount == expected.count, sourceLocation: sourceLocation)
  guard actual.elementCount == expected.count else { return }
  let wanted = Tensor(expected, shape: actual.shape)
  expectClose(
    actual.cast(to: .float64), wanted, absolute: absolute, relative: relative, comment,
    sourceLocation: sourceLocation)
}

/// Expects the same shape, dtype and bits.
func expectIdentical(
  _ actual: Tensor, _ expected: Tensor, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, sourceLocation: sourceLocation)
  #expect(actual.dtype == expected.dtype, sourceLocation: sourceLocation)
  let equal = actual.bytes() == expected.bytes()
  #expect(equal, Comment(rawValue: comment), sourceLocation: sourceLocation)
}

/// What is wrong with `actual`, in words, or nil.
private func difference(
  _ actual: Tensor, _ expected: Tensor, _ absolute: Double, _ relative: Double
) -> String? {
  if actual.shape != expected.shape { return "shape \(actual.shape), not \(expected.shape)" }
  if actual.dtype != expected.dtype { return "dtype \(actual.dtype), not \(expected.dtype)" }
  if !actual.dtype.isFloatingPoint {
    let (found, wanted) = (actual.scalars(as: Int.self), expected.scalars(as: Int.self))
    return found.indices.first { found[$0] != wanted[$0] }
      .map { "element \($0) is \(found[$0]), not \(wanted[$0])" }
  }
  let (found, wanted) = (actual.scalars, expected.scalars)
  for (index, (x, y)) in zip(found, wanted).enumerated() {
    let close = Swift.abs(x - y) <= absolute + relative * Swift.abs(y)
    if x != y && !(x.isNaN && y.isNaN) && !(close && y.isFinite) {
      return "element \(index) is \(x), not \(y): the difference is \(Swift.abs(x - y))"
    }
  }
  return nil
}

extension Tensor {
  /// The same tensor as a view whose strides are not row-major (for a rank of 2 or more).
  var asTransposedView: Tensor {
    let reversed = Array((0..<rank).reversed())
    return Tensor(bytes: permuted(reversed).bytes(), shape: Shape(shape.reversed()), dtype: dtype)
      .permuted(reversed)
  }

  /// The same tensor as a view into the middle of a larger one.
  var asSlicedView: Tensor {
    if rank == 0 { return stacked([self, self])[1] }
    return concatenated([self, self, self], axis: -1)
      .sliced(shape[rank - 1]..<2 * shape[rank - 1], axis: -1)
  }
}
