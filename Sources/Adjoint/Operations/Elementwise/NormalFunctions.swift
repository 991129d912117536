// The distribution function of the standard normal distribution, its logarithm and its inverse.

/// The probability that a standard normal number is at most x: SciPy's and PyTorch's `ndtr`.
///
/// `erfc(-x / sqrt(2)) / 2`, accurate in the left tail.
public func normalCDF(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("normalCDF", x, file, line)
  return 0.5 * erfc(-0.7071067811865476 * x)
}

/// The logarithm of `normalCDF`, accurate in both tails: `log_ndtr`.
///
/// Far to the left log(density(x) / -x) and an asymptotic series (Abramowitz and Stegun, 26.2.12);
/// to the right log1p(-normalCDF(-x)).
public func logNormalCDF(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("logNormalCDF", x, file, line)
  let isFar = x .< -10
  let isLeft = x .< -1
  let far = `where`(isFar, x, -10)
  let s = 1 / square(far)
  // 1 - s + 3 s^2 - 15 s^3 ..., less the 1.
  var series = -25 * s
  for k in (0..<12).reversed() {
    let factor = Double(-2 * k - 1)
    series = s * factor * (1 + series)
  }
  let density = 0.5 * square(far) + 0.9189385332046727
  let tail = log1p(series) - log(-far) - density
  let isBetween = isLeft .& .!isFar
  let left = log(0.5 * erfc(-0.7071067811865476 * `where`(isBetween, x, -1)))
  let right = log1p(-0.5 * erfc(0.7071067811865476 * `where`(isLeft, 0, x)))
  return `where`(isFar, tail, `where`(isLeft, left, right))
}

/// The number that a standard normal one does not exceed with probability `p`.
///
/// It is the inverse of `normalCDF`, SciPy's `ndtri`.
///
/// Infinite at 0 and 1, NaN beyond. Near 1 it is only as good as the distance of `p` from 1.
public func normalQuantile(
  _ p: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("normalQuantile", p, file, line)
  let value = p.detached
  let smaller = minimum(value, 1 - value)
  let isTail = (smaller .> 0) .& (smaller .< 0.024)
  let tail = tailQuantile(`where`(isTail, smaller, 0.02))
  let center = 1.4142135623730951 * erfinv(2 * value - 1)
  return `where`(isTail, `where`(value .< 0.5, tail, -tail), center)
    .recorded(
      "normalQuantile", p,
      .gradientAndOutput { g, y in g * (2.5066282746310002 * exp(0.5 * square(y))) })
}

/// The quantile of a probability below 0.024: Acklam's rational function, good to 1e-9, and a step
/// of Newton's method for the logarithm, which no small probability can leave.
private func tailQuantile(_ p: Tensor) -> Tensor {
  let numerator: [Double] = [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783,
  ]
  let denominator: [Double] = [
    7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1,
  ]
  let logarithm = log(p)
  let q = sqrt(-2 * logarithm)
  func polynomial(_ coefficients: [Double]) -> Tensor {
    var sum = Tensor(coefficients[0], dtype: p.dtype)
    for coefficient in coefficients.dropFirst() { sum = sum * q + coefficient }
    return sum
  }
  let x = polynomial(numerator) / polynomial(denominator)
  let level = logNormalCDF(x)
  let density = -0.5 * square(x) - 0.9189385332046727
  let slope = exp(density - level)
  return x - (level - logarithm) / slope
}
