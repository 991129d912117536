import Adjoint

// Rows for the rarer functions: parts of floats, normal distribution functions, slopes, bags.

extension GradientTable {
  static let further = furtherFunctions + furtherPairs + furtherReductions + furtherShapes + drawn

  private static let furtherFunctions: [GradientRow] = [
    unary("heaviside of constant zeros") { heaviside(Tensor.zeros(like: $0), atZero: $0) * $0 },
    unary("ldexp") { ldexp($0, -2) * $0 },
    unary("frexp", .uniform(1.1...1.9)) { frexp($0).mantissa * $0 },
    unary("entr", .positive) { entr($0) },
    unary("multigammaln", .uniform(1.5...3)) { multigammaln($0, dimension: 3) },
    unary("normalCDF") { normalCDF($0) },
    unary("logNormalCDF") { logNormalCDF($0) },
    unary("logNormalCDF on the left", .uniform(-8 ... -3)) { logNormalCDF($0) },
    unary("logNormalCDF far to the left", .uniform(-14 ... -10.5)) { logNormalCDF($0) },
    unary("normalQuantile", .uniform(0.2...0.8)) { normalQuantile($0) },
    GradientRow(
      name: "normalQuantile of small probabilities", operations: ["normalQuantile"],
      shapes: [[2, 3]], domain: .uniform(0.012...0.02), tolerance: 1e-4,
      function: { normalQuantile($0[0]) * 0.01 }),
    unary("degrees") { degrees($0) },
    unary("radians") { radians($0) },
    unary("softmin") { softmin($0) },
  ]

  private static func furtherPair(
    _ name: String, _ domain: Domain = .everywhere,
    _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[2, 3], [2, 3]], domain: domain, broadcasts: true,
      function: { f($0[0], $0[1]) })
  }

  private static let furtherPairs: [GradientRow] = [
    furtherPair("fmax", .distinct) { fmax($0, $1) },
    furtherPair("fmin", .distinct) { fmin($0, $1) },
    furtherPair("heaviside", .offZero) { heaviside($0, atZero: $1) * $0 },
    furtherPair("logAddExp2") { logAddExp2($0, $1) },
    GradientRow(
      name: "prelu", operations: ["prelu"], shapes: [[2, 3, 4], [3]], domain: .offZero,
      function: { prelu($0[0], slopes: $0[1]) }),
    GradientRow(
      name: "sampledSlope at points", operations: ["sampledSlope"], shapes: [[2, 4], [4]],
      domain: .first(.everywhere, others: .distinct), fixedSizes: [4],
      function: { $0[0].sampledSlope(x: $0[1]) }),
  ]

  private static func along(
    _ name: String, _ domain: Domain = .distinct, _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[2, 3]], domain: domain, allowsEmpty: false,
      function: { f($0[0]) })
  }

  private static let furtherReductions: [GradientRow] = [
    along("minimumAndMaximum") { x in
      let range = x.minimumAndMaximum(axes: [-1])
      return square(range.minimum) + 3 * range.maximum
    },
    along("varianceAndMean", .everywhere) { x in
      let (variance, mean) = x.varianceAndMean(axes: [-1], correction: 0)
      return variance * mean
    },
    along("standardDeviationAndMean", .everywhere) { x in
      let (deviation, mean) = x.standardDeviationAndMean(axes: [0], correction: 0)
      return deviation * mean
    },
    along("mode of all different elements") { $0.mode(axis: 1).value },
    along("mode of repeated elements") { x in
      square(concatenated([x, x.sliced(..<1, axis: 0)], axis: 0).mode(axis: 0).value)
    },
  ]

  private static let furtherShapes: [GradientRow] =
    [
      GradientRow(
        name: "sampledSlope", operations: ["sampledSlope"], shapes: [[4, 2]], fixedSizes: [4],
        function: { square($0[0].sampledSlope(spacing: 0.5, axis: 0)) }),
      GradientRow(
        name: "combinations", operations: ["combinations"], shapes: [[4]],
        function: { square(combinations($0[0])) }),
      GradientRow(
        name: "pairwiseDistances within one set", operations: ["pairwiseDistances"],
        shapes: [[4, 3]], domain: .distinct, function: { pairwiseDistances(within: $0[0]) }),
      GradientRow(
        name: "pairwiseDistances within one set, of order 3", operations: ["pairwiseDistances"],
        shapes: [[4, 3]], domain: .distinct,
        function: { pairwiseDistances(within: $0[0], order: 3) }),
      unary("renormalized", .offZero) { $0.renormalized(maximum: 0.25) },
      unary("renormalized along another axis", .offZero) {
        $0.renormalized(axis: -1, maximum: 0.2, order: 1)
      },
      unary("renormalized, nothing being too long", .offZero) {
        square($0.renormalized(maximum: 50))
      },
    ]
    + BagMode.allCases.map { mode in
      GradientRow(
        name: "embeddingBag, \(mode)", operations: ["embeddingBag"], shapes: [[4, 3]],
        domain: .distinct, fixedSizes: [4],
        function: {
          let bags = Tensor([[0, 1], [2, 2], [3, 0]] as [[Int]])
          return square(embeddingBag(bags, weight: $0[0], mode: mode))
        })
    }

  /// A row for a function that draws the same numbers every time.
  private static func drawn(
    _ name: String, _ domain: Domain = .everywhere,
    _ f: @escaping @Sendable (Tensor, inout Generator) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[4, 5, 2]], domain: domain,
      function: {
        // In float64 whatever is asked for: other dtypes draw other numbers.
        var generator = Generator(seed: 7)
        return f($0[0].cast(to: .float64), &generator).cast(to: $0[0].dtype)
      })
  }

  private static let drawn: [GradientRow] = [
    drawn("channelDropout") { square(channelDropout($0, rate: 0.4, using: &$1)) },
    drawn("alphaDropout") { square(alphaDropout($0, rate: 0.4, using: &$1)) },
    drawn("rrelu", .offZero) { rrelu($0, using: &$1) },
    drawn("gumbelSoftmax") { gumbelSoftmax($0, temperature: 0.7, axis: 1, using: &$1) },
  ]
}
