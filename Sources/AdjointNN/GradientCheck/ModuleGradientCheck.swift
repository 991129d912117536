import Adjoint

/// Compares the derivatives of any model with central differences, in double precision.
///
/// For the duration all parameters and floating buffers are `float64`; afterwards they are what they
/// were. Derivatives are taken with respect to every input and every parameter that is not frozen,
/// which the report names by its path.
/// Everything random in `function` draws the same numbers each time, so that dropout is a function.
///
/// ```swift
/// let report = checkGradients(of: model, inputs: [x]) { inputs in
///   softmaxCrossEntropy(logits: model(inputs[0]), labels: y)
/// }
/// ```
/// - Parameters:
///   - module: the model.
///   - inputs: `function` gets floating ones as `float64`, and integers, such as tokens, as they are.
///   - orders: 1 for gradients, 2 for gradients of gradients.
///   - absolute: the tolerance near zero.
///   - relative: the tolerance in proportion to the derivative.
///   - seed: the seed of the cotangents and of everything random in `function`.
///   - function: a loss, or a result of any shape; it must be smooth around the inputs.
public func checkGradients(
  of module: some Module, inputs: [Tensor], orders: ClosedRange<Int> = 1...2,
  absolute: Double = 1e-6, relative: Double = 1e-5, seed: UInt64 = 1,
  file: StaticString = #fileID, line: UInt = #line, loss function: ([Tensor]) -> Tensor
) -> GradientReport {
  let named = module.namedParameters.filter { !$0.parameter.isFrozen }
  let frozen = module.parameters.filter(\.isFrozen)
  let buffers = module.namedBuffers.map(\.buffer).filter(\.dtype.isFloatingPoint)
  let originals = named.map(\.parameter.value)
  let constants = frozen.map(\.value)
  let states = buffers.map(\.value)
  func restore(_ dtype: DType?) {
    for (parameter, value) in zip(frozen, constants) {
      parameter.substitute(dtype.map(value.cast(to:)) ?? value)
    }
    for (buffer, value) in zip(buffers, states) {
      buffer.substitute(dtype.map(value.cast(to:)) ?? value)
    }
  }
  defer {
    for (entry, value) in zip(named, originals) { entry.parameter.substitute(value) }
    restore(nil)
  }
  return checkGradients(
    of: { point in
      // Running statistics start from the same values each time, so that the result is a function.
      restore(.float64)
      var floating = point[...]
      let all = inputs.map { $0.dtype.isFloatingPoint ? floating.removeFirst() : $0 }
      for (entry, value) in zip(named, floating) { entry.parameter.substitute(value) }
      return withGenerator(seed: seed) { function(all) }
    }, at: inputs.filter(\.dtype.isFloatingPoint) + originals,
    names: inputs.indices.filter { inputs[$0].dtype.isFloatingPoint }.map { "input \($0)" }
      + named.map(\.name), orders: orders,
    absolute: absolute, relative: relative, seed: seed, file: file, line: line)
}

/// Compares the derivatives of a layer's result with central differences.
///
/// See the variant for any module.
public func checkGradients(
  of layer: some Layer, input: Tensor, orders: ClosedRange<Int> = 1...2, absolute: Double = 1e-6,
  relative: Double = 1e-5, seed: UInt64 = 1, file: StaticString = #fileID, line: UInt = #line
) -> GradientReport {
  checkGradients(
    of: layer, inputs: [input], orders: orders, absolute: absolute, relative: relative, seed: seed,
    file: file, line: line
  ) { layer($0[0], file: file, line: line) }
}
