import Adjoint

/// A fully connected layer: y = f(x Wᵀ + b).
///
/// Shapes: the input is `[..., inputSize]`, the result `[..., outputSize]`; `weight` is
/// `[outputSize, inputSize]` and `bias` `[outputSize]`, as PyTorch's `Linear` stores them.
///
/// The weight starts Glorot-uniform and the bias zero, as in Keras.
public final class Dense: SavableLayer, ConfiguredLayer {
  /// The weight W, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The bias b, `[outputSize]`; nil for a linear map without one.
  public let bias: Parameter?
  /// The function f.
  public let activation: ActivationFunction

  /// A layer from `inputSize` to `outputSize` features.
  /// - Parameters:
  ///   - inputSize: the features that come in.
  ///   - outputSize: the features that go out.
  ///   - activation: the function f. `fit` trains on the logits before a softmax.
  ///   - useBias: whether there is a bias.
  ///   - weightInitializer: how the weight starts.
  ///   - biasInitializer: how the bias starts.
  ///   - dtype: the type of the parameters, a floating one.
  public init(
    inputSize: Int, outputSize: Int, activation: ActivationFunction = .identity,
    useBias: Bool = true, weightInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let settings = Self.checked(
      Settings(inputSize: inputSize, outputSize: outputSize, useBias: useBias), file, line)
    weight = Parameter(
      weightInitializer([settings.outputSize, inputSize], dtype: dtype), file: file, line: line)
    bias =
      useBias
      ? Parameter(biasInitializer([outputSize], dtype: dtype), file: file, line: line) : nil
    self.activation = activation
  }

  /// A layer with the parameters of another and no activation.
  private init(linear layer: Dense) {
    (weight, bias, activation) = (layer.weight, layer.bias, .identity)
  }

  /// The number of features that come in.
  public var inputSize: Int { weight.shape[1] }
  /// The number of features that go out.
  public var outputSize: Int { weight.shape[0] }
  /// Whether there is no bias, and the activation.
  public var details: [String] {
    (bias == nil ? ["no bias"] : []) + (activation == .identity ? [] : ["\(activation)"])
  }

  /// The sizes, such as `Dense(784 to 256)`.
  public var description: String {
    "Dense(\((["\(inputSize) to \(outputSize)"] + details).joined(separator: ", ")))"
  }

  /// f(x Wᵀ + b).
  public func forward(_ x: Tensor) -> Tensor {
    if x.shape.last != inputSize {
      fail(
        "an input of shape \(x.shape) does not fit the weight of shape \(weight.shape): its last "
          + "axis must have \(inputSize) elements" + advice(for: x.shape))
    }
    requireDType(x, of: weight)
    let product = matmul(x, weight.value.transposed())
    return activation(bias.map { product + $0.value } ?? product, at: .current)
  }

  /// What to do about an input that has the right elements on the wrong axes.
  private func advice(for shape: Shape) -> String {
    if shape.rank > 2 && shape.dropFirst().reduce(1, *) == inputSize {
      return "; Flatten() in front of the layer makes it [\(shape[0]), \(inputSize)]"
    }
    if shape.rank > 1 && shape.elementCount == inputSize {
      return "; if it is a single example, make it a batch of one with expandingDimension(at: 0)"
    }
    return ""
  }

  /// The layer without its softmax, if it ends with one over the features.
  public var beforeSoftmax: (any Layer)? {
    activation.isSoftmaxOverClasses ? Dense(linear: self) : nil
  }

  struct Settings: Codable {
    let inputSize: Int
    let outputSize: Int
    let useBias: Bool
    /// Nil for the identity.
    var activation: ActivationFunction?
  }
  var settings: Settings {
    Settings(
      inputSize: inputSize, outputSize: outputSize, useBias: bias != nil,
      activation: activation == .identity ? nil : activation)
  }
  static func problem(with settings: Settings) -> String? {
    let (inputs, outputs) = (settings.inputSize, settings.outputSize)
    return unless(
      Shape(exactly: [outputs, inputs]) != nil,
      "there is no layer from \(inputs) to \(outputs) features")
  }
  convenience init(decoded settings: Settings) {
    self.init(
      inputSize: settings.inputSize, outputSize: settings.outputSize,
      activation: settings.activation ?? .identity, useBias: settings.useBias,
      weightInitializer: .zeros)
  }
}
