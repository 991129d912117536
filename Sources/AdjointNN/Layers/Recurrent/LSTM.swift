import Adjoint

/// A long short-term memory: a recurrent network whose cell state is changed by gates.
///
/// `i`, `f` and `o` are the sigmoid of their gate, `g` is the tanh of its one; then
/// `c_t = f c_{t-1} + i g` and `h_t = o tanh(c_t)`. The gates are
/// `x_t W_ihᵀ + b_ih + h_{t-1} W_hhᵀ + b_hh` in the order i, f, g, o.
///
/// Shapes: the input is `[n, steps, inputSize]`, the result `[n, steps, hiddenSize * directions]`,
/// forward features first; without `returnsSequence` it is `[n, hiddenSize * directions]`, the hidden
/// states after the last step. States are `[layers * directions, n, hiddenSize]`.
///
/// Parameters: PyTorch's, for each layer k `weight_ih_lk` `[4 * hiddenSize, inputs]`, `weight_hh_lk`
/// `[4 * hiddenSize, hiddenSize]`, `bias_ih_lk` and `bias_hh_lk` `[4 * hiddenSize]`; those of the
/// direction back end in `_reverse`. All start uniform in ±1 / sqrt(hiddenSize), as in PyTorch; Keras
/// starts the bias of f at 1.
///
/// Source: Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); Gers,
/// Schmidhuber and Cummins, "Learning to forget", Neural Computation 12 (2000).
public final class LSTM: SavableLayer, CustomReflectable, RecurrentNetwork {
  /// What an LSTM hands on from step to step, for all layers and directions.
  public struct State: Sendable {
    /// The hidden state h, `[layers * directions, n, hiddenSize]`; for a cell `[n, hiddenSize]`.
    public var hidden: Tensor
    /// The cell state c, of the same shape.
    public var cell: Tensor

    /// A state.
    public init(hidden: Tensor, cell: Tensor) { (self.hidden, self.cell) = (hidden, cell) }
  }

  let stack: RecurrentStack<LSTMFormula>

  /// An LSTM.
  ///
  /// - Parameters:
  ///   - inputSize: the features of a step.
  ///   - hiddenSize: the features of the state.
  ///   - layers: how many are stacked; each reads the outputs of the one below.
  ///   - bidirectional: whether a second network reads the steps from the last to the first.
  ///   - dropoutRate: of the outputs between layers, in training mode.
  ///   - useBias: whether there are biases.
  ///   - returnsSequence: whether the result has all steps or the last hidden states only.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    dropoutRate: Double = 0, useBias: Bool = true, returnsSequence: Bool = true,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = RecurrentSettings(
      inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
      useBias: useBias, dropoutRate: dropoutRate, returnsSequence: returnsSequence)
    self.init(settings, LSTMFormula(), dtype, file, line)
  }

  init(_ stack: RecurrentStack<LSTMFormula>) { self.stack = stack }

  static func formula(from decoder: any Decoder) -> LSTMFormula { LSTMFormula() }

  /// The outputs of all steps and the last states.
  ///
  /// - Parameters:
  ///   - x: sequences `[n, steps, inputSize]`.
  ///   - initialState: nil for zeros.
  ///   - lengths: integers `[n]`, how many steps of each sequence count. Outputs behind them are 0,
  ///     the states are those after the last one that counts, and the direction back begins there:
  ///     PyTorch's packed sequences.
  public func callAsFunction(
    _ x: Tensor, initialState: State?, lengths: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (output: Tensor, state: State) {
    let found = run(
      x, initialState.map { [$0.hidden, $0.cell] }, lengths: lengths,
      at: CallSite(file: file, line: line))
    return (found.output, State(hidden: found.states[0], cell: found.states[1]))
  }
}
