import CAdjoint

// Activation functions of neural networks. Most are formulas of other operations, computed in one
// pass; the branch of a `where` that is not taken gets a harmless argument, because an infinite
// value there would spoil the gradient.

/// The rectifier max(x, 0) of each element; NaN stays.
///
/// The derivative at 0 is 0.
public func relu(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("relu", ADJ_RELU, x, file, line, dx: { `where`(x .<= 0, 0, $0) })
}

/// The logistic function 1 / (1 + e^-x) of each element, accurate in both tails.
public func sigmoid(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("sigmoid", ADJ_SIGMOID, x, file, line, dx: { g, y in g * (y * (1 - y)) })
}

/// log(1 / (1 + e^-x)) of each element, without overflow: x for very negative x.
public func logSigmoid(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  -softplus(-x, file: file, line: line)
}

/// log(1 + e^x) of each element, without overflow: x for large x.
public func softplus(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  unary("softplus", ADJ_SOFTPLUS, x, file, line, dx: { $0 * sigmoid(x) })
}

/// x for positive elements, slope times x for others.
///
/// The derivative at 0 is the slope.
public func leakyReLU(
  _ x: Tensor, slope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("leakyReLU", x, file, line)
  return `where`(x .> 0, x, slope * x)
}

/// x for positive elements, alpha (e^x - 1) for others.
///
/// The derivative at 0 is alpha. Clevert, Unterthiner, Hochreiter: ELUs, ICLR 2016.
public func elu(
  _ x: Tensor, alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("elu", x, file, line)
  let isPositive = x .> 0
  return `where`(isPositive, x, alpha * expm1(`where`(isPositive, 0, x)))
}

/// The exponential linear unit with slope 1 at 0 for every alpha.
///
/// `alpha (e^(x/alpha) - 1)` for negative elements, the others as they are.
///
/// Barron: Continuously differentiable exponential linear units, 2017.
public func celu(
  _ x: Tensor, alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("celu", x, file, line)
  if !(alpha > 0) {
    programmingError("celu", "alpha must be positive, not \(alpha)", file: file, line: line)
  }
  let isPositive = x .> 0
  return `where`(isPositive, x, alpha * expm1(`where`(isPositive, 0, x) / alpha))
}

/// The scaled exponential linear unit, which keeps mean 0 and variance 1 from layer to layer.
///
/// Klambauer et al.: Self-normalizing neural networks, NeurIPS 2017.
public func selu(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("selu", x, file, line)
  return 1.0507009873554804934 * elu(x, alpha: 1.6732632423543772848)
}

/// x times the normal distribution function of x, accurate for negative x too.
///
/// With `approximate` 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), within 0.0005 of it.
/// Hendrycks, Gimpel: Gaussian error linear units, 2016.
public func gelu(
  _ x: Tensor, approximate: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("gelu", x, file, line)
  if approximate {
    return 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
  }
  return 0.5 * x * erfc(-0.7071067811865476 * x)
}

/// x sigmoid(x) of each element, also known as swish.
public func silu(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  x * sigmoid(x, file: file, line: line)
}

/// x tanh(softplus(x)) of each element.
///
/// Misra: Mish, a self regularized non-monotonic activation function, BMVC 2020.
public func mish(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("mish", x, file, line)
  return x * tanh(softplus(x))
}

/// x / (1 + |x|) of each element.
public func softsign(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
  checkFloating("softsign", x, file, line)
  return x / (1 + abs(x))
}

/// The first half of an axis times the sigmoid of the second, a gated linear unit.
///
/// Shapes: `[..., 2 n, ...]` gives `[..., n, ...]`.
///
/// Dauphin et al.: Language modeling with gated convolutional networks, ICML 2017.
public func glu(
  _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("glu", x, file, line)
  guard let at = x.shape.normalized(axis: axis) else {
    programmingError(
      "glu", "axis \(axis) is out of range for shape \(x.shape)", file: file, line: line)
  }
  let size = x.shape[at]
  if size % 2 != 0 {
    programmingError(
      "glu", "axis \(axis) of shape \(x.shape) has the odd size \(size): it has no halves",
      file: file, line: line)
  }
  return x.sliced(..<(size / 2), axis: at) * sigmoid(x.sliced((size / 2)..., axis: at))
}
