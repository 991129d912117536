// Products with the Jacobian J of a function, which is never formed. Each costs a few evaluations of
// the function, however many inputs and results it has.

// MARK: Reverse

/// The value of `f` at `inputs`, and its pullback: products with the Jacobians.
///
/// The pullback maps a cotangent of the value to one product for each input.
///
/// The pullback takes a tensor of the value's shape and dtype. It can be called any number of times;
/// each call is one sweep over the graph, which lives as long as the pullback.
///
/// ```swift
/// let (y, pullback) = vjp(at: [a, b]) { matmul($0[0], $0[1]) }
/// let gradients = pullback(Tensor.ones(y.shape))
/// ```
///
/// The value is detached, and the products are not recorded, unless `f` depends on variables from
/// outside, directly or through `inputs`: then both can be differentiated. So can the products with
/// respect to the cotangent, if it is tracked.
public func vjp(
  at inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, pullback: (_ cotangent: Tensor) -> [Tensor]) {
  let map = try Linearization("vjp", at: inputs, file, line, f)
  let pullback = { (cotangent: Tensor) in
    if cotangent.shape != map.output.shape || cotangent.dtype != map.output.dtype {
      programmingError(
        "vjp",
        "the cotangent is \(cotangent.dtype) \(cotangent.shape), the value "
          + "\(map.output.dtype) \(map.output.shape)", file: file, line: line)
    }
    return map.pulledBack(cotangent)
  }
  return (map.value, pullback)
}

/// The value of `f` at `x` and its pullback; see the variant for several inputs.
public func vjp(
  at x: Tensor, file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, pullback: (_ cotangent: Tensor) -> Tensor) {
  let (value, pullback) = try vjp(at: [x], file: file, line: line) { try f($0[0]) }
  return (value, { pullback($0)[0] })
}

// MARK: Forward

/// The value of `f` at `inputs`, and its derivative in the direction of `tangents`.
///
/// The derivative is the sum of the Jacobians times the tangents.
///
/// Tangents have the shapes and dtypes of the inputs.
///
/// ```swift
/// let (y, slope) = jvp(at: [x], tangents: [v]) { sin($0[0]) }  // slope is cos(x) * v
/// ```
///
/// There is no second set of rules: the pullback is linear in its cotangent, and the pullback of the
/// pullback is the product with the Jacobian. It costs about three gradients (docs/derivatives.md).
/// As in `vjp`, value and derivative can be differentiated where variables from outside are involved.
public func jvp(
  at inputs: [Tensor], tangents: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, tangent: Tensor) {
  checkLike(inputs, tangents, "jvp", "tangent", file, line)
  let map = try Linearization("jvp", at: inputs, file, line, f)
  return (map.value, map.pushedForward(tangents))
}

/// The value of `f` at `x` and its derivative along `tangent`; see the variant for several inputs.
public func jvp(
  at x: Tensor, tangent: Tensor, file: StaticString = #fileID, line: UInt = #line,
  _ f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, tangent: Tensor) {
  try jvp(at: [x], tangents: [tangent], file: file, line: line) { try f($0[0]) }
}

/// Stops the program unless each of `vectors` has the shape and dtype of its input.
func checkLike(
  _ inputs: [Tensor], _ vectors: [Tensor], _ name: String, _ what: String, _ file: StaticString,
  _ line: UInt
) {
  if inputs.count != vectors.count {
    programmingError(
      name, "\(vectors.count) \(what)s for \(inputs.count) inputs", file: file, line: line)
  }
  for (index, (input, vector)) in zip(inputs, vectors).enumerated()
  where input.shape != vector.shape || input.dtype != vector.dtype {
    programmingError(
      name,
      "\(what) \(index) is \(vector.dtype) \(vector.shape), its input \(input.dtype) "
        + "\(input.shape)", file: file, line: line)
  }
}
