// Second derivatives of a function that gives a single number.

/// The Hessian of `f` at several inputs, a block for each pair of them.
///
/// Block `[i][j]` holds the second derivatives by the elements of input `i` and of input `j`.
///
/// Shapes: block `[i][j]` has the shape of input `i` followed by that of input `j`. It costs one
/// backward sweep over the graph of the gradient for each element of the inputs; products with the
/// Hessian need only one: see
/// ``hessianVectorProduct(at:vectors:file:line:_:)``.
public func hessian(
  at inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> [[Tensor]] {
  func fail(_ message: String) -> Never {
    programmingError("hessian", message, file: file, line: line)
  }
  guard let first = inputs.first else { return [] }
  for input in inputs {
    if input.dtype != first.dtype {
      fail("inputs are \(first.dtype) and \(input.dtype); give all the same dtype")
    }
    if input.rank > Shape.maximumRank / 2 {
      fail("of an input \(input.shape) has more than \(Shape.maximumRank) axes; reshape the input")
    }
  }
  // The gradients as one vector: its Jacobians are columns of blocks.
  let stripes = try jacobian(at: inputs, file: file, line: line) { x in
    let found = try valueWithGradients(at: x, file: file, line: line, f).gradients
    return concatenated(found.map { $0.reshaped([$0.elementCount]) })
  }
  var start = 0
  return inputs.map { input in
    defer { start += input.elementCount }
    return zip(inputs, stripes).map { other, stripe in
      stripe.sliced(start..<start + input.elementCount, axis: 0)
        .reshaped(Shape(unchecked: Array(input.shape) + Array(other.shape)))
    }
  }
}

/// The Hessian of `f` at `x`: the shape of `x` twice; see the variant for several inputs.
public func hessian(
  at x: Tensor, file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  try hessian(at: [x], file: file, line: line) { try f($0[0]) }[0][0]
}

/// The Hessian of `f` at `inputs` times `vectors`, which have the inputs' shapes and dtypes.
///
/// The Hessian is not formed: the product is the gradient of the gradient's inner product with the
/// vectors, and costs about as much as a few gradients. For many products at one point use
/// `vjp(at: x) { gradient(at: $0, f) }`, whose pullback is this product without a new evaluation.
public func hessianVectorProduct(
  at inputs: [Tensor], vectors: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> [Tensor] {
  checkLike(inputs, vectors, "hessianVectorProduct", "vector", file, line)
  let slope = try Linearization("hessianVectorProduct", at: inputs, file, line) { x in
    let found = try valueWithGradients(at: x, file: file, line: line, f).gradients
    return innerProduct("hessianVectorProduct", found, vectors)
  }
  return slope.pulledBack(Tensor.ones([]))
}

/// The Hessian of `f` at `x` times `vector`; see the variant for several inputs.
public func hessianVectorProduct(
  at x: Tensor, vector: Tensor, file: StaticString = #fileID, line: UInt = #line,
  _ f: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  try hessianVectorProduct(at: [x], vectors: [vector], file: file, line: line) { try f($0[0]) }[0]
}
