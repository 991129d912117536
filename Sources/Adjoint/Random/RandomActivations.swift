// Activations that draw random numbers while a network is trained.

/// x for positive elements, x times a slope drawn for each element for others.
///
/// Slopes are uniform in `slopes`. For inference use `leakyReLU` with their mean, (1/8 + 1/3) / 2.
///
/// Source: Xu et al., "Empirical evaluation of rectified activations", 2015.
public func rrelu(
  _ x: Tensor, slopes: ClosedRange<Double> = 0.125...1 / 3, using generator: inout Generator,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("rrelu", x, file, line)
  let drawn = Tensor.uniform(x.shape, in: slopes, dtype: x.dtype, using: &generator)
  return `where`(x .> 0, x, drawn * x)
}

/// A randomized leaky rectifier with the scoped default generator; see the variant that takes one.
public func rrelu(
  _ x: Tensor, slopes: ClosedRange<Double> = 0.125...1 / 3, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  Generator.current.draw { rrelu(x, slopes: slopes, using: &$0, file: file, line: line) }
}

/// A differentiable draw from the categories along an axis.
///
/// `softmax((logits + Gumbel noise) / temperature)`
///
/// The lower the temperature, the closer to one category. With `hard` the result is exactly one 1
/// among zeros, and the derivative is still that of the softmax ("straight through").
///
/// Source: Jang, Gu, Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017.
public func gumbelSoftmax(
  _ logits: Tensor, temperature: Double = 1, hard: Bool = false, axis: Int = -1,
  using generator: inout Generator, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("gumbelSoftmax", logits, file, line)
  if !(temperature > 0) {
    programmingError(
      "gumbelSoftmax", "the temperature must be positive, not \(temperature)", file: file,
      line: line)
  }
  let at = logits.checkedAxis(axis, "gumbelSoftmax", file, line)
  let noise = -log(exponentialNoise(logits.shape, logits.dtype, using: &generator))
  let soft = softmax((logits + noise) / temperature, axis: at)
  if !hard || logits.shape[at] == 0 { return soft }
  var sizes = Shape(repeating: 1, count: logits.rank)
  sizes[at] = logits.shape[at]
  let place = Tensor.arange(logits.shape[at]).reshaped(sizes)
  let isChosen = place .== soft.detached.argMax(axis: at, keepingDimensions: true)
  // The difference is 0; it only carries the derivative.
  return isChosen.cast(to: logits.dtype) + (soft - soft.detached)
}

/// A differentiable draw with the scoped default generator; see the variant that takes one.
public func gumbelSoftmax(
  _ logits: Tensor, temperature: Double = 1, hard: Bool = false, axis: Int = -1,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  Generator.current.draw {
    gumbelSoftmax(
      logits, temperature: temperature, hard: hard, axis: axis, using: &$0, file: file, line: line)
  }
}
