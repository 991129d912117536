import Adjoint
import AdjointNN

extension LayerRow {
  /// Every activation function, by the name of its case and its description.
  static let functions: [(name: String, function: ActivationFunction, description: String)] = [
    ("identity", .identity, "identity"), ("relu", .relu, "relu"), ("relu6", .relu6, "relu6"),
    ("leakyReLU", .leakyReLU, "leakyReLU(slope: 0.01)"),
    ("leakyReLU(slope: 0.2)", .leakyReLU(slope: 0.2), "leakyReLU(slope: 0.2)"),
    ("elu", .elu, "elu"), ("elu(alpha: 0.7)", .elu(alpha: 0.7), "elu(alpha: 0.7)"),
    ("celu", .celu, "celu"), ("celu(alpha: 0.5)", .celu(alpha: 0.5), "celu(alpha: 0.5)"),
    ("selu", .selu, "selu"), ("gelu", .gelu, "gelu"),
    ("gelu(approximate: true)", .gelu(approximate: true), "gelu(approximate: true)"),
    ("silu", .silu, "silu"), ("mish", .mish, "mish"), ("softplus", .softplus, "softplus"),
    (
      "softplus(beta: 2)", .softplus(beta: 2, threshold: 1.5),
      "softplus(beta: 2.0, threshold: 1.5)"
    ),
    ("softsign", .softsign, "softsign"), ("tanh", .tanh, "tanh"),
    ("tanhshrink", .tanhshrink, "tanhshrink"), ("sigmoid", .sigmoid, "sigmoid"),
    ("logSigmoid", .logSigmoid, "logSigmoid"), ("hardsigmoid", .hardsigmoid, "hardsigmoid"),
    ("hardswish", .hardswish, "hardswish"), ("hardtanh", .hardtanh, "hardtanh"),
    ("hardtanh(min: -0.5)", .hardtanh(min: -0.5, max: 2), "hardtanh(min: -0.5, max: 2.0)"),
    ("hardshrink", .hardshrink, "hardshrink(bound: 0.5)"),
    ("hardshrink(bound: 1)", .hardshrink(bound: 1), "hardshrink(bound: 1.0)"),
    ("softshrink", .softshrink, "softshrink(bound: 0.5)"),
    ("softshrink(bound: 1)", .softshrink(bound: 1), "softshrink(bound: 1.0)"),
    (
      "threshold", .threshold(above: 0.4, otherwise: -2), "threshold(above: 0.4, otherwise: -2.0)"
    ),
    ("glu", .glu, "glu"), ("glu(axis: 1)", .glu(axis: 1), "glu(axis: 1)"),
    ("softmax", .softmax, "softmax"), ("softmax(axis: 1)", .softmax(axis: 1), "softmax(axis: 1)"),
    ("softmin", .softmin, "softmin"), ("softmin(axis: 1)", .softmin(axis: 1), "softmin(axis: 1)"),
    ("logSoftmax", .logSoftmax, "logSoftmax"),
    ("logSoftmax(axis: 1)", .logSoftmax(axis: 1), "logSoftmax(axis: 1)"),
    ("rrelu", .rrelu, "rrelu(slopes: 0.125...\(1.0 / 3))"),
    ("rrelu(0.1...0.3)", .rrelu(slopes: 0.1...0.3), "rrelu(slopes: 0.1...0.3)"),
  ]

  static let activations: [LayerRow] =
    functions.map { name, function, _ in
      LayerRow("activation \(name)") { Activation(function) }
    } + [
      LayerRow("prelu") { PReLU() },
      LayerRow("prelu channels") { PReLU(channels: 3) },
    ]

  /// Fully connected layers and tables.
  static let features: [LayerRow] = [
    LayerRow("dense") { Dense(inputSize: 4, outputSize: 3) },
    LayerRow("dense without bias") { Dense(inputSize: 4, outputSize: 3, useBias: false) },
    LayerRow("dense gelu") { Sequential([Dense(inputSize: 4, outputSize: 3, activation: .gelu)]) },
    LayerRow("embedding") { Embedding(count: 7, size: 3) },
    LayerRow("embedding padding") { Embedding(count: 7, size: 3, paddingIndex: 2) },
    LayerRow("embedding bag sum") { EmbeddingBag(count: 7, size: 3, mode: .sum) },
    LayerRow("embedding bag mean") { EmbeddingBag(count: 7, size: 3) },
    LayerRow("embedding bag max") { EmbeddingBag(count: 7, size: 3, mode: .max) },
  ]
}
