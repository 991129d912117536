import Adjoint
import Testing

@Suite("Subscripts")
struct SubscriptsTests {
  /// The numbers from 0 on in a shape.
  private func numbers(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    Tensor.arange(shape.elementCount, dtype: dtype).reshaped(shape)
  }

  @Test("an assignment changes this tensor and no other")
  func valueSemantics() {
    var x = numbers([3, 4])
    let (copy, view, pending) = (x, x[1], x * 2)
    let flipped = x.flipped()
    x[1] = 100
    x[..., 0] -= 1
    expectClose(x, [-1, 1, 2, 3, 99, 100, 100, 100, 7, 9, 10, 11])
    expectClose(copy, numbers([3, 4]))
    expectClose(view, [4, 5, 6, 7])
    expectClose(pending, numbers([3, 4]) * 2)
    expectClose(flipped, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    var zeros = Tensor.zeros([2, 2])
    let same = zeros
    zeros[0, 0] = 1
    zeros[1] = Tensor([2, 3])
    expectClose(zeros, [1, 0, 2, 3])
    expectClose(same, [0, 0, 0, 0])
  }

  /// Whoever computes with a constant takes its number: what was assigned must be seen all the same.
  @Test("an assignment to a constant that was looked at is seen by all", arguments: [3, 60])
  func assignmentsToConstants(_ count: Int) {
    var x = Tensor.zeros([count])
    #expect(x.scalars.allSatisfy { $0 == 0 })
    x[1] = 5
    let expected = (0..<count).map { $0 == 1 ? 5.0 : 0 }
    #expect(x.scalars == expected)
    #expect((x * 2).scalars == expected.map { $0 * 2 })
    #expect((x / x.sum()).scalars == expected.map { $0 / 5 })
    #expect(`where`(x .> 1, x, -1).scalars == expected.map { $0 == 5 ? 5 : -1 })

    var row = Tensor.ones([2, count])
    row[0] += 1
    row[1] *= 3
    expectClose(row + 0, stacked([Tensor.ones([count]) * 2, Tensor.ones([count]) * 3]))

    var steps = Tensor.zeros([count], dtype: .float64)
    for index in 1..<count { steps[index] = steps[index - 1] + 1 }
    expectClose(steps * 2, 2 * Tensor.arange(count, dtype: .float64))

    // Gradients of parts are added in place, too.
    let y = Tensor.ones([count]).tracked()
    let sum = y[0] * 2 + y[1] * 3 + (y * 4).sum()
    let gradient = withAnomalyDetection { gradients(of: sum, withRespectTo: [y])[0] }
    #expect((gradient * 1).scalars == (0..<count).map { $0 == 0 ? 6 : $0 == 1 ? 7 : 4 })
  }

  @Test("an assignment to a view leaves what it was taken from alone")
  func views() {
    let x = numbers([3, 4])
    var row = x[1]
    row[2] = -1
    var transposed = x.transposed()
    transposed[0] = 0
    expectClose(row, [4, 5, -1, 7])
    expectClose(transposed[..., 1], [0, 5, 6, 7])
    expectClose(x, numbers([3, 4]))
  }

  @Test("a part of the tensor itself can be assigned")
  func overlapping() {
    var x = numbers([5])
    x[1...] = x[..<4]
    expectClose(x, [0, 0, 1, 2, 3])
    x[...] = x.flipped()
    expectClose(x, [3, 2, 1, 0, 0])
    x[.every(2)] = x[.every(-2)]
    expectClose(x, [0, 2, 1, 0, 3])
  }

  @Test("a literal takes the dtype of the tensor")
  func literals() {
    var x = Tensor([1, 2, 3] as [Int])
    x[1] = 7
    x[x .> 2] += 1
    #expect(x.dtype == .int64)
    expectClose(x, [1, 8, 4])
    var mask = Tensor([true, false])
    mask[0] = 0
    #expect(mask.scalars(as: Bool.self) == [false, false])
  }

  @Test("the range forms of Swift mean what they mean for arrays")
  func ranges() {
    let x = numbers([6])
    expectClose(x[1..<3], [1, 2])
    expectClose(x[1...3], [1, 2, 3])
    expectClose(x[4...], [4, 5])
    expectClose(x[..<2], [0, 1])
    expectClose(x[...2], [0, 1, 2])
    expectClose(x[(-2)...], [4, 5])
    expectClose(x[...(-2)], [0, 1, 2, 3, 4])
    expectClose(x[...(-1)], x)
    expectClose(x[(-3)...(-1)], [3, 4, 5])
    expectClose(x[-3..<0], [3, 4, 5])
    expectClose(x.sliced(-3..<0, axis: 0), [3, 4, 5])
    expectClose(x.sliced((-4)...(-2), axis: 0), [2, 3, 4])
    expectClose(x.sliced(..<0, axis: 0), [])
    expectClose(x[.every(4)], [0, 4])
    expectClose(x[.every(Int.max)], [0])
    expectClose(x[.every(Int.min)], [5])
    expectClose(x[.every(1, from: 1, to: -1)], [1, 2, 3, 4])
    let (range, index) = (2..<4, 3)
    expectClose(x[range], [2, 3])
    expectClose(x[index], [3])
    #expect(x[6...].shape == [0] && x[0, ...].shape == [] && x[.newAxis, ..., .newAxis].rank == 3)
  }

  @Test("large parts are copied as small ones are, in any layout")
  func largeCopies() {
    // Every element is its own position, so a formula says where it must be.
    for shape in [[300, 400], [7, 41, 503], [40_000, 3], [3, 40_000], [90, 9, 9, 20]] as [Shape] {
      let x = numbers(shape, dtype: .int32)
      let layouts = [x, x.asTransposedView, x.flipped().contiguousCopy.flipped()]
      let (first, last) = (shape[0], shape[shape.rank - 1])
      for y in layouts {
        var z = Tensor.full(shape, -1, dtype: .int32)
        z[.every(-1), ..., .every(-1)] = y
        expectIdentical(z[.every(-1), ..., .every(-1)].contiguousCopy, x)
        z[1..<first - 1, ..., ..<(last - 1)] = y[..<(first - 2), ..., 1...]
        expectIdentical(
          z[1..<first - 1, ..., ..<(last - 1)].contiguousCopy,
          x[..<(first - 2), ..., 1...].contiguousCopy)
        expectIdentical(
          concatenated([y, y.flipped(axes: [0])], axis: -1),
          concatenated([x.transposed(), x.flipped(axes: [0]).transposed()], axis: -2)
            .transposed().contiguousCopy)
        expectIdentical(y.padded([(2, 3)])[..., 2..<last + 2].contiguousCopy, x)
        expectIdentical(y.rolled(5, axis: -1).rolled(-5, axis: -1), x)
      }
    }
  }

  @Test("gather, scatter and masks of many elements agree with loops")
  func largeIndices() {
    var generator = Generator(seed: 5)
    let (rows, columns) = (70, 4001)
    let values = (0..<rows * columns).map { _ in Int.random(in: 0...9, using: &generator) }
    let x = Tensor(values, shape: [rows, columns])
    let mask = x .> 4
    let places = values.indices.filter { values[$0] > 4 }
    #expect(x[mask].scalars(as: Int.self) == places.map { values[$0] })
    #expect(
      mask.nonzero().scalars(as: Int.self) == places.flatMap { [$0 / columns, $0 % columns] })
    #expect(mask.flattened().nonzero().scalars(as: Int.self) == places)
    let indices = (0..<rows * 2001).map { _ in Int.random(in: 0..<columns, using: &generator) }
    let which = Tensor(indices, shape: [rows, 2001])
    let found = x.gatheringAlongAxis(which)
    #expect(
      found.scalars(as: Int.self)
        == indices.indices.map { values[$0 / 2001 * columns + indices[$0]] })
    expectIdentical(
      x.transposed().gatheringAlongAxis(which.transposed(), axis: 0).transposed().contiguousCopy,
      found)
    var sums = values
    for (at, index) in indices.enumerated() { sums[at / 2001 * columns + index] += at }
    let added = x.scatteringAlongAxis(
      Tensor(Array(indices.indices), shape: which.shape), at: which, mode: .add)
    #expect(added.scalars(as: Int.self) == sums)
  }

  @Test("sums of scattered floats are the same bits for any number of threads")
  func deterministic() {
    var generator = Generator(seed: 8)
    let values = Tensor.normal([3, 5000, 40], using: &generator)
    let indices = Tensor.uniform([5000], in: 0...100, using: &generator).cast(to: .int64)
    let before = threads
    defer { threads = before }
    let results = [1, 2, 5].map { count in
      threads = count
      return Tensor.zeros([3, 101, 40]).scattering(values, at: indices, axis: 1, mode: .add)
    }
    expectIdentical(results[0], results[1])
    expectIdentical(results[0], results[2])
    #expect(results[0].sum().scalar != 0)
  }

  @Test("of several values for one place the last stays, and only it has a gradient")
  func lastWins() {
    let value = Tensor([1, 2, 3, 4]).tracked()
    var x = Tensor.zeros([2])
    x[Tensor([1, 0, 1, 1] as [Int])] = value
    expectClose(x, [2, 4])
    expectClose(
      gradients(of: (x * Tensor([5, 7])).sum(), withRespectTo: [value])[0], [0, 5, 0, 7])
  }

  @Test("of a maximum the equal candidates share the gradient, and NaN reaches all")
  func scatteredMaximum() {
    let base = Tensor([3, 1, 0]).tracked()
    let values = Tensor([3, 3, .nan, 2]).tracked()
    let y = base.scattering(values, at: Tensor([0, 0, 1, 2] as [Int]), mode: .maximum)
    expectClose(y, [3, .nan, 2])
    let found = gradients(of: y.sum(), withRespectTo: [base, values])
    expectClose(found[0], [1.0 / 3, .nan, 0], relative: 1e-6)
    expectClose(found[1], [1.0 / 3, 1.0 / 3, .nan, 1], relative: 1e-6)
  }

  @Test("windows are views until somebody writes")
  func windows() {
    let x = numbers([1000])
    let windows = x.unfolded(size: 500)
    #expect(windows.shape == [501, 500])
    expectClose(windows[500, 499], [999])
    expectClose(windows.sum(axes: [1])[7], [Double((7..<507).reduce(0, +))])
    var changed = windows
    changed[0] = 0
    expectClose(changed[1, ..<3], [1, 2, 3])
  }
}

extension Tensor {
  /// The same elements in fresh memory.
  fileprivate var contiguousCopy: Tensor { Tensor(bytes: bytes(), shape: shape, dtype: dtype) }
}
