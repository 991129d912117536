import Adjoint

/// What an ``ActivationFunction`` computes.
///
/// Names and labels appear in files.
enum ActivationFormula: Sendable, Equatable, Codable {
  case identity, relu, relu6, selu, silu, mish, softsign, tanh, tanhshrink
  case sigmoid, logSigmoid, hardsigmoid, hardswish
  case leakyReLU(slope: Double)
  case rrelu(from: Double, to: Double)
  case elu(alpha: Double)
  case celu(alpha: Double)
  case gelu(approximate: Bool)
  case softplus(beta: Double, threshold: Double?)
  case hardtanh(min: Double, max: Double)
  case hardshrink(bound: Double)
  case softshrink(bound: Double)
  case threshold(above: Double, otherwise: Double)
  case glu(axis: Int)
  case softmax(axis: Int)
  case softmin(axis: Int)
  case logSoftmax(axis: Int)

  /// Why there is no function of these settings; nil if there is one.
  var problem: String? {
    switch self {
    case .rrelu(let low, let high):
      unless(low <= high && (high - low).isFinite, "there are no slopes from \(low) to \(high)")
    case .celu(let alpha): unless(alpha > 0, "alpha must be positive, not \(alpha)")
    case .softplus(let beta, _): unless(beta > 0, "beta must be positive, not \(beta)")
    case .hardtanh(let min, let max): unless(min < max, "min \(min) must be below max \(max)")
    case .hardshrink(let bound), .softshrink(let bound):
      unless(bound >= 0, "the bound must not be negative, but is \(bound)")
    default: nil
    }
  }
}

extension ActivationFormula: CustomStringConvertible {
  /// The name of the function, and the settings where they are not the usual ones.
  var description: String {
    switch self {
    case .identity: "identity"
    case .relu: "relu"
    case .relu6: "relu6"
    case .selu: "selu"
    case .silu: "silu"
    case .mish: "mish"
    case .softsign: "softsign"
    case .tanh: "tanh"
    case .tanhshrink: "tanhshrink"
    case .sigmoid: "sigmoid"
    case .logSigmoid: "logSigmoid"
    case .hardsigmoid: "hardsigmoid"
    case .hardswish: "hardswish"
    case .leakyReLU(let slope): "leakyReLU(slope: \(slope))"
    case .rrelu(let low, let high): "rrelu(slopes: \(low)...\(high))"
    case .elu(let alpha): alpha == 1 ? "elu" : "elu(alpha: \(alpha))"
    case .celu(let alpha): alpha == 1 ? "celu" : "celu(alpha: \(alpha))"
    case .gelu(let approximate): approximate ? "gelu(approximate: true)" : "gelu"
    case .softplus(let beta, let threshold):
      if let threshold {
        "softplus(beta: \(beta), threshold: \(threshold))"
      } else {
        beta == 1 ? "softplus" : "softplus(beta: \(beta))"
      }
    case .hardtanh(let min, let max):
      min == -1 && max == 1 ? "hardtanh" : "hardtanh(min: \(min), max: \(max))"
    case .hardshrink(let bound): "hardshrink(bound: \(bound))"
    case .softshrink(let bound): "softshrink(bound: \(bound))"
    case .threshold(let bound, let value): "threshold(above: \(bound), otherwise: \(value))"
    case .glu(let axis): axis == -1 ? "glu" : "glu(axis: \(axis))"
    case .softmax(let axis): axis == -1 ? "softmax" : "softmax(axis: \(axis))"
    case .softmin(let axis): axis == -1 ? "softmin" : "softmin(axis: \(axis))"
    case .logSoftmax(let axis): axis == -1 ? "logSoftmax" : "logSoftmax(axis: \(axis))"
    }
  }
}

/// The formula's value.
///
/// It is no method, since there the cases would hide the operations.
func activated(
  _ x: Tensor, _ formula: ActivationFormula, _ file: StaticString, _ line: UInt
) -> Tensor {
  switch formula {
  case .identity: x
  case .relu: relu(x, file: file, line: line)
  case .relu6: relu6(x, file: file, line: line)
  case .leakyReLU(let slope): leakyReLU(x, slope: slope, file: file, line: line)
  case .rrelu(let low, let high):
    Mode.current == .training
      ? rrelu(x, slopes: low...high, file: file, line: line)
      : leakyReLU(x, slope: (low + high) / 2, file: file, line: line)
  case .elu(let alpha): elu(x, alpha: alpha, file: file, line: line)
  case .celu(let alpha): celu(x, alpha: alpha, file: file, line: line)
  case .selu: selu(x, file: file, line: line)
  case .gelu(let approximate): gelu(x, approximate: approximate, file: file, line: line)
  case .silu: silu(x, file: file, line: line)
  case .mish: mish(x, file: file, line: line)
  case .softplus(let beta, let threshold): scaledSoftplus(x, beta, threshold, file, line)
  case .softsign: softsign(x, file: file, line: line)
  case .tanh: tanh(x, file: file, line: line)
  case .tanhshrink: tanhshrink(x, file: file, line: line)
  case .sigmoid: sigmoid(x, file: file, line: line)
  case .logSigmoid: logSigmoid(x, file: file, line: line)
  case .hardsigmoid: hardsigmoid(x, file: file, line: line)
  case .hardswish: hardswish(x, file: file, line: line)
  case .hardtanh(let min, let max): hardtanh(x, min: min, max: max, file: file, line: line)
  case .hardshrink(let bound): hardshrink(x, bound: bound, file: file, line: line)
  case .softshrink(let bound): softshrink(x, bound: bound, file: file, line: line)
  case .threshold(let bound, let value):
    threshold(x, above: bound, otherwise: value, file: file, line: line)
  case .glu(let axis): glu(x, axis: axis, file: file, line: line)
  case .softmax(let axis): softmax(x, axis: axis, file: file, line: line)
  case .softmin(let axis): softmin(x, axis: axis, file: file, line: line)
  case .logSoftmax(let axis): logSoftmax(x, axis: axis, file: file, line: line)
  }
}

private func scaledSoftplus(
  _ x: Tensor, _ beta: Double, _ threshold: Double?, _ file: StaticString, _ line: UInt
) -> Tensor {
  if beta == 1 && threshold == nil { return softplus(x, file: file, line: line) }
  let scaled = x * beta
  let y = softplus(scaled, file: file, line: line) / beta
  return threshold.map { `where`(scaled .> Tensor(floatLiteral: $0), x, y) } ?? y
}
