import Adjoint

/// Layers of a recurrent network one upon the other, in one or both directions.
struct RecurrentStack<Formula: RecurrentFormula> {
  let settings: RecurrentSettings
  let formula: Formula
  /// For every layer, the weights of its directions.
  private let layers: [[RecurrentWeights]]

  init(
    _ settings: RecurrentSettings, _ formula: Formula, initializer: Initializer?,
    dtype: DType, _ kind: String, file: StaticString, line: UInt
  ) {
    if let mistake = settings.mistake {
      programmingError(kind, mistake, file: file, line: line)
    }
    (self.settings, self.formula) = (settings, formula)
    let initializer =
      initializer ?? RecurrentWeights.initializer(hiddenSize: settings.hiddenSize)
    layers = (0..<settings.layers).map { layer in
      (0..<settings.directions).map { _ in
        RecurrentWeights(
          inputSize: layer == 0 ? settings.inputSize : settings.outputSize,
          hiddenSize: settings.hiddenSize, gateCount: formula.gateCount,
          useBias: settings.useBias, initializer: initializer, dtype: dtype, file: file, line: line)
      }
    }
  }

  /// The parameters under PyTorch's names.
  func mirror(of owner: Any) -> Mirror {
    var children: [(label: String?, value: Any)] = []
    for (layer, directions) in layers.enumerated() {
      for (direction, weights) in directions.enumerated() {
        children += weights.children(suffix: "_l\(layer)\(direction == 1 ? "_reverse" : "")")
      }
    }
    return Mirror(owner, children: children)
  }

  private var dtype: DType { layers[0][0].input.dtype }

  /// The outputs `[n, steps, features]` and, for each state, its last values
  /// `[layers * directions, n, hidden]`.
  ///
  /// - Parameter fail: stops the program with what is wrong about the input.
  func run(
    _ x: Tensor, _ initial: [Tensor]?, lengths: Tensor?, fail: (String) -> Never
  ) -> (output: Tensor, states: [Tensor], last: Tensor) {
    check(x, initial, lengths, fail)
    let (n, steps) = (x.shape[0], x.shape[1])
    let alive = lengths.map { lengths in
      Tensor.arange(steps).reshaped([steps, 1, 1])
        .< lengths.cast(to: .int64).reshaped([1, n, 1])
    }
    let mask = alive?.unstacked()
    let zeros = Tensor.zeros([n, settings.hiddenSize], dtype: dtype)
    let first = initial.map { $0.map { $0.unstacked() } }
    var found = [[Tensor]](repeating: [], count: formula.stateCount)
    var y = x.permuted(1, 0, 2)
    for (number, directions) in layers.enumerated() {
      if number > 0, settings.dropoutRate > 0, Mode.current == .training {
        y = dropout(y, rate: settings.dropoutRate)
      }
      let outputs = directions.enumerated().map { direction, weights in
        let place = number * directions.count + direction
        let states =
          first.map { $0.map { $0[place] } }
          ?? Array(repeating: zeros, count: formula.stateCount)
        let run = Recurrence(formula: formula, mask: mask, isReversed: direction == 1)
        let (outputs, last) = run(weights.operands(y, states, formula))
        for (index, state) in last.enumerated() { found[index].append(state) }
        return outputs
      }
      y = outputs.count == 1 ? outputs[0] : concatenated(outputs, axis: 2)
      if let alive { y = `where`(alive, y, 0) }
    }
    let last = found[0].suffix(settings.directions)
    return (
      y.permuted(1, 0, 2), found.map { stacked($0) },
      last.count == 1 ? last.first! : concatenated(Array(last), axis: 1)
    )
  }

  private func check(
    _ x: Tensor, _ initial: [Tensor]?, _ lengths: Tensor?, _ fail: (String) -> Never
  ) {
    if x.rank != 3 || x.shape[2] != settings.inputSize || x.shape[1] == 0 {
      fail(
        "needs an input [n, steps, \(settings.inputSize)] of one step at least, not \(x.shape)"
          + sequenceAdvice(x.shape, settings.inputSize))
    }
    if x.dtype != dtype { fail("the input is \(x.dtype) \(x.shape), the weights are \(dtype)") }
    let (n, steps) = (x.shape[0], x.shape[1])
    let expected: Shape = [settings.layers * settings.directions, n, settings.hiddenSize]
    for state in initial ?? [] where state.shape != expected || state.dtype != dtype {
      fail(
        "the initial state is \(state.dtype) \(state.shape); for the input \(x.shape) it must be "
          + "\(dtype) \(expected): [layers * directions, n, hidden]")
    }
    guard let lengths else { return }
    if lengths.shape != [n] || lengths.dtype.isFloatingPoint || lengths.dtype == .bool {
      fail(
        "lengths are [\(n)] integers, one for each sequence, not \(lengths.dtype) \(lengths.shape)")
    }
    if let wrong = lengths.scalars.first(where: { $0 < 0 || $0 > Double(steps) }) {
      fail("a length of \(Int(wrong)) is not in 0 ... \(steps), the steps of input \(x.shape)")
    }
  }
}
