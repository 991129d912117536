import Adjoint

// Rows for operations that look at axes.

extension GradientTable {
  private static func cube(
    _ name: String, _ operation: String, _ domain: Domain = .everywhere, fixed: Set<Int> = [],
    allowsEmpty: Bool = true, _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: [[2, 3, 4]], domain: domain, fixedSizes: fixed,
      allowsEmpty: allowsEmpty, function: { f($0[0]) })
  }

  /// A reduction over many sets of axes, with and without keeping them.
  ///
  /// Squared, so that order 2 has something to find in linear ones.
  private static func reduction(
    _ operation: String, named name: String, _ domain: Domain = .everywhere,
    allowsEmpty: Bool = true,
    _ f: @escaping @Sendable (_ x: Tensor, _ axes: [Int]?, _ keeping: Bool) -> Tensor
  ) -> [GradientRow] {
    let sets: [[Int]?] = [nil, [0], [1], [-1], [0, 1], [1, 2], [0, 2], [-1, 0], [0, 1, 2], []]
    return sets.flatMap { axes in
      [false, true].map { keeping in
        let over = axes.map { "axes \($0)" } ?? "everything"
        return cube(
          "\(name) over \(over)\(keeping ? ", keeping dimensions" : "")", operation, domain,
          allowsEmpty: allowsEmpty
        ) { square(f($0, axes, keeping)) }
      }
    }
  }

  static let reductions: [GradientRow] =
    reduction("sum", named: "sum") { $0.sum(axes: $1, keepingDimensions: $2) }
    + reduction("sum", named: "mean") { $0.mean(axes: $1, keepingDimensions: $2) }
    + reduction("max", named: "max", .distinct, allowsEmpty: false) {
      $0.max(axes: $1, keepingDimensions: $2)
    }
    + reduction("min", named: "min", .distinct, allowsEmpty: false) {
      $0.min(axes: $1, keepingDimensions: $2)
    }
    + reduction("exp", named: "logSumExp") {
      $0.logSumExp(axes: $1, keepingDimensions: $2)
    }

  static let shaping: [GradientRow] = [
    cube("reshaped to a matrix", "reshaped") { x in
      sin(x.reshaped([x.shape[0] * x.shape[1], x.shape[2]]))
    },
    cube("reshaped with a free size", "reshaped", allowsEmpty: false) { sin($0.reshaped(-1)) },
    cube("reshaped after a transpose", "reshaped") {
      sin($0.transposed().reshaped([$0.elementCount]))
    },
    cube("permuted in a cycle", "permuted") { sin($0.permuted(2, 0, 1)) },
    cube("permuted with negative axes", "permuted") { sin($0.permuted([-1, -3, -2])) },
    cube("transposed", "transposed") { sin($0.transposed()) * $0.transposed(-1, 1) },
    cube("transposed of two axes", "transposed") { sin($0.transposed(0, -1)) },
    cube("expandingDimension", "expandingDimension") {
      sin($0.expandingDimension(at: 1)) * $0.expandingDimension(at: -3)
    },
    cube("squeezed", "squeezed") { sin($0.expandingDimension(at: 2).squeezed(-2)) },
    GradientRow(
      name: "squeezed of an axis that was there", operations: ["squeezed"], shapes: [[1, 3, 1]],
      function: { sin($0[0].squeezed(2).squeezed(0)) }),
    GradientRow(
      name: "broadcast along new and stretched axes", operations: ["broadcast"], shapes: [[3, 1]],
      function: { sin($0[0].broadcast(to: [2, $0[0].shape[0], 4])) }),
    GradientRow(
      name: "broadcast of a single number", operations: ["broadcast"], shapes: [[]],
      function: { sin($0[0].broadcast(to: [2, 2])) }),
    GradientRow(
      name: "broadcast to nothing", operations: ["broadcast"], shapes: [[1, 3]],
      function: { sin($0[0]) + $0[0].broadcast(to: [0, $0[0].shape[1]]).sum() }),
    cube("one element of the first axis", "sliced", fixed: [2]) { sin($0[1]) * $0[-2] },
    cube("a range of the first axis", "sliced", fixed: [2]) { sin($0[1..<2]) * $0[..<1] },
    cube("sliced in the middle axis", "sliced", fixed: [3]) { sin($0.sliced(1..., axis: 1)) },
    cube("sliced in the last axis", "sliced", fixed: [4]) { sin($0.sliced(1..<3, axis: -1)) },
    cube("sliced to nothing", "sliced", fixed: [3]) { $0.sliced(2..<2, axis: 1).sum() + $0 * $0 },
    GradientRow(
      name: "overlapping slices", operations: ["sliced"], shapes: [[5]], fixedSizes: [5],
      function: { $0[0][..<4] * $0[0][1...] }),
    GradientRow(
      name: "concatenated along axis 0", operations: ["concatenated"], shapes: [[2, 3], [4, 3]],
      function: { sin(concatenated([$0[0], $0[1], $0[0]])) }),
    GradientRow(
      name: "concatenated along the last axis", operations: ["concatenated"],
      shapes: [[2, 3], [2, 3]], function: { sin(concatenated($0, axis: -1)) }),
    GradientRow(
      name: "concatenated three along the middle axis", operations: ["concatenated"],
      shapes: [[2, 3, 4], [2, 5, 4], [2, 1, 4]], function: { sin(concatenated($0, axis: 1)) }),
    GradientRow(
      name: "stacked along axis 0", operations: ["concatenated"], shapes: [[2, 3], [2, 3]],
      function: { sin(stacked($0)) }),
    GradientRow(
      name: "stacked along the last axis", operations: ["concatenated"],
      shapes: [[2, 3], [2, 3]],
      function: { sin(stacked($0, axis: -1)) }),
  ]

  static let indexing: [GradientRow] = [
    cube("gathering with repeated rows", "gathering", fixed: [2]) {
      sin($0.gathering(Tensor([1, 0, 1, 1] as [Int])))
    },
    cube("gathering along the middle axis", "gathering", fixed: [3]) {
      sin($0.gathering(Tensor([2, 2] as [Int32]), axis: 1))
    },
    cube("gathering along the last axis", "gathering", fixed: [4]) {
      sin($0.gathering(Tensor([3, 0, 3] as [UInt8]), axis: -1))
    },
    cube("gathering nothing", "gathering") { $0.gathering(Tensor([] as [Int])).sum() + $0 * $0 },
  ]

  private static func product(
    _ name: String, _ a: Shape, _ b: Shape,
    _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor = { matmul($0, $1) }
  ) -> GradientRow {
    GradientRow(
      name: "matmul \(name)", operations: ["matmul"], shapes: [a, b],
      function: { f($0[0], $0[1]) })
  }

  static let products: [GradientRow] = [
    product("of matrices", [2, 3], [3, 4]),
    product("of square matrices", [3, 3], [3, 3]),
    product("of two vectors", [4], [4]),
    product("of vector and matrix", [3], [3, 4]),
    product("of matrix and vector", [2, 3], [3]),
    product("of batches", [5, 2, 3], [5, 3, 4]),
    product("of a batch and a matrix", [5, 2, 3], [3, 4]),
    product("of a matrix and a batch", [2, 3], [5, 3, 4]),
    product("of a vector and a batch", [3], [5, 3, 4]),
    product("of a batch and a vector", [5, 2, 3], [3]),
    product("of batches that broadcast", [2, 1, 3, 4], [5, 4, 1]),
    product("of two batch axes", [2, 5, 1, 3], [2, 5, 3, 4]),
    product("of transposed operands", [3, 2], [4, 3]) { matmul($0.transposed(), $1.transposed()) },
    product("with a transposed right operand", [2, 3], [4, 3]) { matmul($0, $1.transposed()) },
    product("with a transposed left operand", [3, 2], [3, 4]) { matmul($0.transposed(), $1) },
    product("of transposed batches", [5, 3, 2], [5, 4, 3]) {
      matmul($0.transposed(), $1.transposed())
    },
    product("with the batch axis inside", [2, 5, 3], [3, 5, 4]) {
      matmul($0.transposed(0, 1), $1.transposed(0, 1))
    },
    product("of slices", [4, 3], [3, 4]) {
      matmul($0.asSlicedColumns, $1.asSlicedColumns)
    },
    product("followed by its transpose", [2, 3], [3, 4]) { a, b in
      let c = matmul(a, b)
      return matmul(c, c.transposed())
    },
  ]

  static let rowwise: [GradientRow] =
    [0, 1, 2].flatMap { axis in
      [
        cube("softmax along axis \(axis)", "softmax") { softmax($0, axis: axis) },
        cube("softmax along axis \(axis - 3)", "softmax") { softmax($0, axis: axis - 3) },
        cube("logSoftmax along axis \(axis)", "logSoftmax") { logSoftmax($0, axis: axis) },
      ]
    } + [
      GradientRow(
        name: "softmaxCrossEntropy with integer labels", operations: ["softmaxCrossEntropy"],
        shapes: [[4, 3]], fixedSizes: [3, 4],
        function: { softmaxCrossEntropy(logits: $0[0], labels: Tensor([2, 0, 1, 2] as [Int])) }),
      GradientRow(
        name: "softmaxCrossEntropy with probabilities", operations: ["softmaxCrossEntropy"],
        shapes: [[4, 3], [4, 3]], domain: .first(.everywhere, others: .positive),
        function: { softmaxCrossEntropy(logits: $0[0], labels: $0[1]) }),
    ]
}

extension Tensor {
  /// The same matrix as the middle columns of a wider one.
  fileprivate var asSlicedColumns: Tensor {
    concatenated([self, self * self, self], axis: 1)
      .sliced(shape[1]..<2 * shape[1], axis: 1)
  }
}
