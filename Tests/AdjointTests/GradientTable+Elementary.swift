import Adjoint

// Rows for elementary and special functions, division with a rest, bounds and activations.

extension GradientTable {
  static let elementary =
    functions + gammaFunctions + roundings + twoInputs + bounds + activations + pieces

  private static let functions: [GradientRow] = [
    unary("log10", .positive) { log10($0) },
    unary("cbrt", .offZero) { cbrt($0) },
    unary("asinh") { asinh($0) },
    unary("acosh", .uniform(1.3...3)) { acosh($0) },
    unary("atanh", .unit) { atanh($0) },
    unary("erfc") { erfc($0) },
    unary("erfinv", .unit) { erfinv($0) },
    unary("sinc") { sinc($0) },
    unary("sinc beside 0", .uniform(-0.1...0.1)) { sinc($0) },
    unary("logit", .uniform(0.1...0.9)) { logit($0) },
    unary("pow of a Swift number") { x in
      let base = 2.5
      return pow(base, x)
    },
    unary("pow with a Swift number", .positive) { x in
      let exponent = 1.5
      return pow(x, exponent)
    },
  ]

  private static let gammaFunctions: [GradientRow] =
    [
      unary("lgamma", .positive) { lgamma($0) },
      unary("lgamma between -1 and 0", .uniform(-0.8 ... -0.2)) { lgamma($0) },
      unary("digamma", .positive) { digamma($0) },
      unary("digamma between -2 and -1", .uniform(-1.8 ... -1.2)) { digamma($0) },
      unary("polygamma", .positive) { polygamma(0, $0) },
    ]
    + [1, 2, 3].flatMap { (n: Int) -> [GradientRow] in
      [
        GradientRow(
          name: "polygamma of order \(n)", operations: ["polygamma"], shapes: [[2, 3]],
          domain: .uniform(0.8...3), tolerance: 1e-5, function: { polygamma(n, $0[0]) }),
        GradientRow(
          name: "polygamma of order \(n) between -2 and -1", operations: ["polygamma"],
          shapes: [[2, 3]], domain: .uniform(-1.7 ... -1.3), tolerance: 1e-4,
          function: { polygamma(n, $0[0]) * 0.01 }),
      ]
    }

  private static let roundings: [GradientRow] = [
    unary("trunc", .betweenHalves) { trunc($0) },
    unary("frac", .betweenHalves) { frac($0) * $0 },
    unary("nanToNum") { nanToNum($0) * $0 },
  ]

  private static func pair(
    _ name: String, _ domain: Domain = .everywhere,
    _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[2, 3], [2, 3]], domain: domain, broadcasts: true,
      function: { f($0[0], $0[1]) })
  }

  /// Of different shapes: a number divided by itself would be at a step.
  private static func division(
    _ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[2, 3], [3]], domain: .offZero, broadcasts: true,
      function: { f($0[0], $0[1]) * $0[0] })
  }

  private static let twoInputs: [GradientRow] = [
    division("floorDivide") { floorDivide($0, $1) },
    division("remainder") { remainder($0, $1) },
    division("fmod") { fmod($0, $1) },
    unary("remainder by a literal", .offZero) { remainder($0, 0.7) * $0 },
    unary("fmod of a literal", .offZero) { fmod(5, $0) * $0 },
    pair("copysign", .offZero) { copysign($0, $1) * $0 },
    pair("atan2", .offZero) { atan2($0, $1) },
    unary("atan2 of a literal", .offZero) { atan2(1, $0) },
    pair("hypot", .offZero) { hypot($0, $1) },
    pair("xlogy", .positive) { xlogy($0, $1) },
    pair("xlog1py", .positive) { xlog1py($0, $1) },
    GradientRow(
      name: "xlogy of 0 in places", operations: ["where"], shapes: [[2, 3]], domain: .positive,
      fixedSizes: [3], function: { xlogy($0[0] * Tensor([0, 1, 1], dtype: $0[0].dtype), $0[0]) }),
    pair("logAddExp") { logAddExp($0, $1) },
    GradientRow(
      name: "lerp", operations: ["where"], shapes: [[2, 3], [2, 3], [2, 3]],
      function: { lerp($0[0], $0[1], weight: $0[2]) }),
    unary("lerp between literals", .offZero) { lerp(0, $0, weight: 0.3) },
  ]

  private static let bounds: [GradientRow] = [
    unary("clamp") { clamp($0, min: -0.9, max: 1.1) * $0 },
    unary("clamp from below") { clamp($0, min: 0.3) * $0 },
    unary("clamp from above") { clamp($0, max: 0.3) * $0 },
    GradientRow(
      name: "clamp between tensors", operations: ["maximum", "minimum"],
      shapes: [[2, 3], [2, 3], [2, 3]], domain: .distinct,
      function: { square(clamp($0[0], min: $0[1], max: $0[2])) }),
    pair("clamp below a tensor", .distinct) { square(clamp($0, max: $1)) },
  ]

  private static let activations: [GradientRow] = [
    unary("logSigmoid") { logSigmoid($0) },
    unary("leakyReLU", .offZero) { leakyReLU($0, slope: 0.2) * $0 },
    unary("elu", .offZero) { elu($0, alpha: 0.7) },
    unary("celu", .offZero) { celu($0, alpha: 0.7) },
    unary("selu", .offZero) { selu($0) },
    unary("gelu") { gelu($0) },
    unary("gelu, approximate") { gelu($0, approximate: true) },
    unary("silu") { silu($0) },
    unary("mish") { mish($0) },
    unary("softsign", .offZero) { softsign($0) },
    GradientRow(
      name: "glu", operations: ["sliced"], shapes: [[2, 4, 3]], fixedSizes: [4],
      function: { glu($0[0], axis: 1) }),
  ]

  private static let pieces: [GradientRow] = [
    unary("relu6", .offZero) { relu6(4 * $0) * $0 },
    unary("hardtanh", .offZero) { hardtanh($0) * $0 },
    unary("hardsigmoid", .offZero) { hardsigmoid(2 * $0) * $0 },
    unary("hardswish", .offZero) { hardswish(2 * $0) },
    unary("softshrink", .offZero) { softshrink($0, bound: 0.7) * $0 },
    unary("hardshrink", .offZero) { hardshrink($0, bound: 0.7) * $0 },
    unary("tanhshrink") { tanhshrink($0) },
    unary("threshold", .offZero) { threshold($0, above: 0.7, otherwise: 3) * $0 },
  ]
}
