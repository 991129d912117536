import Adjoint

/// A network of gated recurrent units.
///
/// The reset r and the update z are the sigmoid of their gate; n = tanh(x_t W_inᵀ + b_in + r
/// (h_{t-1} W_hnᵀ + b_hn)); h_t = (1 - z) n + z h_{t-1}, where the gates are x_t W_ihᵀ + b_ih +
/// h_{t-1} W_hhᵀ + b_hh in the order r, z, n. The reset gate comes after the product, as in PyTorch
/// and in Keras's `reset_after`.
///
/// Shapes: the input is `[n, steps, inputSize]`, the result `[n, steps, hiddenSize * directions]`,
/// forward features first; without `returnsSequence` it is `[n, hiddenSize * directions]`, the states
/// after the last step. States are `[layers * directions, n, hiddenSize]`.
///
/// Parameters: PyTorch's, for each layer k `weight_ih_lk` `[3 * hiddenSize, inputs]`, `weight_hh_lk`
/// `[3 * hiddenSize, hiddenSize]`, `bias_ih_lk` and `bias_hh_lk` `[3 * hiddenSize]`; those of the
/// direction back end in `_reverse`. All start uniform in ±1 / sqrt(hiddenSize), as in PyTorch.
///
/// Source: Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
public final class GRU: SavableLayer, CustomReflectable, RecurrentNetwork {
  let stack: RecurrentStack<GRUFormula>

  /// A network of gated recurrent units.
  ///
  /// - Parameters:
  ///   - inputSize: the features of a step.
  ///   - hiddenSize: the features of the state.
  ///   - layers: how many are stacked; each reads the outputs of the one below.
  ///   - bidirectional: whether a second network reads the steps from the last to the first.
  ///   - dropoutRate: of the outputs between layers, in training mode.
  ///   - useBias: whether there are biases.
  ///   - returnsSequence: whether the result has all steps or the last states only.
  ///   - dtype: the type of the parameters, a floating one.
  public convenience init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    dropoutRate: Double = 0, useBias: Bool = true, returnsSequence: Bool = true,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = RecurrentSettings(
      inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
      useBias: useBias, dropoutRate: dropoutRate, returnsSequence: returnsSequence)
    self.init(settings, GRUFormula(), dtype, file, line)
  }

  init(_ stack: RecurrentStack<GRUFormula>) { self.stack = stack }

  static func formula(from decoder: any Decoder) -> GRUFormula { GRUFormula() }

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
