import Adjoint
import AdjointNN
import Testing

struct LayerValuesTests {
  private let references: [String: LayerReference]

  init() throws { references = try LayerReference.shared.get() }

  private func reference(_ row: LayerRow) throws -> LayerReference {
    try #require(references[row.testDescription], "no case \(row.testDescription)")
  }

  @Test func `Every case of the fixture has a row, and every row a case`() {
    let names = LayerRow.all.map(\.testDescription) + ["bilinear"]
    #expect(Set(names) == Set(references.keys))
    #expect(names.count == references.count)
  }

  @Test(arguments: LayerRow.all)
  func `State, results, gradients and running values are those of PyTorch`(
    _ row: LayerRow
  ) throws {
    let reference = try reference(row)
    let layer = try row.layer()
    let state = layer.stateDictionary.mapValues { Array($0.shape) }
    #expect(state == reference.state)
    let x = row.indices == nil ? row.input(reference).tracked() : row.input(reference)
    try withMode(row.mode) {
      let y = layer(x)
      #expect(y.shape == Shape(reference.shape))
      try expectDigest(y, reference.y, tolerance: 1e-11)
      let named = layer.namedParameters
      #expect(Set(named.map(\.name)) == Set(reference.gradients.keys))
      let targets = named.map(\.parameter.value) + (x.isTracked ? [x] : [])
      let found = gradients(
        of: y, withRespectTo: targets, cotangent: wave(y.shape, seed: 5))
      for (entry, gradient) in zip(named, found) {
        let expected = try #require(reference.gradients[entry.name])
        try expectDigest(gradient, expected, tolerance: 1e-10)
      }
      if let dx = reference.dx {
        try expectDigest(found[named.count], dx, tolerance: 1e-10)
      }
    }
    for (name, buffer) in layer.namedBuffers {
      guard let expected = reference.buffers?[name] else { continue }
      try expectDigest(buffer.value, expected, tolerance: 1e-12)
    }
    #expect(reference.buffers == nil || reference.buffers?.count == layer.namedBuffers.count)
  }

  /// Numbers that differ by more than the step of a difference, so that the largest stays it.
  private func spread(_ sizes: [Int]) -> Tensor {
    let count = sizes.reduce(1, *)
    let values = (0..<count).map { i -> Double in
      let place = Double(i * 37 % count) + 0.37
      return place / Double(count) * 3 - 1.5
    }
    return Tensor(values, shape: Shape(sizes))
  }

  // The power iteration is not differentiated, so in training a spectral norm differs.
  @Test(
    arguments: LayerRow.all.filter {
      $0.indices == nil && $0.testDescription != "spectralNorm dense training"
    })
  func `Derivatives agree with differences, in order 1 and 2`(_ row: LayerRow) throws {
    let (layer, reference) = (try row.layer(), try reference(row))
    let x = row.testDescription.contains("axPool") ? spread(reference.input) : row.input(reference)
    let report = withMode(row.mode) { checkGradients(of: layer, input: x) }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: LayerRow.all.filter { $0.indices != nil })
  func `Derivatives of tables agree with differences`(_ row: LayerRow) throws {
    let (layer, x) = (try row.layer(), row.input(try reference(row)))
    let report = checkGradients(of: layer, inputs: []) { _ in layer(x) }
    // The row of the padding index changes the result, but has no gradient on purpose.
    #expect(report.passed == (row.testDescription != "embedding padding"), "\(report)")
  }

  @Test(arguments: LayerRow.all)
  func `Layers work in single precision`(_ row: LayerRow) throws {
    let reference = try reference(row)
    let layer = row.make()
    let state = try row.layer().stateDictionary.mapValues {
      $0.dtype == .float64 ? $0.cast(to: .float32) : $0
    }
    try layer.load(stateDictionary: state)
    let x = row.input(reference)
    let single = x.dtype == .float64 ? x.cast(to: .float32) : x
    let y = withMode(row.mode) { layer(single) }
    #expect(y.dtype == .float32)
    let precise = try row.layer()
    let exact = withMode(row.mode) { precise(x) }
    try expectClose(y, exact.scalars, shape: exact.shape, tolerance: 1e-4)
  }

  @Test func `Bilinear computes what PyTorch's computes, with its gradients`() throws {
    let reference = try #require(references["bilinear"])
    let layer = Bilinear(inputSize1: 3, inputSize2: 2, outputSize: 4, dtype: .float64)
    #expect(layer.stateDictionary.mapValues { Array($0.shape) } == reference.state)
    try setState(layer)
    let first = (wave([5, 3], seed: 11) * 1.5).tracked()
    let second = wave([5, 2], seed: 12).tracked()
    let y = layer(first, second)
    try expectClose(y, reference.y, shape: [5, 4])
    let bias = try #require(layer.bias)
    let targets = [first, second, layer.weight.value, bias.value]
    let found = gradients(of: y, withRespectTo: targets, cotangent: wave([5, 4], seed: 5))
    let expected = try [
      #require(reference.dx), #require(reference.gradients["second"]),
      #require(reference.gradients["weight"]), #require(reference.gradients["bias"]),
    ]
    for (gradient, values) in zip(found, expected) {
      try expectDigest(gradient, values, tolerance: 1e-11)
    }
    let report = checkGradients(of: layer, inputs: [first, second]) { layer($0[0], $0[1]) }
    #expect(report.passed, "\(report)")
  }
}
