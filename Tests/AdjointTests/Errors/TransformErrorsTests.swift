import Adjoint
import Testing

@Suite("Errors of derivatives")
struct TransformErrorsTests {
  @Test("of gradients say what has none, and what can break a graph")
  func gradients() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([3]).tracked()
        _ = Adjoint.gradients(of: x.argMax(), withRespectTo: [x])
      }, says: "gradients: the result is int64 []; only floating tensors have derivatives")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([3]).tracked()
        _ = Adjoint.gradients(of: x.argMax().cast(to: .float32), withRespectTo: [x])
      },
      says: "gradients: the result was not recorded: it depends on no tracked tensor, or recording "
        + "was off, or every way to one leads through `detached`, argMax, a comparison")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([3]).tracked()
        _ = Adjoint.gradients(of: x.sum(), withRespectTo: [x, Tensor([1, 2] as [Int])])
      }, says: "gradients: input 1 is int64 [2]; it has no derivatives")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gradient(at: Tensor.ones([3])) { $0.argMax() }
      }, says: "gradients: the function gives int64 []; it must give one floating number")
  }

  @Test("of products name both shapes and dtypes")
  func products() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = vjp(at: Tensor.ones([3])) { $0 * 2 }.pullback(Tensor.ones([2]))
      }, says: "vjp: the cotangent is float32 [2], the value float32 [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = jvp(at: Tensor.ones([3]), tangent: Tensor.ones([3], dtype: .float64)) { $0 * 2 }
      }, says: "jvp: tangent 0 is float64 [3], its input float32 [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = jvp(at: [Tensor.ones([3])], tangents: []) { $0[0] }
      }, says: "jvp: 0 tangents for 1 inputs")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hessianVectorProduct(at: Tensor.ones([3]), vector: Tensor.ones([2])) { $0.sum() }
      }, says: "hessianVectorProduct: vector 0 is float32 [2], its input float32 [3]")
  }

  @Test("of Jacobians and Hessians name the shapes")
  func jacobians() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = jacobian(at: Tensor.ones([3])) { $0 .> 2 }
      }, says: "jacobian: the function gives bool [3]; only floating tensors have derivatives")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = jacobian(at: Tensor.ones([1, 1, 1, 1, 1])) { $0 * 2 }
      },
      says:
        "jacobian: of a result [1, 1, 1, 1, 1] for an input [1, 1, 1, 1, 1] has more than 8 axes")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hessian(at: Tensor.ones([3])) { $0 * 2 }
      }, says: "gradients: the function gives float32 [3]; it must give one floating number")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hessian(at: [Tensor.ones([3]), Tensor.ones([3], dtype: .float64)]) { $0[0].sum() }
      }, says: "hessian: inputs are float32 and float64; give all the same dtype")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = perExampleGradients(
          at: [Tensor.ones([3])], batch: [Tensor.ones([4, 3]), Tensor.ones([5])]
        ) { $0[0].sum() * $1[1] }
      }, says: "perExampleGradients: the batch has 4 examples in tensor 0, [5] in tensor 1")
  }

  @Test("of custom derivatives say what the rule gave")
  func custom() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gradient(at: Tensor.ones([3])) { x in
          withCustomDerivative(at: [x]) {
            $0[0].sum()
          } gradients: { g, _, _ in
            [g]
          }
        }
      }, says: "withCustomDerivative: `gradients` gives float32 [] for input 0 of float32 [3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gradient(at: Tensor.ones([3])) { x in
          withCustomDerivative(at: [x, x]) {
            $0[0].sum()
          } gradients: { g, x, _ in
            [g * x[0]]
          }
        }
      }, says: "withCustomDerivative: `gradients` gives 1 tensors for 2 inputs")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let w = Tensor(2.0).tracked()
        _ = withCustomDerivative(at: [Tensor.ones([3])]) {
          $0[0] * w
        } gradients: { g, _, _ in
          [g]
        }
      },
      says: "withCustomDerivative: `forward` captures a tracked tensor; pass it as an input, or "
        + "detached if it is constant")
  }

  @Test("of checkpoints say that the second run differs")
  func checkpoints() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        final class Model { var w = Tensor(2.0).tracked() }
        let model = Model()
        let x = Tensor.ones([3]).tracked()
        let y = checkpoint(x) { $0 * model.w }.sum()
        model.w = Tensor(3.0).tracked()
        _ = Adjoint.gradients(of: y, withRespectTo: [x])
      },
      says: "checkpoint: the body did something else when it was run again for the gradients: its "
        + "result is [3] and uses 1 captured variables, at first it was [3] and used 1; they must "
        + "be the same tensors")
  }
}
