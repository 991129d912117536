import Adjoint

/// The parameters of one layer of a recurrent network in one direction.
struct RecurrentWeights {
  /// `[gates * hidden, inputs]`.
  let input: Parameter
  /// `[gates * hidden, hidden]`.
  let hidden: Parameter
  /// `[gates * hidden]` each.
  let inputBias, hiddenBias: Parameter?

  init(
    inputSize: Int, hiddenSize: Int, gateCount: Int, useBias: Bool, initializer: Initializer,
    dtype: DType, file: StaticString, line: UInt
  ) {
    let rows = gateCount * hiddenSize
    func parameter(_ shape: Shape) -> Parameter {
      Parameter(initializer(shape, dtype: dtype), file: file, line: line)
    }
    input = parameter([rows, inputSize])
    hidden = parameter([rows, hiddenSize])
    inputBias = useBias ? parameter([rows]) : nil
    hiddenBias = useBias ? parameter([rows]) : nil
  }

  /// PyTorch's initial values: uniform in ±1 / sqrt(hidden size), biases too.
  static func initializer(hiddenSize: Int) -> Initializer {
    let limit = 1 / Double(max(hiddenSize, 1)).squareRoot()
    return .uniform(in: -limit...limit)
  }

  /// The parameters under PyTorch's names, such as `weight_ih_l0_reverse` for the suffix `_l0_reverse`.
  func children(suffix: String) -> [(label: String?, value: Any)] {
    [
      ("weight_ih" + suffix, input), ("weight_hh" + suffix, hidden),
      ("bias_ih" + suffix, inputBias as Any), ("bias_hh" + suffix, hiddenBias as Any),
    ]
  }

  /// The operands of all steps of this layer.
  ///
  /// - Parameters:
  ///   - x: the input of all steps, `[steps, n, inputs]`.
  ///   - formula: two biases are one where it only adds them.
  func operands(
    _ x: Tensor, _ states: [Tensor], _ formula: any RecurrentFormula
  ) -> Recurrence.Operands {
    var biases: [Tensor] = []
    if let inputBias, let hiddenBias {
      biases =
        formula is GRUFormula
        ? [inputBias.value, hiddenBias.value] : [inputBias.value + hiddenBias.value]
    }
    return Recurrence.Operands(
      x: matmul(x, input.value.transposed()), weight: hidden.value, states: states, biases: biases)
  }

  /// One step, recorded operation by operation: what the cells do.
  func step(
    _ x: Tensor, _ states: [Tensor], _ formula: any RecurrentFormula
  ) -> [Tensor] {
    func gates(_ x: Tensor, _ weight: Parameter, _ bias: Parameter?) -> [Tensor] {
      let product = matmul(x, weight.value.transposed())
      let sum = bias.map { product + $0.value } ?? product
      return sum.split(into: formula.gateCount, axis: -1)
    }
    let fromInput = gates(x, input, inputBias)
    return formula.forward(fromInput, gates(states[0], hidden, hiddenBias), states).states
  }
}
