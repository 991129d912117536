import Adjoint

/// A recurrent network (Elman): h_t = tanh(x_t W_ihᵀ + b_ih + h_{t-1} W_hhᵀ + b_hh), or relu.
///
/// Shapes: the input is `[n, steps, inputSize]`, the result `[n, steps, hiddenSize * directions]`,
/// forward features first; without `returnsSequence` it is `[n, hiddenSize * directions]`, the states
/// after the last step. States are `[layers * directions, n, hiddenSize]`.
///
/// Parameters: PyTorch's, for each layer k `weight_ih_lk` `[hiddenSize, inputs]`, `weight_hh_lk`
/// `[hiddenSize, hiddenSize]`, `bias_ih_lk` and `bias_hh_lk` `[hiddenSize]`; those of the direction
/// back end in `_reverse`. All start uniform in ±1 / sqrt(hiddenSize), as in PyTorch.
///
/// Source: Elman, "Finding structure in time", Cognitive Science 14 (1990).
public final class RNN: SavableLayer, CustomReflectable, RecurrentNetwork {
  /// What a step applies to its sum.
  public enum Activation: String, Codable, Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// max(x, 0).
    case relu
  }

  let stack: RecurrentStack<RNNFormula>
  /// What a step applies to its sum.
  public var activation: Activation { stack.formula.activation }

  /// A recurrent network.
  ///
  /// - Parameters:
  ///   - inputSize: the features of a step.
  ///   - hiddenSize: the features of the state.
  ///   - layers: how many are stacked; each reads the outputs of the one below.
  ///   - activation: what a step applies to its sum.
  ///   - bidirectional: whether a second network reads the steps from the last to the first.
  ///   - dropoutRate: of the outputs between layers, in training mode.
  ///   - useBias: whether there are biases.
  ///   - returnsSequence: whether the result has all steps or the last states only.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, activation: Activation = .tanh,
    bidirectional: Bool = false, dropoutRate: Double = 0, useBias: Bool = true,
    returnsSequence: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let settings = RecurrentSettings(
      inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
      useBias: useBias, dropoutRate: dropoutRate, returnsSequence: returnsSequence)
    self.init(settings, RNNFormula(activation: activation), dtype, file, line)
  }

  init(_ stack: RecurrentStack<RNNFormula>) { self.stack = stack }

  static func formula(from decoder: any Decoder) throws -> RNNFormula {
    let container = try decoder.container(keyedBy: RecurrentKeys.self)
    return RNNFormula(activation: try container.decode(Activation.self, forKey: .activation))
  }

  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: RecurrentKeys.self)
    try container.encode(stack.settings, forKey: .settings)
    try container.encode(activation, forKey: .activation)
  }

  /// The sizes and what is not usual.
  public var details: [String] {
    (activation == .relu ? ["relu"] : []) + stack.settings.details
  }

  /// The outputs of all steps and the last state.
  ///
  /// - Parameters:
  ///   - x: sequences `[n, steps, inputSize]`.
  ///   - initialState: `[layers * directions, n, hiddenSize]`; nil for zeros.
  ///   - lengths: integers `[n]`, how many steps of each sequence count. Outputs behind them are 0,
  ///     the state is that after the last one that counts, and the direction back begins there:
  ///     PyTorch's packed sequences.
  public func callAsFunction(
    _ x: Tensor, initialState: Tensor?, lengths: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (output: Tensor, state: Tensor) {
    let found = run(
      x, initialState.map { [$0] }, lengths: lengths, at: CallSite(file: file, line: line))
    return (found.output, found.states[0])
  }
}
