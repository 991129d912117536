import Adjoint
import Testing

/// Programming mistakes in linear algebra stop the program; matrices that may well come from data can
/// be asked for an error instead.
@Suite("Errors of linear algebra")
struct LinearAlgebraErrorsTests {
  @Test("name the matrix that has no factor, and LAPACK's word on it")
  func singular() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = cholesky(Tensor([[4.0, 2], [2, 1]]))
      },
      says: "cholesky: the matrix is not positive definite: its leading minor of order 2 is not "
        + "positive (LAPACK info 2)")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let good = Tensor.eye(2)
        _ = solve(
          stacked([good, good, good, good * 0, good, good]).reshaped(2, 3, 2, 2), Tensor.ones([2]))
      },
      says: "solve: matrix [1, 0] of the batch [2, 3] is singular: its pivot 1 is 0 (LAPACK info 1)"
    )
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matrixPower(Tensor([[1.0, 2], [2, 4]]), -1)
      }, says: "inverse: the matrix is singular: its pivot 2 is 0 (LAPACK info 2)")
  }

  @Test("are thrown where they are expected")
  func thrown() throws {
    let wrong = stacked([Tensor.eye(3), Tensor.eye(3) * -1])
    do throws(LinearAlgebraError) {
      _ = try cholesky(checking: wrong)
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.operation == "cholesky")
      #expect(error.reason == .notPositiveDefinite)
      #expect(error.matrix == 1)
      #expect(error.batch == [2])
      #expect(error.info == 1)
      #expect(
        "\(error)" == "cholesky: matrix [1] of the batch [2] is not positive definite: its leading "
          + "minor of order 1 is not positive (LAPACK info 1)")
    }
    let zero = Tensor.zeros([2, 2], dtype: .float64)
    #expect(throws: LinearAlgebraError.self) { try inverse(checking: zero) }
    #expect(throws: LinearAlgebraError.self) { try solve(checking: zero, zero) }
    // What can be done is done.
    expectClose(try cholesky(checking: Tensor([[4.0]])), [2])
    expectClose(try solve(checking: Tensor([[4.0]]), Tensor([2.0])), [0.5])
    expectClose(try eigh(checking: Tensor([[4.0]])).values, [4])
    expectClose(try svd(checking: Tensor([[-4.0]])).s, [4])
    expectClose(try eig(checking: Tensor([[-4.0]])).values.real, [-4])
  }

  @Test("do not concern NaN: it stays in its matrix")
  func notFinite() throws {
    let good = Tensor([[2.0, 1], [1, 3]], dtype: .float64)
    for bad in [Double.nan, .infinity, -.infinity] {
      let spoiled = good + Tensor([[bad, 0], [0, 0]], dtype: .float64)
      let batch = stacked([good, spoiled, good])
      func expectOnlyMiddle(
        _ f: (Tensor) throws -> Tensor, sourceLocation: SourceLocation = #_sourceLocation
      ) rethrows {
        let (all, alone) = (try f(batch), try f(stacked([good]))[0])
        expectIdentical(all[0], alone, sourceLocation: sourceLocation)
        expectIdentical(all[2], alone, sourceLocation: sourceLocation)
        let others = all[1].scalars.filter { !$0.isNaN }
        #expect(others.count < all[1].elementCount, sourceLocation: sourceLocation)
        #expect(Set(others).isSubset(of: [0]), sourceLocation: sourceLocation)
      }
      try expectOnlyMiddle { try cholesky(checking: $0) }
      try expectOnlyMiddle { try inverse(checking: $0) }
      try expectOnlyMiddle { try solve(checking: $0, Tensor.ones([2, 3], dtype: .float64)) }
      expectOnlyMiddle { lu($0).u }
      expectOnlyMiddle { determinant($0) }
      expectOnlyMiddle { slogDeterminant($0).logarithm }
      expectOnlyMiddle { qr($0).q }
      expectOnlyMiddle { qr($0, complete: true).r }
      try expectOnlyMiddle { try svd(checking: $0).u }
      expectOnlyMiddle { singularValues($0) }
      try expectOnlyMiddle { try eigh(checking: $0).vectors }
      expectOnlyMiddle { eigenvaluesSymmetric($0) }
      try expectOnlyMiddle { try eig(checking: $0).vectors.real }
      expectOnlyMiddle { pseudoInverse($0) }
      expectOnlyMiddle { leastSquares($0, Tensor.ones([2, 1], dtype: .float64)) }
      expectOnlyMiddle { matrixNorm($0, .nuclear) }
      expectOnlyMiddle { conditionNumber($0) }
      expectOnlyMiddle { conditionNumber($0, .one) }
    }
  }

  @Test("of shapes and dtypes name them")
  func shapes() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = cholesky(Tensor.ones([2, 3]))
      }, says: "cholesky: needs square matrices [..., n, n], not shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = svd(Tensor.ones([3]))
      }, says: "svd: needs matrices [..., m, n], not shape [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = inverse(Tensor([[1, 2], [3, 4]] as [[Int]]))
      }, says: "inverse: needs a floating dtype, not int64; cast first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = solve(Tensor.eye(3), Tensor.ones([2, 3]))
      },
      says:
        "solve: right-hand sides of shape [2, 3] do not fit matrices of shape [3, 3]: they must "
        + "be [3] or [..., 3, k]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = triangularSolve(Tensor.eye(2, dtype: .float64), Tensor.ones([2]), upper: true)
      }, says: "triangularSolve: dtypes float64 and float32 differ")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = leastSquares(Tensor.ones([4, 2]), Tensor.ones([3]))
      }, says: "leastSquares: right-hand sides of float32 [3] do not fit")
  }

  @Test("of einsum name the equation")
  func notation() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,jk->ik", Tensor.ones([2, 3]), Tensor.ones([4, 5]))
      }, says: "einsum: in \"ij,jk->ik\" axis \"j\" is 3 and, in [4, 5], 4")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,jk->ik", Tensor.ones([2, 3]))
      }, says: "einsum: in \"ij,jk->ik\" there are 2 operands, but 1 tensors")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij->ik", Tensor.ones([2, 3]))
      }, says: "einsum: in \"ij->ik\" no operand has axis \"k\" of the result")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("i1", Tensor.ones([2, 3]))
      }, says: "einsum: in \"i1\" \"1\" names no axis: only letters")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("i", Tensor.ones([2, 3]))
      }, says: "einsum: in \"i\" \"i\" names 1 axes of a tensor with 2")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij->ii", Tensor.ones([2, 3]))
      }, says: "einsum: in \"ij->ii\" the result names an axis twice")
  }

  @Test("of products name both shapes")
  func products() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = dot(Tensor.ones([2]), Tensor.ones([3]))
      }, says: "dot: needs two vectors of one length, not shapes [2] and [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = tensordot(Tensor.ones([2, 3]), Tensor.ones([2, 3]), axes: ([1], [0]))
      }, says: "tensordot: axes [1] of [2, 3] and [0] of [2, 3] are not pairs of axes of one size")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = cross(Tensor.ones([2]), Tensor.ones([2]))
      }, says: "cross: needs shapes that broadcast, with 3 components along axis -1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = multiDot([Tensor.ones([2, 3]), Tensor.ones([2, 3])])
      }, says: "multiDot: shapes [[2, 3], [2, 3]] do not form a chain of matrices")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = inner(Tensor([1, 2] as [Int]), Tensor([1, 2] as [Int]))
      }, says: "inner: needs tensors of one floating dtype, not int64 and int64")
  }
}
