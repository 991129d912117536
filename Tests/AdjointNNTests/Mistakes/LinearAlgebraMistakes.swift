import Adjoint
import Testing

/// The section "Linear algebra" of docs/mistakes.md: the code and the texts are those of the page.
struct LinearAlgebraMistakes {
  @Test func `The Cholesky factor of a matrix that is not positive definite`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let covariance = Tensor([[1, 2], [2, 1]])
        _ = cholesky(covariance)
      })
    rightly {
      let covariance = Tensor([[1, 2], [2, 1]])
      do {
        _ = try cholesky(checking: covariance)
      } catch {
        _ = cholesky(covariance + 1.5 * Tensor.eye(2))  // more noise on the diagonal
      }
    }
  }

  @Test func `A system whose matrix is singular`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let a = Tensor([[1, 2], [2, 4]])
        _ = solve(a, Tensor([1, 2]))
      })
    rightly {
      let a = Tensor([[1, 2], [2, 4]])
      _ = leastSquares(a, Tensor([[1], [2]]))
    }
  }

  @Test func `The inverse of a matrix that is not square`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let a = Tensor([[1, 2, 0], [2, 4, 1]])
        _ = inverse(a)
      })
    rightly {
      let a = Tensor([[1, 2, 0], [2, 4, 1]])
      _ = pseudoInverse(a)
    }
  }
}
