import Adjoint
import Testing

/// Large matrices are factored in blocks on several threads; their factors must multiply to what
/// they are factors of.
@Suite("Factors of large matrices")
struct LargeMatricesTests {
  private func random(_ shape: Shape, _ dtype: DType, seed: UInt64 = 5) -> Tensor {
    var generator = Generator(seed: seed)
    return Tensor.uniform(shape, in: -1...1, dtype: dtype, using: &generator)
  }

  private func tolerance(_ dtype: DType) -> Double { dtype == .float32 ? 2e-3 : 1e-11 }

  @Test("of Cholesky", arguments: [DType.float32, .float64], [127, 129, 300, 513])
  func choleskyFactors(_ dtype: DType, _ n: Int) {
    let x = random([n, n], dtype)
    let a = matmul(x, x.transposed()) + Tensor.eye(n, dtype: dtype)
    let l = cholesky(a)
    expectClose(matmul(l, l.transposed()), a, absolute: tolerance(dtype))
    let above = Tensor.arange(n).expandingDimension(at: 1) .< Tensor.arange(n)
    expectClose(`where`(above, l, 0), Tensor.zeros([n, n], dtype: dtype))
  }

  @Test("of LU", arguments: [DType.float32, .float64], [[150, 150], [333, 200], [200, 401]])
  func eliminationFactors(_ dtype: DType, _ sizes: [Int]) {
    let a = random(Shape(sizes), dtype)
    let (p, l, u) = lu(a)
    expectClose(matmul(p, matmul(l, u)), a, absolute: tolerance(dtype))
    expectClose(abs(l).max(), [1])
    expectClose(matmul(p, p.transposed()), Tensor.eye(sizes[0], dtype: dtype))
  }

  @Test("of QR and of the singular value decomposition", arguments: [DType.float32, .float64])
  func orthogonalFactors(_ dtype: DType) {
    for shape in [[200, 130], [130, 200]] as [Shape] {
      let a = random(shape, dtype)
      let (q, r) = qr(a)
      expectClose(matmul(q, r), a, absolute: tolerance(dtype))
      let (u, s, vh) = svd(a)
      expectClose(matmul(u * s, vh), a, absolute: tolerance(dtype))
      expectClose(singularValues(a), s, absolute: tolerance(dtype))
    }
  }

  @Test("of symmetric and general eigenproblems", arguments: [DType.float32, .float64])
  func eigenvectors(_ dtype: DType) {
    let x = random([150, 150], dtype)
    let a = x + x.transposed()
    let (values, vectors) = eigh(a)
    expectClose(matmul(a, vectors), vectors * values, absolute: tolerance(dtype))
    expectClose(eigenvaluesSymmetric(a), values, absolute: tolerance(dtype))
    let (l, v) = eig(x)
    expectClose(
      matmul(x, v.real), v.real * l.real - v.imaginary * l.imaginary, absolute: tolerance(dtype))
    expectClose(
      matmul(x, v.imaginary), v.real * l.imaginary + v.imaginary * l.real,
      absolute: tolerance(dtype))
  }

  @Test("solve systems with many right-hand sides", arguments: [DType.float32, .float64])
  func systems(_ dtype: DType) {
    let a = random([350, 350], dtype) + 20 * Tensor.eye(350, dtype: dtype)
    let b = random([350, 333], dtype, seed: 6)
    expectClose(matmul(a, solve(a, b)), b, absolute: tolerance(dtype))
    expectClose(matmul(a, inverse(a)), Tensor.eye(350, dtype: dtype), absolute: tolerance(dtype))
    expectClose(
      matmul(a.transposed(), solve(a.transposed(), b)), b, absolute: tolerance(dtype))
    let below = Tensor.arange(350) .<= Tensor.arange(350).expandingDimension(at: 1)
    let triangle = `where`(below, a, 0)
    expectClose(
      matmul(triangle, triangularSolve(a, b, upper: false)), b, absolute: tolerance(dtype))
  }

  @Test("are the same bits for any number of threads")
  func areDeterministic() {
    let x = random([400, 400], .float64)
    let a = matmul(x, x.transposed()) + Tensor.eye(400, dtype: .float64)
    let batch = random([6, 40, 40], .float32)
    func results() -> [Tensor] {
      let (u, s, vh) = svd(batch)
      return [
        cholesky(a), lu(x).u, solve(x, a), inverse(batch), u, s, vh, qr(x).q, eigh(a).vectors,
      ]
    }
    let before = threads
    defer { threads = before }
    threads = 1
    let alone = results()
    threads = 3
    for (a, b) in zip(results(), alone) { expectIdentical(a, b) }
  }

  @Test("do not depend on what was in their memory before")
  func areClean() {
    func spoilFreeMemory() {
      for count in stride(from: 20, through: 2000, by: 20) {
        _ = Tensor([Double](repeating: .nan, count: count)).sum().scalar
      }
    }
    let x = random([24, 14], .float64)
    let a = matmul(x, x.transposed()) + Tensor.eye(24, dtype: .float64)
    let functions: [() -> Tensor] = [
      { cholesky(a) }, { lu(x).l }, { lu(x.transposed()).u }, { qr(x).q }, { qr(x).r },
      { qr(x, complete: true).q }, { qr(x, complete: true).r }, { svd(x).u },
      { svd(x, full: true).u }, { svd(x.transposed(), full: true).vh }, { singularValues(x) },
      { eigh(a).vectors }, { eigenvaluesSymmetric(a) }, { eig(a).vectors.imaginary },
      { solve(a, x) }, { inverse(a) }, { triangularSolve(a, x, upper: true) },
      { pseudoInverse(x) }, { leastSquares(x, x) }, { matrixExponential(a) },
    ]
    for (index, f) in functions.enumerated() {
      spoilFreeMemory()
      let first = f()
      spoilFreeMemory()
      #expect(!first.scalars.contains { $0.isNaN }, "function \(index)")
      expectIdentical(f(), first, "function \(index)")
    }
  }

  @Test("agree on the gradient of log |det A|, the inverse transposed")
  func gradientsOfFactors() {
    let n = 200
    let x = random([n, n], .float64)
    let a = matmul(x, x.transposed()) + Tensor.eye(n, dtype: .float64)
    let inverted = inverse(a)
    func logarithms(_ triangle: Tensor) -> Tensor {
      let diagonal = Tensor.eye(n, dtype: .bool)
      return log(abs(`where`(diagonal, triangle, 1))).sum()
    }
    let functions: [(Tensor) -> Tensor] = [
      { 2 * logarithms(cholesky($0)) }, { logarithms(lu($0).u) }, { logarithms(qr($0).r) },
      { log(svd($0).s).sum() }, { log(eigh($0).values).sum() }, { log(eig($0).values.real).sum() },
      { slogDeterminant($0).logarithm }, { log(determinant($0 * 0.1)) },
    ]
    for f in functions { expectClose(gradient(at: a, f), inverted, absolute: 1e-8) }
  }
}
