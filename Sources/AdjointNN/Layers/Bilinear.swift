import Adjoint

/// Bilinear forms of two inputs: y_o = x1ᵀ W_o x2 + b_o.
///
/// It takes two tensors, so it is a module and no `Layer`.
///
/// Shapes: inputs `[..., inputSize1]` and `[..., inputSize2]` give `[..., outputSize]`; `weight` is
/// `[outputSize, inputSize1, inputSize2]` and `bias` `[outputSize]`, as in PyTorch.
///
/// The weight starts Glorot-uniform and the bias zero.
public final class Bilinear: Module {
  /// The matrices W, `[outputSize, inputSize1, inputSize2]`.
  public let weight: Parameter
  /// The bias b, `[outputSize]`; nil without one.
  public let bias: Parameter?

  /// Bilinear forms.
  public init(
    inputSize1: Int, inputSize2: Int, outputSize: Int, useBias: Bool = true,
    weightInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let shape = Shape(exactly: [outputSize, inputSize1, inputSize2]) else {
      programmingError(
        "Bilinear",
        "there are no forms of \(inputSize1) and \(inputSize2) features with \(outputSize) results",
        file: file, line: line)
    }
    weight = Parameter(weightInitializer(shape, dtype: dtype), file: file, line: line)
    bias =
      useBias
      ? Parameter(biasInitializer([outputSize], dtype: dtype), file: file, line: line) : nil
  }

  /// The sizes, and whether there is no bias.
  public var details: [String] {
    let shape = weight.shape
    return ["\(shape[1]) and \(shape[2]) to \(shape[0])"] + (bias == nil ? ["no bias"] : [])
  }

  /// x1ᵀ W x2 + b.
  public func callAsFunction(
    _ first: Tensor, _ second: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let span = beginProfiling()
    defer { span?.end() }
    let (a, b) = (weight.shape[1], weight.shape[2])
    if first.shape.last != a || second.shape.last != b || first.dtype != weight.dtype
      || second.dtype != weight.dtype
    {
      programmingError(
        "Bilinear",
        "inputs \(first.dtype) \(first.shape) and \(second.dtype) \(second.shape) do not fit the "
          + "weight \(weight.dtype) \(weight.shape): expected [..., \(a)] and [..., \(b)]",
        file: file, line: line)
    }
    let y = bilinear(first, second, weight: weight.value, file: file, line: line)
    return bias.map { y + $0.value } ?? y
  }
}
