/// The gradients of `f` with respect to `inputs` for every example of a batch on its own.
///
/// `f` gives a single number for one example. An example is the entry at one index of the first axis
/// of each tensor in `batch`, without that axis.
///
/// ```swift
/// // The gradients of each example's squared error, as for clipping them one by one.
/// let g = perExampleGradients(at: [w], batch: [x, y]) { inputs, example in
///   square(matmul(example[0], inputs[0]) - example[1]).sum()
/// }
/// ```
///
/// Shapes: an input `[a, b]` and a batch of `n` examples give `[n, a, b]`.
///
/// Every example is a forward and a backward pass: as much arithmetic as for the whole batch, but in
/// `n` small pieces. Where `f` is made of batched operations, `docs/derivatives.md` shows how one
/// pass gives the same.
public func perExampleGradients(
  at inputs: [Tensor], batch: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: (_ inputs: [Tensor], _ example: [Tensor]) throws -> Tensor
) rethrows -> [Tensor] {
  func fail(_ message: String) -> Never {
    programmingError("perExampleGradients", message, file: file, line: line)
  }
  guard let first = batch.first else { fail("the batch has no tensors") }
  for (index, tensor) in batch.enumerated() {
    if tensor.rank == 0 { fail("tensor \(index) of the batch is a single number") }
    if tensor.shape[0] != first.shape[0] {
      fail(
        "the batch has \(first.shape[0]) examples in tensor 0, \(tensor.shape) in tensor \(index)")
    }
  }
  let examples = try (0..<first.shape[0]).map { example in
    try valueWithGradients(at: inputs, file: file, line: line) { x in
      try f(x, batch.map { $0[example] })
    }.gradients
  }
  return inputs.enumerated().map { index, input in
    examples.isEmpty
      ? Tensor.zeros(Shape([0] + Array(input.shape)), dtype: input.dtype)
      : stacked(examples.map { $0[index] }, file: file, line: line)
  }
}
