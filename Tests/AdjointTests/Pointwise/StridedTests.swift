import Adjoint
import Testing

@Suite("Elementwise operations on views")
struct StridedTests {
  /// An array and a tensor of the given shape, the tensor a view of some larger one.
  private func view(of shape: [Int], using generator: inout Generator) -> (Naive, Tensor) {
    // The view is described backwards: from the shape wanted to the array it is cut from.
    var steps: [(Naive) -> Naive] = []
    var tensorSteps: [(Tensor) -> Tensor] = []
    var sizes = shape
    for _ in 0..<Int.random(in: 0...3, using: &generator) where !sizes.isEmpty {
      let axis = Int.random(in: 0..<sizes.count, using: &generator)
      switch Int.random(in: 0...2, using: &generator) {
      case 0:
        let order = Array(0..<sizes.count).shuffled(using: &generator)
        steps.append { $0.permuted(order) }
        tensorSteps.append { $0.permuted(order) }
        var before = sizes
        for (to, from) in order.enumerated() { before[from] = sizes[to] }
        sizes = before
      case 1:
        let start = Int.random(in: 0...2, using: &generator)
        let range = start..<start + sizes[axis]
        steps.append { $0.sliced(range, axis: axis) }
        tensorSteps.append { $0.sliced(range, axis: axis) }
        sizes[axis] += start + Int.random(in: 0...1, using: &generator)
      default:
        let wide = sizes
        steps.append { $0.broadcast(to: wide) }
        tensorSteps.append { $0.broadcast(to: Shape(wide)) }
        sizes[axis] = 1
      }
    }
    let base = Naive(randomOf: sizes, using: &generator)
    var (array, tensor) = (base, base.tensor)
    for (step, tensorStep) in zip(steps, tensorSteps).reversed() {
      array = step(array)
      tensor = tensorStep(tensor)
    }
    return (array, tensor)
  }

  @Test("agree with loops for random shapes, strides and broadcasts up to rank 8")
  func randomViews() {
    var generator = Generator(seed: 17)
    for trial in 0..<400 {
      let rank = Int.random(in: 0...8, using: &generator)
      let sizes = rank > 5 ? 1...3 : rank > 2 ? 1...6 : 1...40
      let shape = (0..<rank).map { _ in Int.random(in: sizes, using: &generator) }
      func part() -> [Int] {
        let stretched = shape.map { Int.random(in: 0...3, using: &generator) == 0 ? 1 : $0 }
        return Array(stretched.dropFirst(Int.random(in: 0...rank, using: &generator)))
      }
      let (a, x) = view(of: shape, using: &generator)
      let (b, y) = view(of: part(), using: &generator)
      let (c, z) = view(of: part(), using: &generator)
      let expected = Naive.combined([a, b, c]) { $0[0] * $0[1] - Swift.max($0[2], $0[0]) }
      expectClose(x * y - maximum(z, x), expected.tensor, "trial \(trial), shape \(shape)")
      let chosen = Naive.combined([a, b, c]) { $0[0] > $0[1] ? $0[0] : $0[2] }
      expectClose(`where`(x .> y, x, z), chosen.tensor, "trial \(trial), shape \(shape)")
    }
  }

  @Test("agree with loops where rows do not fill chunks")
  func chunkBorders() {
    var generator = Generator(seed: 18)
    for (rows, columns) in [(1, 100_003), (100_003, 1), (317, 331), (3, 16_385), (16_385, 3)] {
      let a = Naive(randomOf: [rows, columns], using: &generator)
      let row = Naive(randomOf: [columns], using: &generator)
      let column = Naive(randomOf: [rows, 1], using: &generator)
      let expected = Naive.combined([a, row, column]) { ($0[0] + $0[1]) * $0[2] }
      let transposed = Tensor(a.permuted([1, 0]).values, shape: [columns, rows]).transposed()
      let result = (transposed + row.tensor) * column.tensor
      expectClose(result, expected.tensor, "\(rows) x \(columns)")
      expectClose((a.tensor + row.tensor) * column.tensor, expected.tensor)
    }
  }

  @Test("empty tensors of any shape give empty tensors")
  func empty() {
    for shape in [[0], [0, 3], [3, 0], [2, 0, 4], [0, 0]] as [Shape] {
      let x = Tensor.zeros(shape)
      #expect((exp(x) + x * 2).scalars.isEmpty)
      #expect((exp(x) + Tensor.ones([1])).shape == shape)
      #expect(`where`(x .> 0, x, 1).cast(to: .int32).shape == shape)
    }
  }
}
