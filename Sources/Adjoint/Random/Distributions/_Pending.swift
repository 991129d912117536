// Stand-ins for elementary functions that are made elsewhere at this time, with the same names.
// Delete this file when those are there; nothing else has to change.

/// log |gamma(x)|, for positive x: Stirling's series after eight steps of the recurrence.
func lgamma(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  let z = x + 8
  var product = x
  for step in 1..<8 { product = product * (x + Double(step)) }
  let r = 1 / z
  let series = polynomial(r * r, [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188])
  let halfLogTwoPi: Double = 0.91893853320467274178
  return (z - 0.5) * log(z) - z + halfLogTwoPi + r * series - log(product)
}

/// The derivative of `lgamma`, for positive x.
func digamma(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  let z = x + 8
  let s = 1 / (z * z)
  let series = polynomial(s, [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132])
  var result = log(z) - 0.5 / z - s * series
  for step in 0..<8 { result = result - 1 / (x + Double(step)) }
  return result
}

private func polynomial(_ x: Tensor, _ coefficients: [Double]) -> Tensor {
  coefficients.dropLast().reversed().reduce(x.filled(with: coefficients[coefficients.count - 1])) {
    $0 * x + $1
  }
}

/// 1 - erf(x).
func erfc(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor { 1 - erf(x) }

/// x log(y), and 0 where x is 0.
func xlogy(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let vanishes = x .== 0
  return `where`(vanishes, 0, x * log(`where`(vanishes, 1, y)))
}
