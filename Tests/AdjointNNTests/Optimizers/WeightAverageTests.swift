import Adjoint
import AdjointNN
import Testing

private struct Failure: Error {}

struct WeightAverageTests {
  private func model() -> Dense {
    let model = Dense(inputSize: 2, outputSize: 3, useBias: false)
    model.convert(to: .float64)
    return model
  }

  private func set(_ model: Dense, _ values: [Double]) {
    model.weight.value = Tensor(values, shape: [3, 2], dtype: .float64)
  }

  @Test(arguments: [nil, 0.9])
  func `Averages are those of PyTorch`(_ decay: Double?) throws {
    let reference = try #require(OptimizerReference.shared)
    let expected = decay == nil ? reference.equalAverages : reference.exponentialAverages
    let model = model()
    let average = WeightAverage(of: model, decay: decay)
    for (moment, values) in zip(reference.moments, expected) {
      set(model, moment)
      average.update()
      try average.withAveragedWeights { try expectClose(model.weight.value, values) }
      try expectClose(model.weight.value, moment, tolerance: 0)
    }
    #expect(average.count == reference.moments.count)
  }

  @Test func `The weights come back after an error`() throws {
    let model = model()
    let average = WeightAverage(of: model, decay: 0.5)
    let unchanged: Int = average.withAveragedWeights { 3 }
    #expect(unchanged == 3)
    set(model, [1, 2, 3, 4, 5, 6])
    average.update()
    set(model, [3, 4, 5, 6, 7, 8])
    average.update()
    #expect(throws: Failure.self) {
      try average.withAveragedWeights {
        #expect(model.weight.value.scalars == [2, 3, 4, 5, 6, 7])
        model.weight.value = Tensor.zeros([3, 2], dtype: .float64)
        throw Failure()
      }
    }
    #expect(model.weight.value.scalars == [3, 4, 5, 6, 7, 8])
    average.withAveragedWeights { #expect(model.weight.value.scalars == [2, 3, 4, 5, 6, 7]) }
  }

  @Test func `An average continues where it stopped`() throws {
    let reference = try #require(OptimizerReference.shared)
    let model = model()
    let first = WeightAverage(of: model)
    try first.load(stateDictionary: first.stateDictionary)
    for moment in reference.moments.prefix(2) {
      set(model, moment)
      first.update()
    }
    let second = WeightAverage(of: model)
    try second.load(stateDictionary: first.stateDictionary)
    for moment in reference.moments.dropFirst(2) {
      set(model, moment)
      second.update()
    }
    try second.withAveragedWeights {
      try expectClose(model.weight.value, reference.equalAverages[4])
    }
    var bad = second.stateDictionary
    bad["average.weight"] = Tensor.zeros([2, 3], dtype: .float64)
    #expect(
      thrown { try second.load(stateDictionary: bad) }?.contains("average.weight") == true)
    #expect(second.count == 5)
  }
}
