import Adjoint

// Rows for transforms of functions: their results are differentiated as any others.

extension GradientTable {
  private static func pair(
    _ name: String, _ operation: String, shapes: [Shape] = [[2, 3], [2, 3]],
    allowsEmpty: Bool = true, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: shapes, allowsEmpty: allowsEmpty,
      function: { f($0[0], $0[1]) })
  }

  static let transforms: [GradientRow] = [
    // The rules of custom derivatives.
    unary("withCustomDerivative") { x in
      withCustomDerivative(at: [x]) {
        sin($0[0])
      } gradients: { g, x, _ in
        [g * cos(x[0])]
      }
    },
    pair("withCustomDerivative of two inputs whose rule uses the result", "withCustomDerivative") {
      withCustomDerivative(at: [$0, $1]) {
        exp($0[0] * $0[1])
      } gradients: { g, x, y in
        [g * y * x[1], g * y * x[0]]
      }
    },
    pair("withCustomDerivative of three inputs, one without gradient", "withCustomDerivative") {
      withCustomDerivative(at: [$0, Tensor([1, 0] as [Int]), $1]) {
        ($0[0] * $0[2]).sum() + $0[2] * $0[2]
      } gradients: { g, x, _ in
        [g.sum() * x[2], nil, g * 2 * x[2] + g.sum() * x[0]]
      }
    },

    // Recomputation.
    unary("checkpoint") { x in checkpoint(x) { tanh($0 * $0) * $0 } },
    pair("checkpoint that captures a variable", "checkpoint") { x, w in
      checkpoint(x) { sin($0 * w) * w } * w
    },
    pair("checkpoint that captures its input and a result of it", "checkpoint") { x, w in
      let h = tanh(x * w)
      return checkpoint([h]) { sin($0[0] * h) * x + h * w }
    },
    pair("checkpoint inside a checkpoint", "checkpoint") { x, w in
      checkpoint([x, w]) { outer in
        let h = checkpoint(outer[0] * outer[1]) { sin($0) * w }
        return checkpoint([h, outer[0]]) { $0[0] * tanh($0[1]) + h }
      }
    },
    pair("checkpoint that draws random numbers", "checkpoint") { x, w in
      withGenerator(seed: 3) {
        let y = checkpoint(x) { dropout(sin($0) * w, rate: 0.5) * dropout($0, rate: 0.2) }
        return dropout(y * w, rate: 0.3)
      }
    },
    pair("checkpoint that gives what it gets", "checkpoint") { x, w in
      checkpoint([x, w]) { $0[1] } * checkpoint(x) { $0 } * checkpoint([]) { _ in w }
    },

    // Looking at gradients.
    unary("onGradient") { square($0.onGradient { _ in }) },

    // Derivatives of derivatives, with respect to points and directions.
    pair("vjp, by point and cotangent", "sin") { x, g in
      vjp(at: x) { sin($0) * $0 }.pullback(g)
    },
    pair("jvp, by point and tangent", "jvp") { x, t in
      let (value, tangent) = jvp(at: x, tangent: t) { sin($0) * $0 }
      return value + tangent
    },
    pair("jvp of a function of two inputs", "jvp", shapes: [[2, 3], [3, 4]]) { a, b in
      jvp(at: [a, b], tangents: [a * a, sin(b)]) { softmax(matmul($0[0], $0[1])) }.tangent
    },
    pair("jvp along a variable from outside", "jvp") { x, w in
      jvp(at: x, tangent: w) { tanh($0 * w) }.tangent
    },
    pair("hessianVectorProduct, by point and vector", "hessianVectorProduct") { x, v in
      hessianVectorProduct(at: x, vector: v) { (sin($0) * $0 * $0).sum() }
    },
    pair("hessianVectorProduct of two inputs", "hessianVectorProduct") { x, v in
      let found = hessianVectorProduct(at: [x, v], vectors: [v, x]) { tanh($0[0] * $0[1]).sum() }
      return found[0] * 2 - found[1]
    },
    pair(
      "jacobian, by point and a variable from outside", "tracked", shapes: [[3], [3]],
      allowsEmpty: false
    ) { x, w in
      jacobian(at: x) { softmax($0 * w) }
    },
    pair("jacobian by columns", "jvp", shapes: [[2], [2]], allowsEmpty: false) { x, w in
      jacobian(at: x) { sin(Tensor.linspace(-1, 1, count: 12, dtype: $0.dtype) * ($0 * w).sum()) }
    },
    pair("hessian", "tracked", shapes: [[3], [3]], allowsEmpty: false) { x, w in
      hessian(at: x) { exp($0 * w).sum() * $0.sum() }
    },
    pair("perExampleGradients", "tracked", shapes: [[4, 3], [3]], allowsEmpty: false) { x, w in
      perExampleGradients(at: [w], batch: [x]) { exp(($0[0] * $1[0]).sum()) }[0]
    },
  ]
}
