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
public final class GRU: Layer {
  private let stack: RecurrentStack

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
    self.init(settings, dtype: dtype, file: file, line: line)
  }

  private init(
    _ settings: RecurrentSettings, initializer: Initializer? = nil, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    stack = RecurrentStack(
      settings, GRUFormula(), initializer: initializer, dtype: dtype, "GRU", file: file,
      line: line)
  }

  /// The sizes and what is not usual.
  public var details: [String] { stack.settings.details }
  /// The sizes, such as `GRU(128 to 256, 2 layers)`.
  public var description: String { stack.settings.description("GRU") }

  /// The outputs from initial states of zero.
  public func forward(_ x: Tensor) -> Tensor {
    let found = stack.run(x, nil, lengths: nil, fail: fail)
    return stack.settings.returnsSequence ? found.output : found.last
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
    CallSite.$current.withValue(CallSite(file: file, line: line)) {
      let found = stack.run(x, initialState.map { [$0] }, lengths: lengths, fail: fail)
      ShapeObserver.current?.note(self, input: x.shape, output: found.output.shape)
      return (found.output, found.states[0])
    }
  }
}

extension GRU: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { stack.mirror(of: self) }
}

extension GRU: SavableLayer {
  private enum CodingKeys: CodingKey { case settings }

  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stack.settings, forKey: .settings)
  }

  /// A network of the settings that were written, with zeros for weights.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let settings = try RecurrentSettings.decoded(from: container.superDecoder(forKey: .settings))
    self.init(settings, initializer: .zeros)
  }
}
