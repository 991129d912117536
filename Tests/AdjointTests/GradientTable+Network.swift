import Adjoint

// Rows for the primitives of neural networks: convolution, pooling, interpolation, normalisation.

extension GradientTable {
  static let network: [GradientRow] =
    convolutions + transposedConvolutions + maxima + averages + interpolations + normalisations
    + attentions + rearrangements

  /// Sizes: batch 2, input channels 4, output channels 6; spatial sizes and kernels stay.
  private static func convolution(
    _ what: String, _ shapes: [Shape], fixed: Set<Int>, operation: String = "convolution",
    _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: "\(operation) \(what)", operations: [operation, "correlation"], shapes: shapes,
      fixedSizes: fixed, function: f)
  }

  private static let convolutions: [GradientRow] = [
    convolution("along one axis, with bias", [[2, 4, 7], [6, 4, 3], [6]], fixed: [7, 3]) {
      Adjoint.convolution($0[0], $0[1], bias: $0[2], padding: 1)
    },
    convolution("with stride and dilation", [[2, 4, 9], [6, 4, 3]], fixed: [9, 3]) {
      Adjoint.convolution($0[0], $0[1], stride: 2, padding: [2], dilation: 2)
    },
    convolution("along two axes", [[2, 1, 3, 5], [6, 1, 3, 3]], fixed: [3, 5]) {
      Adjoint.convolution($0[0], $0[1], stride: [1, 2], padding: 1)
    },
    convolution("in groups", [[2, 4, 3, 5], [6, 2, 3, 3]], fixed: [2, 3, 4, 5, 6]) {
      Adjoint.convolution($0[0], $0[1], padding: .same, groups: 2)
    },
    convolution("for each channel", [[2, 4, 7], [4, 1, 3]], fixed: [4, 7, 3]) {
      Adjoint.convolution($0[0], $0[1], stride: 3, padding: 1, groups: 4)
    },
    convolution("along three axes", [[1, 2, 3, 3, 3], [4, 2, 3, 3, 3]], fixed: [3]) {
      Adjoint.convolution($0[0], $0[1], stride: [2, 1, 1], padding: [1, 0, 1])
    },
    convolution("of its own result", [[2, 3, 7], [3, 3, 3]], fixed: [7, 3]) {
      Adjoint.convolution(sin(Adjoint.convolution($0[0], $0[1])), $0[1], padding: .same)
    },
  ]

  private static func transposed(
    _ what: String, _ shapes: [Shape], fixed: Set<Int>,
    _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    convolution(what, shapes, fixed: fixed, operation: "transposedConvolution", f)
  }

  private static let transposedConvolutions: [GradientRow] = [
    transposed("along one axis, with bias", [[2, 4, 7], [4, 6, 3], [6]], fixed: [7, 3]) {
      transposedConvolution($0[0], $0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: 1)
    },
    transposed("along two axes in groups", [[2, 4, 3, 2], [4, 3, 2, 3]], fixed: [2, 3, 4]) {
      transposedConvolution($0[0], $0[1], stride: [3, 1], padding: [1, 0], dilation: 2, groups: 2)
    },
    transposed("with gaps between windows", [[1, 2, 4], [2, 3, 2]], fixed: [4, 2]) {
      transposedConvolution($0[0], $0[1], stride: 3)
    },
    transposed("along three axes", [[1, 2, 2, 3, 2], [2, 1, 2, 2, 2]], fixed: [2, 3]) {
      transposedConvolution($0[0], $0[1], stride: [1, 2, 1])
    },
  ]

  private static func image(
    _ name: String, _ operation: String, _ shape: Shape, _ domain: Domain = .everywhere,
    _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: [shape], domain: domain,
      fixedSizes: Set(shape.dropFirst(2)), function: { f($0[0]) })
  }

  private static let maxima: [GradientRow] = [
    image("maxPooling along one axis", "maxPooling", [2, 3, 7], .distinct) {
      square(maxPooling($0, size: 3, stride: 2, padding: 1))
    },
    image("maxPooling along two axes", "maxPooling", [1, 3, 5, 6], .distinct) {
      square(maxPooling($0, size: [2, 3], roundingUp: true))
    },
    image("maxPooling with overlaps and dilation", "maxPooling", [1, 2, 5, 6], .distinct) {
      square(maxPooling($0, size: 2, stride: 1, dilation: [1, 2]))
    },
    image("maxPoolingWithIndices along three axes", "maxPooling", [1, 2, 4, 3, 4], .distinct) {
      square(maxPoolingWithIndices($0, size: 2, stride: 1).values)
    },
    image("adaptiveMaxPooling", "maxPooling", [2, 3, 5, 4], .distinct) {
      square(adaptiveMaxPooling($0, outputSize: [3, 2]))
    },
    image("adaptiveMaxPoolingWithIndices", "maxPooling", [2, 3, 5], .distinct) {
      square(adaptiveMaxPoolingWithIndices($0, outputSize: 3).values)
    },
    GradientRow(
      name: "maxUnpooling", operations: ["maxUnpooling", "gatheringInPlanes"], shapes: [[2, 3, 4]],
      fixedSizes: [4],
      function: { x in
        let places = Tensor([5, 0, 5, 2] as [Int]).broadcast(to: x[0].shape)
        return square(maxUnpooling(x[0], indices: places, size: [7]))
      }),
  ]

  private static let averages: [GradientRow] = [
    image("averagePooling along one axis", "bandedSum", [2, 3, 7]) {
      square(averagePooling($0, size: 3, stride: 2, padding: 1))
    },
    image("averagePooling of what exists", "bandedSum", [1, 3, 5, 7]) {
      square(
        averagePooling(
          $0, size: [2, 3], stride: 3, padding: 1, roundingUp: true,
          includingPadding: false))
    },
    image("averagePooling along three axes", "bandedSum", [1, 2, 4, 3, 4]) {
      square(averagePooling($0, size: 2, stride: [1, 1, 2]))
    },
    image("adaptiveAveragePooling", "bandedSum", [2, 3, 5, 4]) {
      square(adaptiveAveragePooling($0, outputSize: [3, 6]))
    },
    image("lpPooling with exponent 2", "bandedSum", [2, 3, 7], .offZero) {
      lpPooling($0, exponent: 2, size: 3, stride: 2)
    },
    image("lpPooling with exponent 3", "bandedSum", [1, 2, 4, 5], .offZero) {
      lpPooling($0, exponent: 3, size: 2)
    },
    image("localResponseNorm", "bandedSum", [2, 4, 3]) {
      localResponseNorm($0, size: 3, alpha: 0.5)
    },
  ]

  private static let interpolations: [GradientRow] =
    InterpolationMode.allCases.flatMap { mode in
      [
        image("interpolate \(mode) along one axis", "bandedSum", [2, 3, 5]) {
          square(interpolate($0, size: 8, mode: mode))
        },
        image("interpolate \(mode) along two axes", "bandedSum", [1, 2, 5, 4]) {
          square(interpolate($0, size: [3, 6], mode: mode))
        },
      ]
    } + [
      image("interpolate along three axes", "bandedSum", [1, 2, 3, 4, 2]) {
        square(interpolate($0, size: [2, 4, 3], mode: .linear, aligningCorners: true))
      },
      image("interpolate by a scale", "bandedSum", [1, 2, 5, 4]) {
        square(interpolate($0, scale: 1.7, mode: .cubic))
      },
    ]

  private static func normalisation(
    _ name: String, _ shapes: [Shape], fixed: Set<Int> = [], allowsEmpty: Bool = true,
    _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: ["standardized", "standardizedBack"], shapes: shapes,
      fixedSizes: fixed, allowsEmpty: allowsEmpty, function: f)
  }

  private static let normalisations: [GradientRow] = [
    normalisation("layerNorm over the last axis", [[3, 5], [5], [5]]) {
      layerNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1)
    },
    normalisation("layerNorm over two axes", [[2, 3, 4]]) {
      layerNorm($0[0], dimensions: 2, epsilon: 0.1)
    },
    normalisation("rmsNorm", [[3, 5], [5]]) { rmsNorm($0[0], weight: $0[1], epsilon: 0.1) },
    normalisation("groupNorm", [[2, 6, 3], [6], [6]], fixed: [6]) {
      groupNorm($0[0], groups: 3, weight: $0[1], bias: $0[2], epsilon: 0.1)
    },
    normalisation("instanceNorm", [[2, 3, 5], [3]]) {
      instanceNorm($0[0], weight: $0[1], epsilon: 0.1)
    },
    normalisation("batchNorm of a matrix", [[5, 3], [3], [3]]) {
      batchNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1).result
    },
    normalisation("batchNorm of images", [[2, 3, 2, 4], [3]]) {
      batchNorm($0[0], weight: $0[1], epsilon: 0.1).result
    },
    GradientRow(
      name: "batchNorm with given statistics", operations: ["rsqrt"],
      shapes: [[2, 3, 4], [3], [3], [3], [3]], domain: .positive,
      function: {
        batchNorm($0[0], mean: $0[1], variance: $0[2], weight: $0[3], bias: $0[4], epsilon: 0.1)
      }),
  ]

  private static func attention(
    _ what: String, _ mask: AttentionMask, _ shapes: [Shape], fixed: Set<Int> = []
  ) -> GradientRow {
    GradientRow(
      name: "scaledDotProductAttention \(what)", operations: ["scaledDotProductAttention"],
      shapes: shapes,
      fixedSizes: fixed,
      function: { scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], mask: mask) })
  }

  private static let attentions: [GradientRow] = [
    attention("without mask", .none, [[2, 3, 4], [2, 5, 4], [2, 5, 6]]),
    attention("that is causal", .causal, [[2, 3, 4], [2, 3, 4], [2, 3, 6]]),
    attention(
      "with a mask", .allowed(Tensor([[1, 0, 1], [0, 0, 0]] as [[Int]]).cast(to: .bool)),
      [[2, 4], [3, 4], [3, 4]], fixed: [2, 3]),
    GradientRow(
      name: "scaledDotProductAttention with a score added", operations: ["softmax"],
      shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 4], [3, 5]],
      function: {
        scaledDotProductAttention(
          query: $0[0], key: $0[1], value: $0[2], mask: .added($0[3]), scale: 0.3)
      }),
    GradientRow(
      name: "scaledDotProductAttention with dropout",
      operations: ["scaledDotProductAttention"],
      shapes: [[3, 4], [5, 4], [5, 4]],
      function: {
        var generator = Generator(seed: 2)
        return scaledDotProductAttention(
          query: $0[0], key: $0[1], value: $0[2], dropoutRate: 0.3, using: &generator)
      }),
  ]

  private static let rearrangements: [GradientRow] = [
    image("pixelShuffle", "permuted", [2, 4, 3, 2]) { sin(pixelShuffle($0, factor: 2)) }
      .fixing(4),
    image("pixelUnshuffle", "permuted", [2, 3, 4, 6]) { sin(pixelUnshuffle($0, factor: 2)) },
    image("channelShuffle", "transposed", [2, 6, 3]) { sin(channelShuffle($0, groups: 3)) }
      .fixing(6),
    image("im2col", "im2col", [2, 3, 5]) {
      square(im2col($0, size: 3, stride: 2, padding: 1))
    },
    image("im2col along two axes", "im2col", [1, 2, 3, 4]) {
      square(im2col($0, size: [2, 3], padding: [1, 0], dilation: [2, 1]))
    },
    GradientRow(
      name: "col2im", operations: ["col2im"], shapes: [[2, 6, 4]], fixedSizes: [4, 6],
      function: { square(col2im($0[0], outputSize: [7], size: 3, stride: 2, padding: 1)) }),
    GradientRow(
      name: "embedding", operations: ["gathering"], shapes: [[4, 3]], fixedSizes: [4],
      function: {
        sin(embedding(Tensor([[1, 3], [3, 0]] as [[Int]]), weight: $0[0]))
      }),
  ]
}

extension GradientRow {
  /// The same row with one more size that stays.
  fileprivate func fixing(_ size: Int) -> GradientRow {
    var row = self
    row.fixedSizes.insert(size)
    return row
  }
}
