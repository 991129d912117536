import CAdjoint

// The error functions, the gamma function and expressions that need care near 0.

/// The error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.
public func erf(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("erf", ADJ_ERF, x, file, line, dx: { $0 * (1.1283791670955126 * exp(-(x * x))) })
}

/// 1 - erf(x) of each element, accurate where erf(x) is near 1.
public func erfc(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("erfc", ADJ_ERFC, x, file, line, dx: { $0 * (-1.1283791670955126 * exp(-(x * x))) })
}

/// The inverse of `erf`; infinite at -1 and 1, NaN beyond.
public func erfinv(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("erfinv", ADJ_ERFINV, x, file, line, dx: { g, y in g * (0.886226925452758 * exp(y * y)) })
}

/// The logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, ...
public func lgamma(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("lgamma", ADJ_LGAMMA, x, file, line, dx: { $0 * digamma(x) })
}

/// The derivative of `lgamma`.
///
/// Minus infinity at 0, infinity at -0, NaN at -1, -2, ...
public func digamma(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("digamma", ADJ_DIGAMMA, x, file, line, dx: { $0 * derivativeOfDigamma(1, x) })
}

/// The derivative number `n` of `digamma`, for `n` from 0 to 100.
///
/// At 0, -1, -2, ... infinity where `n` is odd, minus infinity where it is even.
public func polygamma(
  _ n: Int, _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("polygamma", x, file, line)
  if n < 0 || n > 100 {
    programmingError(
      "polygamma", "the order must be in 0 ... 100, not \(n)", file: file, line: line)
  }
  return n == 0 ? digamma(x) : derivativeOfDigamma(n, x)
}

private func derivativeOfDigamma(_ n: Int, _ x: Tensor) -> Tensor {
  // The first derivative is wanted wherever `lgamma` is differentiated twice, so it is a vector
  // instruction of its own; the others are sums.
  let payload =
    if n == 1 {
      pointwise(ADJ_TRIGAMMA, shape: x.shape, dtype: x.dtype, x.payload)
    } else {
      pointwise(
        ADJ_POLYGAMMA, shape: x.shape, dtype: x.dtype, x.payload,
        Payload(filledWith: Double(n), shape: [], dtype: x.dtype))
    }
  return Tensor(payload).recorded("polygamma", x) { $0 * derivativeOfDigamma(n + 1, x) }
}

/// sin(pi x) / (pi x) of each element, 1 at 0.
public func sinc(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("sinc", x, file, line)
  let isNear = abs(x.detached) .< 0.2
  // A Taylor polynomial, because the derivatives of the quotient cancel near 0.
  let angle = `where`(isNear, x, 0) * Double.pi
  let square = angle * angle
  var near = Tensor(1, dtype: x.dtype)
  for factors in [272.0, 210, 156, 110, 72, 42, 20, 6] {
    let share: Double = 1 / factors
    near = 1 - square * near * share
  }
  let far = `where`(isNear, 1, x) * Double.pi
  return `where`(isNear, near, sin(far) / far)
}

/// x log(y), and 0 where `x` is 0, even for `y` = 0 or infinity; NaN where `y` is.
///
/// The derivatives are 0 where `x` is 0 and log(y) is not finite.
public func xlogy(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, y) = matched("xlogy", x, y, file, line)
  checkFloating("xlogy", x, file, line)
  broadcastShape("xlogy", x, y, file, line)
  let vanishes = (x .== 0) .& ((y .<= 0) .| isInfinite(y))
  return `where`(vanishes, 0, x * log(`where`(vanishes, 1, y)))
}

/// x log(1 + y), and 0 where `x` is 0, even for `y` = -1 or infinity; NaN where `y` is.
///
/// The derivatives are 0 where `x` is 0 and log(1 + y) is not finite.
public func xlog1py(
  _ x: Tensor, _ y: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (x, y) = matched("xlog1py", x, y, file, line)
  checkFloating("xlog1py", x, file, line)
  broadcastShape("xlog1py", x, y, file, line)
  let vanishes = (x .== 0) .& ((y .<= -1) .| isInfinite(y))
  return `where`(vanishes, 0, x * log1p(`where`(vanishes, 1, y)))
}

/// log(e^a + e^b) of two elements, without overflow.
public func logAddExp(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("logAddExp", a, b, file, line)
  checkFloating("logAddExp", a, file, line)
  broadcastShape("logAddExp", a, b, file, line)
  let (x, y) = (a.detached, b.detached)
  let larger = maximum(x, y, file: file, line: line)
  // Equal infinities have no difference.
  let distance = `where`(x .== y, 0, abs(x - y))
  return (larger + softplus(-distance)).recorded(
    "logAddExp", a, .gradient { $0 * sigmoid(a - b) }, b, .gradient { $0 * sigmoid(b - a) })
}

/// The inverse of `sigmoid`: log(x / (1 - x)) of each element, NaN outside [0, 1].
///
/// The derivatives at 0 and 1 are infinite.
public func logit(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("logit", x, file, line)
  let value = x.detached
  return log(value / (1 - value)).recorded("logit", x) { $0 / (x * (1 - x)) }
}

/// log2(2^a + 2^b) of two elements, without overflow.
public func logAddExp2(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = matched("logAddExp2", a, b, file, line)
  checkFloating("logAddExp2", a, file, line)
  broadcastShape("logAddExp2", a, b, file, line)
  let (x, y) = (a.detached, b.detached)
  // Equal infinities have no difference.
  let distance = `where`(x .== y, 0, abs(x - y)) * 0.6931471805599453
  return (maximum(x, y) + softplus(-distance) * 1.4426950408889634).recorded(
    "logAddExp2", a, .gradient { $0 * sigmoid((a - b) * 0.6931471805599453) }, b,
    .gradient { $0 * sigmoid((b - a) * 0.6931471805599453) })
}

/// -x log(x) of each element: 0 at 0, minus infinity below.
///
/// The derivative at 0 and below is 0, as that of `xlogy`.
public func entr(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("entr", x, file, line)
  let isNegative = x .< 0
  let inside = `where`(isNegative, 1, x)
  return `where`(isNegative, Tensor(floatLiteral: -.infinity), -xlogy(inside, inside))
}

/// The logarithm of the multivariate gamma function of a dimension p.
///
/// `p (p - 1) / 4 log(pi)` plus the sum of `lgamma(x - j / 2)` for j from 0 to p - 1
///
/// NaN where `x` is not above (p - 1) / 2.
public func multigammaln(
  _ x: Tensor, dimension p: Int, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("multigammaln", x, file, line)
  if !(1...1000).contains(p) {
    programmingError(
      "multigammaln", "the dimension must be in 1 ... 1000, not \(p)", file: file, line: line)
  }
  let bound: Double = 0.5 * Double(p - 1)
  let isInside = x .> Tensor(floatLiteral: bound)
  let inside = `where`(isInside, x, Tensor(floatLiteral: Double(p)))
  var sum = lgamma(inside)
  for j in 1..<p {
    let shift: Double = 0.5 * Double(j)
    sum = sum + lgamma(inside - shift)
  }
  let constant: Double = Double(p * (p - 1)) * 0.28618247146235004
  return `where`(isInside, sum + constant, Tensor(floatLiteral: .nan))
}
