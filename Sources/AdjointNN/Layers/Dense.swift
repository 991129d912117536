import Adjoint

/// A fully connected layer: y = x Wᵀ + b.
///
/// Shapes: the input is `[..., inputSize]`, the result `[..., outputSize]`; `weight` is
/// `[outputSize, inputSize]` and `bias` `[outputSize]`, as PyTorch's `Linear` stores them.
///
/// The weight starts Glorot-uniform and the bias zero, as in Keras.
public final class Dense: Layer {
  /// The weight W, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The bias b, `[outputSize]`; nil for a linear map without one.
  public let bias: Parameter?

  /// A layer from `inputSize` to `outputSize` features.
  public init(
    inputSize: Int, outputSize: Int, useBias: Bool = true,
    weightInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let shape = Shape(exactly: [outputSize, inputSize]) else {
      programmingError(
        "Dense", "there is no layer from \(inputSize) to \(outputSize) features", file: file,
        line: line)
    }
    weight = Parameter(weightInitializer(shape, dtype: dtype), file: file, line: line)
    bias =
      useBias
      ? Parameter(biasInitializer([outputSize], dtype: dtype), file: file, line: line) : nil
  }

  /// The number of features that come in.
  public var inputSize: Int { weight.shape[1] }
  /// The number of features that go out.
  public var outputSize: Int { weight.shape[0] }
  /// Whether there is no bias.
  public var details: [String] { bias == nil ? ["no bias"] : [] }

  /// The sizes, such as `Dense(784 to 256)`.
  public var description: String {
    "Dense(\((["\(inputSize) to \(outputSize)"] + details).joined(separator: ", ")))"
  }

  /// x Wᵀ + b.
  public func forward(_ x: Tensor) -> Tensor {
    if x.shape.last != inputSize {
      fail(
        "an input of shape \(x.shape) does not fit the weight of shape \(weight.shape): its last "
          + "axis must have \(inputSize) elements")
    }
    if x.dtype != weight.dtype {
      fail("the input is \(x.dtype) \(x.shape), the weight \(weight.dtype) \(weight.shape)")
    }
    let product = matmul(x, weight.value.transposed())
    return bias.map { product + $0.value } ?? product
  }
}

extension Dense: SavableLayer {
  private enum CodingKeys: CodingKey { case inputSize, outputSize, useBias }

  /// Writes the sizes, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(inputSize, forKey: .inputSize)
    try container.encode(outputSize, forKey: .outputSize)
    try container.encode(bias != nil, forKey: .useBias)
  }

  /// A layer of the sizes that were written, with zeros for weights.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let (inputSize, outputSize) = (
      try container.decode(Int.self, forKey: .inputSize),
      try container.decode(Int.self, forKey: .outputSize)
    )
    guard Shape(exactly: [outputSize, inputSize]) != nil else {
      throw DecodingError.dataCorruptedError(
        forKey: .inputSize, in: container,
        debugDescription: "there is no layer from \(inputSize) to \(outputSize) features")
    }
    // A constant takes no memory: whatever sizes a file claims cost nothing until weights fit them.
    self.init(
      inputSize: inputSize, outputSize: outputSize,
      useBias: try container.decode(Bool.self, forKey: .useBias), weightInitializer: .zeros)
  }
}
