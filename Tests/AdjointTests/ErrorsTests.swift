import Adjoint
import Testing

/// Programming mistakes stop the program.
///
/// What they say is part of the interface: the operation, the shapes, what was expected and, for
/// functions, the caller's line.
@Suite("Errors")
struct ErrorsTests {
  @Test("of arithmetic name the operation, both shapes or both dtypes")
  func arithmetic() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]) + Tensor.ones([4])
      }, says: "+: shapes [2, 3] and [4] do not broadcast: aligned at the last axis", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([1 << 33, 1]) + Tensor.ones([1, 1 << 33])
      },
      says:
        "+: [8589934592, 1] and [1, 8589934592] are stretched: [8589934592, 8589934592] has more "
        + "elements than an Int can count", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maximum(Tensor.ones([2]), Tensor.ones([2], dtype: .float64))
      }, says: "maximum: dtypes float32 and float64 differ; convert one operand with cast(to:)")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2] as [Int]) * 0.5
      }, says: "*: the literal 0.5 has no int64 value; cast the tensor to a floating dtype", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([0, 255] as [UInt8]) .> -1
      },
      says: ".>: the literal -1.0 is out of the range of uint8; cast the tensor to a wider dtype",
      at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([0] as [Int]) + 9_007_199_254_740_993
      }, says: "Tensor: the literal 9007199254740993 is no double", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.linspace(0, 1, count: -1)
      }, says: "linspace: the count must not be negative, but is -1", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.eye(2, columns: -3)
      }, says: "eye: sizes must not be negative, but are 2 and -3", at: "")
  }

  @Test("of elementary functions and where name the dtype")
  func elementary() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = exp(Tensor([1, 2] as [Int]))
      }, says: "exp: is not defined for int64; cast to a floating dtype first")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = `where`(Tensor([1.0, 0]), 1, 2)
      }, says: "where: the condition must be bool, not float32")
  }

  @Test("of matmul name both shapes and what does not fit")
  func products() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(Tensor.ones([2, 3]), Tensor.ones([4, 5]))
      },
      says:
        "matmul: shapes [2, 3] and [4, 5] do not fit: the first has 3 columns, the second 4 rows")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(Tensor.ones([2, 3, 4]), Tensor.ones([5, 4, 3]))
      }, says: "matmul: the batch axes of [2, 3, 4] and [5, 4, 3] do not broadcast")
  }

  @Test("of reductions name the reduction, the axis and the shape")
  func reductions() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).mean(axes: [-3])
      }, says: "mean: axis -3 is out of range for shape [2, 3]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).logSumExp(axes: [1, -1])
      }, says: "logSumExp: axes [1, 1] name an axis twice")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 0]).max(axes: [1])
      }, says: "max: has no value over axes [1] of shape [2, 0]: they are empty")
  }

  @Test("of changes of shape name both shapes or the axis")
  func shaping() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).reshaped(4, -1)
      }, says: "reshaped: [2, 3] has no shape like [4, -1]: 6 elements are not a multiple of 4")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).squeezed(-1)
      }, says: "squeezed: axis -1 of shape [2, 3] has size 3, not 1")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2, 3]).sliced(5..., axis: 1)
      }, says: "sliced: 5 up to 3 is out of range for axis 1 of shape [2, 3]")
  }

  @Test("of joining name the tensor that does not fit")
  func joining() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = concatenated([Tensor.ones([2, 3]), Tensor.ones([2, 4])])
      },
      says:
        "concatenated: tensor 1, float32 [2, 4], does not fit tensor 0, float32 [2, 3], along axis 0"
    )
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = stacked([])
      }, says: "stacked: no tensors")
  }

  @Test("of indices name the index and the bound")
  func indices() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([3, 2]).gathering(Tensor([0, 3] as [Int]))
      }, says: "gathering: index 3 is out of range: there are 3 elements along axis 0 of [3, 2]")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = softmaxCrossEntropy(logits: Tensor.ones([1, 3]), labels: Tensor([-1] as [Int]))
      }, says: "softmaxCrossEntropy: index -1 is out of range: there are 3 classes")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([3, 2])[-4]
      }, says: "subscript: index -4 is out of range for axis 0 of shape [3, 2]", at: "")
  }

  @Test("of gradients say what to do")
  func gradients() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([3]).tracked()
        _ = Adjoint.gradients(of: x * 2, withRespectTo: [x])
      }, says: "gradients: the result has shape [3]; reduce it to one number with sum() or mean()")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([3]).tracked()
        _ = Adjoint.gradients(of: x.sum(), withRespectTo: [x, Tensor.ones([2])])
      }, says: "gradients: input 1 of shape [2] is not tracked; make it with tracked()")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = gradient(at: Tensor([1, 2] as [Int])) { $0.sum() }
      }, says: "tracked: a tensor of int64 has no derivatives; cast it to float32 or float64")
  }

  @Test("of creation name the counts")
  func creation() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
      }, says: "Tensor: 3 scalars do not fill shape [2, 2] of 4")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([2, -1])
      }, says: "Shape: [2, -1] has the negative size -1", at: "")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var generator = Generator(seed: 1)
        _ = dropout(Tensor.ones([2]), rate: 1, using: &generator)
      }, says: "dropout: needs a floating tensor and a rate in 0 ..< 1, not float32 and 1.0")
  }
}
