import Adjoint

/// What the cells have in common: weights, checks and a step.
struct RecurrentCell {
  let weights: RecurrentWeights
  let formula: any RecurrentFormula

  init(
    _ formula: any RecurrentFormula, inputSize: Int, hiddenSize: Int, useBias: Bool, dtype: DType,
    _ kind: String, file: StaticString, line: UInt
  ) {
    let settings = RecurrentSettings(
      inputSize: inputSize, hiddenSize: hiddenSize, layers: 1, bidirectional: false,
      useBias: useBias, dropoutRate: 0, returnsSequence: true)
    if let mistake = settings.mistake {
      programmingError(kind, mistake, file: file, line: line)
    }
    self.formula = formula
    weights = RecurrentWeights(
      inputSize: inputSize, hiddenSize: hiddenSize, gateCount: formula.gateCount, useBias: useBias,
      initializer: RecurrentWeights.initializer(hiddenSize: hiddenSize), dtype: dtype, file: file,
      line: line)
  }

  var inputSize: Int { weights.input.shape[1] }
  var hiddenSize: Int { weights.hidden.shape[1] }

  func description(_ kind: String) -> String { "\(kind)(\(inputSize) to \(hiddenSize))" }

  func mirror(of owner: Any) -> Mirror { Mirror(owner, children: weights.children(suffix: "")) }

  /// The states after one step from `states`, or from zeros.
  func step(
    _ x: Tensor, _ states: [Tensor]?, _ kind: String, _ file: StaticString, _ line: UInt
  ) -> [Tensor] {
    let dtype = weights.input.dtype
    func check(_ tensor: Tensor, _ what: String, _ expected: Shape) {
      if tensor.shape != expected || tensor.dtype != dtype {
        programmingError(
          kind, "\(what) must be \(dtype) \(expected), not \(tensor.dtype) \(tensor.shape)",
          file: file, line: line)
      }
    }
    let n = x.shape.first ?? 1
    check(x, "the input", [n, inputSize])
    for state in states ?? [] { check(state, "the state", [n, hiddenSize]) }
    let zeros = Tensor.zeros([n, hiddenSize], dtype: dtype)
    let first = states ?? Array(repeating: zeros, count: formula.stateCount)
    return weights.step(x, first, formula)
  }
}
