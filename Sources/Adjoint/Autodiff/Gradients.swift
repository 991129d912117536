/// The gradients of `y` with respect to each of `inputs`, by one sweep back over the tape.
///
/// For a scalar `y` the result `i` is dy/dx_i; in general it is the vector-Jacobian product of
/// `cotangent`, which has the shape of `y`. An input that `y` does not depend on has gradient zero.
///
/// ```swift
/// let x = Tensor([1, 2, 3]).tracked()
/// let g = gradients(of: (x * x).sum(), withRespectTo: [x])[0]  // [2, 4, 6]
/// ```
/// - Parameters:
///   - y: a floating-point tensor; a single number unless `cotangent` is given.
///   - inputs: tensors made by `tracked()`, parameters, or intermediate results.
///   - cotangent: the gradient of what follows with respect to `y`; 1 if left out.
///   - createGraph: whether the sweep is recorded too, so that the gradients can be differentiated.
public func gradients(
  of y: Tensor, withRespectTo inputs: [Tensor], cotangent: Tensor? = nil, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  var sweep = sweep(of: y, to: inputs, cotangent, file, line)
  let seed = cotangent ?? Tensor.ones(y.shape, dtype: y.dtype)
  return Recording.$isOn.withValue(createGraph) { sweep.run(seed: seed) }
}

/// The gradients of a single number with respect to tensors of which it must depend on one at least.
package func gradients(
  of y: Tensor, withRespectToSomeOf inputs: [Tensor], file: StaticString, line: UInt
) -> [Tensor] {
  var sweep = sweep(of: y, to: inputs, nil, file, line)
  if !inputs.isEmpty && !sweep.meetsTarget {
    programmingError(
      "gradients",
      "the result depends on none of the \(inputs.count) parameters: was it computed "
        + "with another model?", file: file, line: line)
  }
  return Recording.$isOn.withValue(false) {
    sweep.run(seed: Tensor.ones(y.shape, dtype: y.dtype))
  }
}

/// The sweep from a result to inputs; stops where there is none.
private func sweep(
  of y: Tensor, to inputs: [Tensor], _ cotangent: Tensor?, _ file: StaticString, _ line: UInt
) -> Sweep {
  func fail(_ message: String) -> Never {
    programmingError("gradients", message, file: file, line: line)
  }
  if !y.dtype.isFloatingPoint {
    fail("the result is \(y.dtype) \(y.shape); only floating tensors have derivatives")
  }
  if cotangent == nil && y.elementCount != 1 {
    fail(
      "the result has shape \(y.shape); reduce it to one number with sum() or mean(), or pass a "
        + "cotangent of its shape")
  }
  if let cotangent, cotangent.shape != y.shape || cotangent.dtype != y.dtype {
    fail(
      "the cotangent is \(cotangent.dtype) \(cotangent.shape), the result \(y.dtype) \(y.shape)")
  }
  guard let root = y.node else {
    fail(
      "the result was not recorded: it depends on no tracked tensor, or recording was off, or every "
        + "way to one leads through `detached`, argMax, a comparison or a cast to integers, or "
        + "through gradients taken without createGraph: true")
  }
  let targets = inputs.enumerated().map { index, input in
    guard let node = input.node else {
      if !input.dtype.isFloatingPoint {
        fail("input \(index) is \(input.dtype) \(input.shape); it has no derivatives")
      }
      fail("input \(index) of shape \(input.shape) is not tracked; make it with tracked()")
    }
    return node
  }
  return Sweep(to: targets, from: root)
}

// MARK: Functions of tensors

/// The value of `f` at `inputs` and the gradient with respect to each of them.
///
/// `f` gives a single number. The value is detached: the graph is freed before this returns. If `f`
/// depends on variables from outside as well, directly or through `inputs`, the gradients are
/// recorded and can be differentiated again, so calls can be nested for higher derivatives.
public func valueWithGradients(
  at inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor]) {
  let wasOn = Recording.isOn
  return try Recording.$isOn.withValue(true) {
    let variables = inputs.map { $0.tracked(file: file, line: line) }
    let y = try f(variables)
    if y.elementCount != 1 || !y.dtype.isFloatingPoint {
      programmingError(
        "gradients",
        "the function gives \(y.dtype) \(y.shape); it must give one floating number"
          + (y.dtype.isFloatingPoint ? ", such as its sum() or mean()" : ""), file: file, line: line
      )
    }
    guard let root = y.node else {
      return (y, inputs.map { Tensor.zeros($0.shape, dtype: $0.dtype) })
    }
    var sweep = Sweep(to: variables.map { $0.node! }, from: root)
    let outer = wasOn && sweep.meetsOlderNodes
    let found = Recording.$isOn.withValue(outer) {
      sweep.run(seed: Tensor.ones(y.shape, dtype: y.dtype))
    }
    return (outer ? y : y.detached, found)
  }
}

/// The value of `f` at `x` and the gradient there; see the variant for several inputs.
public func valueWithGradient(
  at x: Tensor, file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Tensor) {
  let result = try valueWithGradients(at: [x], file: file, line: line) { try f($0[0]) }
  return (result.value, result.gradients[0])
}

/// The gradient of `f` at `x`.
///
/// Nested calls give higher derivatives.
///
/// ```swift
/// let third = gradient(at: x) { x in gradient(at: x) { x in gradient(at: x) { sin($0) } } }
/// ```
public func gradient(
  at x: Tensor, file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  try valueWithGradient(at: x, file: file, line: line, f).gradient
}
