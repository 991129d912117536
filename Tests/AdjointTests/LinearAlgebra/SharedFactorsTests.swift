import Adjoint
import Testing

/// Factors that several threads make together: sizes around those where the work is cut, matrices
/// that are hard, and the same bits for any number of threads.
@Suite("Factors made by several threads", .serialized)
struct SharedFactorsTests {
  private func random(_ shape: Shape, _ dtype: DType = .float64, seed: UInt64 = 7) -> Tensor {
    var generator = Generator(seed: seed)
    return Tensor.uniform(shape, in: -1...1, dtype: dtype, using: &generator)
  }

  private func tolerance(_ dtype: DType) -> Double { dtype == .float32 ? 2e-3 : 1e-11 }

  /// A = U S V^T with orthonormal U and V and values in descending order.
  private func expectDecomposition(
    _ a: Tensor, relativeTo scale: Double = 1, _ comment: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (u, s, vh) = svd(a)
    let (k, error) = (s.elementCount, tolerance(a.dtype))
    expectClose(
      matmul(u * (s / scale), vh), a / scale, absolute: error, comment,
      sourceLocation: sourceLocation)
    for product in [matmul(u.transposed(), u), matmul(vh, vh.transposed())] {
      expectClose(
        product, Tensor.eye(k, dtype: a.dtype), absolute: error, comment,
        sourceLocation: sourceLocation)
    }
    let values = s.scalars
    #expect(
      zip(values, values.dropFirst()).allSatisfy { $0 >= $1 } && values[k - 1] >= 0,
      Comment(rawValue: comment), sourceLocation: sourceLocation)
    expectClose(
      singularValues(a) / scale, s / scale, absolute: error, comment,
      sourceLocation: sourceLocation)
  }

  @Test("decompose by singular values", arguments: [DType.float32, .float64])
  func singularValueDecompositions(_ dtype: DType) {
    let sizes = [
      [127, 127], [128, 128], [129, 129], [160, 161], [161, 160], [203, 203], [128, 256],
      [256, 128],
      [300, 151], [150, 300], [300, 149], [321, 321], [512, 300], [530, 530],
    ]
    for size in sizes {
      expectDecomposition(random(Shape(size), dtype), relativeTo: 10, "\(size)")
    }
  }

  @Test("decompose matrices of any scale")
  func scales() {
    for scale in [1e-300, 1e-160, 1e160, 1e300] {
      expectDecomposition(random([140, 140]) * scale, relativeTo: scale, "\(scale)")
    }
    for scale in [1e-36, 1e-20, 1e18, 1e35] {
      expectDecomposition(
        random([150, 130], .float32) * scale, relativeTo: scale, "float32, \(scale)")
    }
  }

  @Test("decompose matrices with zero, equal, small and few singular values")
  func hardMatrices() {
    let n = 200
    let identity = Tensor.eye(n, dtype: .float64)
    let x = random([n, n])
    let powers = exp(Tensor.arange(n).cast(to: .float64) * -0.3)
    let (q, _) = qr(x)
    let column = Tensor.arange(n).expandingDimension(at: 1)
    let isUpper = column .<= Tensor.arange(n)
    let isOutside = (column .>= 170) .| (Tensor.arange(n) .>= 170)
    let matrices: [(String, Tensor)] = [
      ("zeros", Tensor.zeros([n, n], dtype: .float64)), ("identity", identity),
      ("diagonal", identity * powers), ("orthogonal", q),
      ("rank 1", matmul(x[0..., 0..<1], x[0..<1])),
      ("rank 30", matmul(x[0..., 0..<30], x[0..<30]) / 10),
      ("ones", Tensor.ones([n, n], dtype: .float64) / 100),
      ("graded rows", x * powers.expandingDimension(at: 1)), ("graded columns", x * powers),
      ("decaying values", matmul(q * powers, q.transposed())),
      (
        "two values", matmul(q * `where`(Tensor.arange(n) .< 90, 1, 0.5).cast(to: .float64), x / 10)
      ),
      ("triangular", `where`(isUpper, x, 0)),
      ("bidiagonal", `where`(isUpper, `where`(column + 1 .>= Tensor.arange(n), x, 0), 0)),
      ("zero rows and columns", `where`(isOutside, 0, x)),
    ]
    for (name, matrix) in matrices {
      expectDecomposition(matrix, name)
      expectDecomposition(matrix[0..<150], name + ", wide")
      expectDecomposition(matrix[0..., 0..<150], name + ", tall")
      expectDecomposition(matrix.cast(to: .float32), name + ", float32")
    }
  }

  @Test("decompose batches of large matrices, and leave those that are not finite alone")
  func batches() {
    let good = random([130, 130])
    let batch = stacked([good, good * Double.nan, good.transposed()])
    let (u, s, vh) = svd(batch)
    let single = svd(good)
    for (all, one) in [(u, single.u), (s, single.s), (vh, single.vh)] {
      expectIdentical(all[0], one)
      #expect(all[1].scalars.allSatisfy { $0.isNaN })
      #expect(all[2].scalars.allSatisfy { $0.isFinite })
    }
  }

  @Test("have the gradient of a Cholesky factor", arguments: [DType.float32, .float64])
  func choleskyGradients(_ dtype: DType) {
    for n in [1, 2, 63, 64, 65, 96, 97, 129, 200, 300] {
      let x = random([n, n], dtype)
      let a = (matmul(x, x.transposed()) / Double(n) + Tensor.eye(n, dtype: dtype)).tracked()
      let y = (cholesky(a) * random([n, n], dtype, seed: 8)).sum()
      let fast = gradients(of: y, withRespectTo: [a])[0]
      // The formula that is recorded when derivatives of the gradient are asked for.
      let formula = gradients(of: y, withRespectTo: [a], createGraph: true)[0].detached
      expectClose(fast, formula, absolute: tolerance(dtype) / 10, "\(n)")
      expectIdentical(fast, fast.transposed() * 1, "\(n) is symmetric")
    }
  }

  @Test("have the gradients of a batch of Cholesky factors, upper ones too")
  func choleskyGradientsOfBatches() {
    let x = random([3, 70, 70])
    let a = (matmul(x, x.transposed()) / 70 + Tensor.eye(70, dtype: .float64)).tracked()
    let weights = random([3, 70, 70], seed: 9)
    for upper in [false, true] {
      let y = (cholesky(a, upper: upper) * weights).sum()
      let all = gradients(of: y, withRespectTo: [a])[0]
      for index in 0..<3 {
        let one = a[index].detached.tracked()
        let z = (cholesky(one, upper: upper) * weights[index]).sum()
        expectIdentical(all[index], gradients(of: z, withRespectTo: [one])[0])
      }
    }
  }

  @Test("eliminate", arguments: [DType.float32, .float64])
  func elimination(_ dtype: DType) {
    let sizes = [
      [64, 1100], [65, 1000], [1000, 65], [128, 300], [129, 500], [300, 128], [500, 190],
      [190, 500],
      [191, 191], [192, 192], [193, 193], [320, 321], [449, 449],
    ]
    for size in sizes {
      let a = random(Shape(size), dtype)
      let (p, l, u) = lu(a)
      expectClose(matmul(p, matmul(l, u)), a, absolute: tolerance(dtype), "\(size)")
      #expect(abs(l).max().scalar <= 1, "\(size)")
    }
  }

  @Test("find the first pivot that is 0, in any panel")
  func singularMatrices() throws {
    for column in [0, 5, 63, 64, 100, 199, 320, 449] {
      var a = random([450, 450])
      a[column] = Tensor.zeros([450], dtype: .float64)
      let error = #expect(throws: LinearAlgebraError.self) {
        _ = try solve(checking: a, random([450]))
      }
      // A row of zeros is a column of the transposed matrix, which is factored.
      #expect(error?.info == column + 1)
    }
  }

  @Test("solve for few and many right sides")
  func systems() {
    let a = random([400, 400])
    for count in [1, 31, 32, 33, 64, 65, 130, 300] {
      let b = random([400, count], seed: 11)
      expectClose(matmul(a, solve(a, b)), b, absolute: 1e-9, "\(count)")
      expectClose(
        matmul(a.transposed(), solve(a.transposed() * 1, b)), b, absolute: 1e-9, "\(count)")
    }
  }

  @Test("solve for right sides that begin with zeros, those of the inverse among them")
  func leadingZeros() {
    let a = random([400, 400])
    let identity = Tensor.eye(400, dtype: .float64)
    expectClose(matmul(a, inverse(a)), identity, absolute: 1e-9)
    for first in [1, 200, 399, 400] {
      var b = random([400, 3], seed: 12)
      b[..<first] = Tensor.zeros([first, 3], dtype: .float64)
      expectClose(matmul(a, solve(a, b)), b, absolute: 1e-9, "\(first)")
    }
    #expect(solve(a * Double.nan, identity).scalars.allSatisfy { $0.isNaN })
  }

  @Test("are the same bits for any number of threads")
  func areDeterministic() {
    let x = random([450, 450])
    let a = (matmul(x, x.transposed()) + Tensor.eye(450, dtype: .float64)).tracked()
    func results() -> [Tensor] {
      let (square, tall) = (svd(x), svd(x[0..., 0..<300].cast(to: .float32)))
      return [
        square.u, square.s, square.vh, tall.u, tall.vh, lu(x).l, lu(x[0..<200]).u,
        solve(x, x[0..., 0..<64]), inverse(x),
        gradients(of: cholesky(a).sum(), withRespectTo: [a])[0],
      ]
    }
    let before = threads
    defer { threads = before }
    threads = 1
    let alone = results()
    for count in 2...5 {
      threads = count
      for (index, (a, b)) in zip(results(), alone).enumerated() {
        expectIdentical(a, b, "result \(index) of \(count) threads")
      }
    }
  }
}
