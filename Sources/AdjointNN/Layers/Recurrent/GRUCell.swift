import Adjoint

/// One step of a network of gated recurrent units.
///
/// Shapes: the input is `[n, inputSize]`, states are `[n, hiddenSize]`.
///
/// Parameters: PyTorch's, `weight_ih` `[3 * hiddenSize, inputSize]`, `weight_hh`
/// `[3 * hiddenSize, hiddenSize]`, `bias_ih` and `bias_hh` `[3 * hiddenSize]`, uniform in
/// ±1 / sqrt(hiddenSize).
///
/// A sequence is faster as a whole: see ``GRU``, which also has the formula.
public final class GRUCell: Module {
  private let cell: RecurrentCell

  /// A cell from `inputSize` to `hiddenSize` features.
  public init(
    inputSize: Int, hiddenSize: Int, useBias: Bool = true, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = RecurrentCell(
      GRUFormula(), inputSize: inputSize, hiddenSize: hiddenSize, useBias: useBias,
      dtype: dtype, "GRUCell", file: file, line: line)
  }

  /// The sizes, such as `GRUCell(128 to 256)`.
  public var description: String { cell.description("GRUCell") }

  /// The state after the step, from a state or from zeros.
  public func callAsFunction(
    _ x: Tensor, state: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    return cell.step(x, state.map { [$0] }, "GRUCell", file, line)[0]
  }
}

extension GRUCell: CustomReflectable {
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { cell.mirror(of: self) }
}
