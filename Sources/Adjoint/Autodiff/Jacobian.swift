/// The Jacobians of `f` at `inputs`: all derivatives of all elements of its result.
///
/// Shapes: a result `[m]` and an input `[n]` give `[m, n]`; in general the result's shape is followed
/// by the input's, together at most 8 axes.
///
/// Row by row, at the cost of one backward sweep for each element of the result; or, where inputs
/// together have less than half the elements of the result, column by column. Products with a Jacobian need
/// only one sweep: see `vjp` and `jvp`.
public func jacobian(
  at inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> [Tensor] {
  let map = try Linearization("jacobian", at: inputs, file, line, f)
  let output = map.output
  for input in inputs where output.rank + input.rank > Shape.maximumRank {
    programmingError(
      "jacobian",
      "of a result \(output.shape) for an input \(input.shape) has more than "
        + "\(Shape.maximumRank) axes; reshape one of them in the function", file: file, line: line)
  }
  let columns = inputs.reduce(0) { $0 &+ $1.elementCount }
  // A column costs about what a row does, after one sweep more at the start.
  let isTall = output.elementCount / 2 > columns
  let rows = isTall ? [] : basis(of: output).map { map.pulledBack($0) }
  return inputs.enumerated().map { index, input in
    let shape = Shape(unchecked: Array(output.shape) + Array(input.shape))
    if shape.elementCount == 0 { return Tensor.zeros(shape, dtype: input.dtype) }
    if !isTall { return stacked(rows.map { $0[index] }).reshaped(shape) }
    let columns = stacked(map.columns(of: index, basis(of: input)))
    return columns.reshaped([input.elementCount, output.elementCount]).transposed()
      .reshaped(shape).cast(to: input.dtype)
  }
}

/// The Jacobian of `f` at `x`; see the variant for several inputs.
public func jacobian(
  at x: Tensor, file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  try jacobian(at: [x], file: file, line: line) { try f($0[0]) }[0]
}

/// Tensors like `x` with a single 1 and zeros, one for each place, made when they are asked for.
private func basis(of x: Tensor) -> some Sequence<Tensor> {
  let places = Tensor.arange(x.elementCount)
  return (0..<x.elementCount).lazy.map { [shape = x.shape, dtype = x.dtype] place in
    (places .== Tensor(integerLiteral: place)).cast(to: dtype).reshaped(shape)
  }
}
