import Adjoint

/// One step of a recurrent network: h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh), or relu.
///
/// Shapes: the input is `[n, inputSize]`, states are `[n, hiddenSize]`.
///
/// Parameters: PyTorch's, `weight_ih` `[hiddenSize, inputSize]`, `weight_hh`
/// `[hiddenSize, hiddenSize]`, `bias_ih` and `bias_hh` `[hiddenSize]`, uniform in
/// ±1 / sqrt(hiddenSize).
///
/// A sequence is faster as a whole: see ``RNN``, which also has the formula.
public final class RNNCell: Module {
  private let cell: RecurrentCell

  /// A cell from `inputSize` to `hiddenSize` features.
  public init(
    inputSize: Int, hiddenSize: Int, activation: RNN.Activation = .tanh, useBias: Bool = true,
    dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = RecurrentCell(
      RNNFormula(activation: activation), inputSize: inputSize, hiddenSize: hiddenSize,
      useBias: useBias,
      dtype: dtype, "RNNCell", file: file, line: line)
  }

  /// The sizes, such as `RNNCell(128 to 256)`.
  public var description: String { cell.description("RNNCell") }

  /// The state after the step, from a state or from zeros.
  public func callAsFunction(
    _ x: Tensor, state: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return cell.step(x, state.map { [$0] }, "RNNCell", file, line)[0]
  }
}

extension RNNCell: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { cell.mirror(of: self) }
}
