import Glibc

/// The product of `exponent` factors A; of inverses where it is negative, the identity for 0.
///
/// A negative power of a singular matrix stops the program, as `inverse` does.
///
/// Shapes: `[..., n, n]` gives `[..., n, n]`.
public func matrixPower(
  _ a: Tensor, _ exponent: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("matrixPower", a, file, line)
  // Chosen everywhere, so that the result still has its place in the graph.
  if exponent == 0 { return `where`(Tensor.ones(a.shape, dtype: .bool), a.identity(a.rows), a) }
  var square = exponent < 0 ? inverse(a, file: file, line: line) : a
  var result: Tensor?
  var rest = exponent.magnitude
  while true {
    if rest & 1 == 1 { result = result.map { matmul($0, square) } ?? square }
    rest >>= 1
    if rest == 0 { return result ?? square }
    square = matmul(square, square)
  }
}

/// The exponential of square matrices: the sum of A^k / k! over all k.
///
/// By scaling and squaring: exp(A) = exp(A / 2^s)^(2^s), with the series of degree 16 where the
/// 1-norm is below a bound for which the rest is less than rounding. Each matrix has its own s, so a
/// batch gives what its matrices give alone.
///
/// Shapes: `[..., n, n]` gives `[..., n, n]`.
public func matrixExponential(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("matrixExponential", a, file, line)
  let bound = a.dtype == .float32 ? 2.0 : 0.8
  let halvings = matrixNorm(a.detached, .one).scalars.map { norm in
    norm > bound && norm.isFinite ? Glibc.log2(norm / bound).rounded(.up) : 0
  }
  let ones = a.batch.followed(by: 1, 1)
  let x = a * Tensor(halvings.map { Glibc.exp2(-$0) }, shape: ones, dtype: a.dtype)
  var result = exponentialSeries(x)
  let counts = Tensor(halvings, shape: ones)
  for step in 0..<Int(halvings.max() ?? 0) {
    let squared = matmul(result, result)
    let isDone = counts .<= Tensor(Double(step), dtype: .float64)
    result = halvings.allSatisfy { Double(step) < $0 } ? squared : `where`(isDone, result, squared)
  }
  return result
}

/// The series of the exponential up to degree 16, in six products: a polynomial of degree 4 in X^4
/// whose coefficients are polynomials of degree 3 in X.
private func exponentialSeries(_ x: Tensor) -> Tensor {
  let x2 = matmul(x, x)
  let powers = [x.identity(x.rows), x, x2, matmul(x2, x)]
  let x4 = matmul(x2, x2)
  var coefficients = [1.0]
  for degree in 1...16 { coefficients.append(coefficients[degree - 1] / Double(degree)) }
  func part(_ first: Int) -> Tensor {
    let rest = coefficients[first + 1] * powers[1] + coefficients[first + 2] * powers[2]
    return coefficients[first] * powers[0] + rest + coefficients[first + 3] * powers[3]
  }
  var result = coefficients[16] * x4 + part(12)
  for first in [8, 4, 0] { result = matmul(result, x4) + part(first) }
  return result
}
