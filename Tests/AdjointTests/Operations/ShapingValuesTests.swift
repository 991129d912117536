import Adjoint
import Testing

/// Changes of shape and indexing under the names they have in Fixtures/shaping.json.
private enum Shaping {
  private static func pairs(_ numbers: [Int]) -> [(before: Int, after: Int)] {
    stride(from: 0, to: numbers.count, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
  }

  private static func mode(_ number: Int) -> ScatterMode {
    [.set, .add, .maximum, .minimum][number]
  }

  private static let shapes: [ReferenceOperation] = [
    .exact("flattened") { $0[0].flattened(from: $1[0], to: $1[1]) },
    .exact("unflattened") { $0[0].unflattened(axis: $1[0], into: Array($1[1...])) },
    .exact("squeezed") { x, _ in x[0].squeezed() },
    .exact("expanded") { $0[0].expanded(toRank: $1[0]) },
    .exact("movingAxis") { $0[0].movingAxis($1[0], to: $1[1]) },
    .exact("movingAxes") { $0[0].movingAxes([$1[0], $1[1]], to: [$1[2], $1[3]]) },
    .exact("flipped") { $0[0].flipped(axes: $1.isEmpty ? nil : $1) },
    .exact("rotated") { $0[0].rotated(quarterTurns: $1[0], axes: ($1[1], $1[2])) },
    .exact("rolled") { x, numbers in
      let half = numbers.count / 2
      return half == 1
        ? x[0].rolled(numbers[0], axis: numbers[1])
        : x[0].rolled(Array(numbers[..<half]), axes: Array(numbers[half...]))
    },
    .exact("tiled") { $0[0].tiled($1) },
    .exact("repeated") { $0[0].repeated($1[0], axis: $1[1]) },
    .exact("repeatedEach") { $0[0].repeated(Array($1[1...]), axis: $1[0]) },
    .exact("splitSizes") { $0[0].split(Array($1[2...]), axis: $1[1])[$1[0]] },
    .exact("splitEvery") { $0[0].split(every: $1[1], axis: $1[2])[$1[0]] },
    .exact("splitInto") { $0[0].split(into: $1[1], axis: $1[2])[$1[0]] },
    .exact("chunked") { $0[0].chunked(into: $1[1], axis: $1[2])[$1[0]] },
    .exact("unstacked") { $0[0].unstacked(axis: $1[1])[$1[0]] },
    .exact("padded") { $0[0].padded(pairs($1)) },
    .exact("paddedOnes") { $0[0].padded(pairs($1), with: .constant(1)) },
    .exact("replicate") { $0[0].padded(pairs($1), with: .replicate) },
    .exact("circular") { $0[0].padded(pairs($1), with: .circular) },
    .exact("reflect") { $0[0].padded(pairs($1), with: .reflect) },
    .exact("diagonal") { $0[0].diagonal(offset: $1[0], axes: ($1[1], $1[2])) },
    .exact("diagonalMatrix") { $0[0].diagonalMatrix(offset: $1[0]) },
    .exact("tril") { tril($0[0], diagonal: $1[0]) },
    .exact("triu") { triu($0[0], diagonal: $1[0]) },
    .exact("unfolded") { $0[0].unfolded(size: $1[0], step: $1[1], axis: $1[2]) },
    .exact("meshgrid") { meshgrid($0, indexing: $1[1] == 0 ? .ij : .xy)[$1[0]] },
    .exact("cartesianProduct") { x, _ in cartesianProduct(x) },
    .exact("blockDiagonal") { x, _ in blockDiagonal(x) },
    ReferenceOperation(name: "vander", isElementwise: false, tolerance: (2.4e-7, 1e-15)) {
      vander($0[0], columns: $1[0], increasing: $1[1] == 1)
    },
  ]

  private static let places: [ReferenceOperation] = [
    .exact("gatheringAlongAxis") { $0[0].gatheringAlongAxis($0[1], axis: $1[0]) },
    .exact("gatheringSlices") { $0[0].gathering($0[1], axis: $1[0]) },
    .exact("scatteringAlongAxis") {
      $0[0].scatteringAlongAxis($0[1], at: $0[2], axis: $1[0], mode: mode($1[1]))
    },
    .exact("scatteringSlices") {
      $0[0].scattering($0[1], at: $0[2], axis: $1[0], mode: mode($1[1]))
    },
    .exact("taking") { x, _ in x[0].taking(x[1]) },
    .exact("nonzero") { x, _ in x[0].nonzero() },
    .exact("whereColumn") { `where`($0[0])[$1[0]] },
    ReferenceOperation(name: "logspace", isElementwise: false, tolerance: (0, 1e-14)) {
      _, numbers in
      let values = numbers.map { Double($0) / 100 }
      return .logspace(
        values[0], values[1], count: numbers[2], base: values[3], dtype: .float64)
    },
    .exact("eye") { _, sizes in Tensor.eye(sizes[0], columns: sizes[1]) },
  ]

  /// The inputs of subscripts: the tensor, indices i, j, k and i2, masks m, m1, m2 and m3, a value.
  private static func read(
    _ name: String,
    _ f: @escaping @Sendable (_ x: Tensor, _ t: [Tensor]) -> Tensor
  ) -> ReferenceOperation {
    .exact(name) { inputs, _ in f(inputs[0], Array(inputs[1...])) }
  }

  private static let reads: [ReferenceOperation] = [
    read("x[0]") { x, _ in x[0] }, read("x[-1]") { x, _ in x[-1] },
    read("x[1, 2]") { x, _ in x[1, 2] }, read("x[1, -1, 0]") { x, _ in x[1, -1, 0] },
    read("x[..., 0]") { x, _ in x[..., 0] }, read("x[0, ..., 1:3]") { x, _ in x[0, ..., 1..<3] },
    read("x[..., -2, 1:]") { x, _ in x[..., -2, 1...] }, read("x[...]") { x, _ in x[...] },
    read("x[:, ::2]") { x, _ in x[.all, .every(2)] },
    read("x[:, :, ::-1]") { x, _ in x[.all, .all, .every(-1)] },
    read("x[::-1, ::-2]") { x, _ in x[.every(-1), .every(-2)] },
    read("x[:, :, -3:-1]") { x, _ in x[.all, .all, -3 ..< -1] },
    read("x[:, -2:]") { x, _ in x[.all, (-2)...] }, read("x[:, :-1]") { x, _ in x[.all, ..<(-1)] },
    read("x[:, 1:1]") { x, _ in x[.all, 1..<1] },
    read("x[..., 3:0:-2]") { x, _ in x[..., .every(-2, from: 3, to: 0)] },
    read("x[None]") { x, _ in x[.newAxis] },
    read("x[:, None, 0, ..., None]") { x, _ in x[.all, .newAxis, 0, .all, .newAxis] },
    read("x[0, 1, ..., 2:]") { x, _ in x[0, 1, ..., 2...] },
    read("x[i]") { x, t in x[t[0]] }, read("x[:, j]") { x, t in x[.all, t[1]] },
    read("x[..., j, :]") { x, t in x[..., t[1], .all] }, read("x[i, j]") { x, t in x[t[0], t[1]] },
    read("x[i, :, k]") { x, t in x[t[0], .all, t[2]] },
    read("x[:, j, k]") { x, t in x[.all, t[1], t[2]] },
    read("x[0, j, k]") { x, t in x[0, t[1], t[2]] },
    read("x[i2]") { x, t in x[t[3]] }, read("x[i2, j]") { x, t in x[t[3], t[1]] },
    read("x[1:, j, None]") { x, t in x[1..., t[1], .newAxis] },
    read("x[m]") { x, t in x[t[4]] }, read("x[m2]") { x, t in x[t[6]] },
    read("x[:, m3]") { x, t in x[.all, t[7]] }, read("x[0, m3]") { x, t in x[0, t[7]] },
    read("x[m1, 1:]") { x, t in x[t[5], 1...] },
    read("x[m1, :, k]") { x, t in x[t[5], .all, t[2]] },
    read("x[m1, j]") { x, t in x[t[5], t[1]] },
  ]

  private static func write(
    _ name: String,
    _ f: @escaping @Sendable (_ x: inout Tensor, _ t: [Tensor], _ value: Tensor) -> Void
  ) -> ReferenceOperation {
    .exact("\(name) = v") { inputs, _ in
      var x = inputs[0]
      f(&x, Array(inputs[1...]), inputs[9])
      return x
    }
  }

  private static let writes: [ReferenceOperation] = [
    write("x[0]") { x, _, v in x[0] = v }, write("x[1, 2]") { x, _, v in x[1, 2] = v },
    write("x[..., 1:3]") { x, _, v in x[..., 1..<3] = v },
    write("x[:, ::2, ::-1]") { x, _, v in x[.all, .every(2), .every(-1)] = v },
    write("x[...]") { x, _, v in x[...] = v },
    write("x[0, ..., 1:3]") { x, _, v in x[0, ..., 1...2] = v },
    write("x[..., 3:0:-2]") { x, _, v in x[..., .every(-2, from: -1, to: 0)] = v },
    write("x[:, 1:1]") { x, _, v in x[.all, 1..<1] = v },
    write("x[:, None, 0]") { x, _, v in x[.all, .newAxis, 0] = v },
    write("x[i]") { x, t, v in x[t[0]] = v }, write("x[:, j]") { x, t, v in x[.all, t[1]] = v },
    write("x[i, j]") { x, t, v in x[t[0], t[1]] = v },
    write("x[:, j, k]") { x, t, v in x[.all, t[1], t[2]] = v },
    write("x[i, :, k]") { x, t, v in x[t[0], .all, t[2]] = v },
    write("x[1, j, k]") { x, t, v in x[1, t[1], t[2]] = v },
    write("x[i2, j]") { x, t, v in x[t[3], t[1]] = v },
    write("x[m]") { x, t, v in x[t[4]] = v }, write("x[m2]") { x, t, v in x[t[6]] = v },
    write("x[:, m3]") { x, t, v in x[.all, t[7]] = v },
    write("x[1, m3]") { x, t, v in x[1, t[7]] = v },
    write("x[m1, 1:]") { x, t, v in x[t[5], 1...] = v },
  ]

  static let all = shapes + places + reads + writes
}

extension Tensor {
  /// The same tensor as a view that runs backwards along every axis.
  fileprivate var asBackwardsView: Tensor {
    let flipped = self.flipped()
    return Tensor(bytes: flipped.bytes(), shape: shape, dtype: dtype).flipped()
  }
}

@Suite("Shapes and indices are those of NumPy and PyTorch")
struct ShapingValuesTests {
  private static let reference = ReferenceValues.load("shaping.json")

  @Test("for whole arrays, row-major or as views", arguments: Shaping.all)
  func agrees(_ operation: ReferenceOperation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      let relative = expected.dtype == .float32 ? operation.tolerance.0 : operation.tolerance.1
      func expect(_ inputs: [Tensor], _ layout: String) {
        expectClose(
          operation.function(inputs, arguments), expected, relative: relative,
          "\(operation) of \(inputs[0]) with \(arguments), \(layout)")
      }
      expect(inputs, "row-major")
      expect(inputs.map(\.asTransposedView), "transposed")
      expect(inputs.map(\.asSlicedView), "sliced")
      expect(inputs.map(\.asBackwardsView), "backwards")
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting(Shaping.all.map(\.name)) == [])
  }
}
