import Adjoint

/// One step of an LSTM.
///
/// Shapes: the input is `[n, inputSize]`, states are `[n, hiddenSize]`.
///
/// Parameters: PyTorch's, `weight_ih` `[4 * hiddenSize, inputSize]`, `weight_hh`
/// `[4 * hiddenSize, hiddenSize]`, `bias_ih` and `bias_hh` `[4 * hiddenSize]`, uniform in
/// ±1 / sqrt(hiddenSize).
///
/// A sequence is faster as a whole: see ``LSTM``, which also has the formula.
public final class LSTMCell: Module {
  private let cell: RecurrentCell

  /// A cell from `inputSize` to `hiddenSize` features.
  public init(
    inputSize: Int, hiddenSize: Int, useBias: Bool = true, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = RecurrentCell(
      LSTMFormula(), inputSize: inputSize, hiddenSize: hiddenSize, useBias: useBias,
      dtype: dtype, "LSTMCell", file: file, line: line)
  }

  /// The sizes, such as `LSTMCell(128 to 256)`.
  public var description: String { cell.description("LSTMCell") }

  /// The state after the step, from a state or from zeros.
  public func callAsFunction(
    _ x: Tensor, state: LSTM.State? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> LSTM.State {
    let span = beginProfiling()
    defer { span?.end() }
    let next = cell.step(x, state.map { [$0.hidden, $0.cell] }, "LSTMCell", file, line)
    return LSTM.State(hidden: next[0], cell: next[1])
  }
}

extension LSTMCell: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { cell.mirror(of: self) }
}
