/// The result of `forward(inputs)`, with the derivative that `gradients` gives.
///
/// The rules of the operations inside are not used.
///
/// For derivatives that the rules cannot know, or compute badly: iterations whose derivative is that
/// of their limit, gradients changed on purpose, formulas that cancel. `gradients` gets the gradient
/// of the result, the inputs and the result, and gives one tensor of the input's shape and dtype for
/// each input, or nil for zero.
///
/// ```swift
/// /// log(1 + e^x); the rule of the formula would give infinity / infinity for large x.
/// func log1pExp(_ x: Tensor) -> Tensor {
///   withCustomDerivative(at: [x]) {
///     log(1 + exp($0[0]))
///   } gradients: { g, x, _ in
///     [g * sigmoid(x[0])]
///   }
/// }
/// ```
///
/// - `forward` is not recorded: what it captures is constant. A captured tensor that is tracked stops
///   the program; pass it as an input, or `detached`.
/// - `gradients` uses its arguments and tensor functions, so that derivatives have derivatives. For
///   `jvp` it must be linear in the gradient, as derivatives are.
/// - `checkGradients` compares it with differences of `forward`, at orders 1 and 2.
public func withCustomDerivative(
  at inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ forward: ([Tensor]) throws -> Tensor,
  gradients rule: @escaping (_ gradient: Tensor, _ inputs: [Tensor], _ output: Tensor) -> [Tensor?]
) rethrows -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("withCustomDerivative", message, file: file, line: line)
  }
  let result = try forward(inputs.map(\.detached))
  if result.isTracked {
    fail("`forward` captures a tracked tensor; pass it as an input, or detached if it is constant")
  }
  guard Recording.isOn, inputs.contains(where: \.isTracked) else { return result }
  if !result.dtype.isFloatingPoint {
    fail("`forward` gives \(result.dtype) \(result.shape); only floating tensors have derivatives")
  }
  let joint = { (g: Tensor, y: Tensor?) -> [Tensor] in
    let found = rule(g, inputs, y!)
    if found.count != inputs.count {
      fail("`gradients` gives \(found.count) tensors for \(inputs.count) inputs")
    }
    return zip(found, inputs).enumerated().map { index, pair in
      let (gradient, input) = pair
      if let gradient, gradient.shape != input.shape || gradient.dtype != input.dtype {
        fail(
          "`gradients` gives \(gradient.dtype) \(gradient.shape) for input \(index) of "
            + "\(input.dtype) \(input.shape)")
      }
      return gradient ?? Tensor.zeros(input.shape, dtype: input.dtype)
    }
  }
  let edges = inputs.enumerated().compactMap { index, input in
    input.node.map { Node.Edge(source: $0, rule: .joint(joint, index: index)) }
  }
  let node = Node("withCustomDerivative", result.payload, others: edges, keepingOutput: true)
  return Tensor(result.payload, node: node)
}
