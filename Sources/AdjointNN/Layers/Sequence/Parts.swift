import Adjoint

/// Normalises the last axis to mean 0 and variance 1, then scales and shifts.
public final class LayerNorm: Layer {
  /// Stands in for the layer of its own file.
  public let weight, bias: Parameter
  /// Stands in for the layer of its own file.
  public let epsilon: Double

  /// Stands in for the layer of its own file.
  public init(shape: Shape, epsilon: Double = 1e-5, dtype: DType = .float32) {
    weight = Parameter(Tensor.ones(shape, dtype: dtype))
    bias = Parameter(Tensor.zeros(shape, dtype: dtype))
    self.epsilon = epsilon
  }

  /// Stands in for the layer of its own file.
  public func forward(_ x: Tensor) -> Tensor {
    layerNorm(x, weight: weight.value, bias: bias.value, epsilon: epsilon)
  }
}

/// A table of learned vectors.
public final class Embedding: Layer {
  /// Stands in for the layer of its own file.
  public let weight: Parameter

  /// Stands in for the layer of its own file.
  public init(count: Int, features: Int, dtype: DType = .float32) {
    weight = Parameter(Tensor.normal([count, features], dtype: dtype))
  }

  /// Stands in for the layer of its own file.
  public func forward(_ x: Tensor) -> Tensor { embedding(x, weight: weight.value) }
}

/// An elementwise function.
public enum ActivationFunction: String, Codable, Sendable {
  case relu, gelu

  /// Stands in for the layer of its own file.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    self == .relu ? Adjoint.relu(x) : Adjoint.gelu(x)
  }
}
