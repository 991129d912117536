import Adjoint
import Testing

@Suite("Network primitives have the values of PyTorch")
struct NetworkValuesTests {
  /// An operation under the name it has in Fixtures/network.json.
  struct Operation: Sendable, CustomStringConvertible {
    let name: String
    let function: @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor
    var description: String { name }

    init(_ name: String, _ function: @escaping @Sendable ([Tensor], [Int]) -> Tensor) {
      (self.name, self.function) = (name, function)
    }
  }

  /// `number` groups of as many arguments as `x` has spatial axes.
  private static func perAxis(_ x: Tensor, _ arguments: [Int], _ number: Int) -> PerAxis {
    let axes = x.rank - 2
    return PerAxis(Array(arguments[number * axes..<(number + 1) * axes]))
  }

  private static let convolutions: [Operation] = [
    Operation("convolution") { x, a in
      convolution(
        x[0], x[1], bias: x[2], stride: perAxis(x[0], a, 0), padding: .zeros(perAxis(x[0], a, 1)),
        dilation: perAxis(x[0], a, 2), groups: a.last!)
    },
    Operation("transposedConvolution") { x, a in
      transposedConvolution(
        x[0], x[1], bias: x[2], stride: perAxis(x[0], a, 0), padding: perAxis(x[0], a, 1),
        dilation: perAxis(x[0], a, 2), groups: a.last!)
    },
    Operation("convolutionSame") { x, a in
      convolution(x[0], x[1], padding: .same, dilation: PerAxis(a))
    },
    Operation("outputPadding") { x, a in
      transposedConvolution(
        x[0], x[1], stride: perAxis(x[0], a, 0), outputPadding: perAxis(x[0], a, 1))
    },
  ]

  private static func pooled(_ x: Tensor, _ a: [Int]) -> (values: Tensor, indices: Tensor) {
    maxPoolingWithIndices(
      x, size: perAxis(x, a, 0), stride: perAxis(x, a, 1), padding: perAxis(x, a, 2),
      dilation: perAxis(x, a, 3), roundingUp: a.last == 1)
  }

  private static let pooling: [Operation] = [
    Operation("maxPooling") { x, a in pooled(x[0], a).values },
    Operation("maxPoolingIndices") { x, a in pooled(x[0], a).indices },
    Operation("averagePooling") { x, a in
      averagePooling(
        x[0], size: perAxis(x[0], a, 0), stride: perAxis(x[0], a, 1), padding: perAxis(x[0], a, 2),
        roundingUp: a[a.count - 2] == 1, includingPadding: a.last == 1)
    },
    Operation("lpPooling") { x, a in
      lpPooling(
        x[0], exponent: 3, size: perAxis(x[0], a, 0), stride: perAxis(x[0], a, 1),
        roundingUp: a.last == 1)
    },
    Operation("adaptiveMaxPooling") { x, a in adaptiveMaxPooling(x[0], outputSize: PerAxis(a)) },
    Operation("adaptiveMaxPoolingIndices") { x, a in
      adaptiveMaxPoolingWithIndices(x[0], outputSize: PerAxis(a)).indices
    },
    Operation("adaptiveAveragePooling") { x, a in
      adaptiveAveragePooling(x[0], outputSize: PerAxis(a))
    },
    Operation("maxUnpooling") { x, a in maxUnpooling(x[0], indices: x[1], size: a) },
    Operation("localResponseNorm") { x, a in
      localResponseNorm(x[0], size: a[0], alpha: 0.3, beta: 0.6, k: 1.5)
    },
    Operation("interpolate") { x, a in
      interpolate(
        x[0], size: PerAxis(Array(a[2...])), mode: InterpolationMode.allCases[a[0]],
        aligningCorners: a[1] == 1)
    },
    Operation("interpolateScale") { x, a in
      interpolate(x[0], scale: Double(a[1]) / 10, mode: InterpolationMode.allCases[a[0]])
    },
  ]

  private static let normalisation: [Operation] = [
    Operation("layerNorm") { x, a in
      layerNorm(x[0], weight: x[1], bias: x[2], dimensions: a[0])
    },
    Operation("rmsNorm") { x, a in
      rmsNorm(x[0], weight: x[1], dimensions: a[0], epsilon: 1e-6)
    },
    Operation("rmsNormDefault") { x, a in rmsNorm(x[0], dimensions: a[0]) },
    Operation("groupNorm") { x, a in groupNorm(x[0], groups: a[0], weight: x[1], bias: x[2]) },
    Operation("instanceNorm") { x, _ in instanceNorm(x[0], weight: x[1], bias: x[2]) },
    Operation("batchNorm") { x, _ in batchNorm(x[0], weight: x[1], bias: x[2]).result },
    Operation("batchNormMean") { x, _ in batchNorm(x[0]).mean },
    Operation("batchNormVariance") { x, _ in batchNorm(x[0]).variance },
    Operation("batchNormGiven") { x, _ in
      batchNorm(x[0], mean: x[1], variance: x[2], weight: x[3], bias: x[4])
    },
  ]

  private static let others: [Operation] = [
    Operation("attention") { x, a in
      let mask: AttentionMask =
        switch a[0] {
        case 0: .none
        case 1: .causal
        default: x[3].dtype == .bool ? .allowed(x[3]) : .added(x[3])
        }
      return scaledDotProductAttention(query: x[0], key: x[1], value: x[2], mask: mask)
    },
    Operation("pixelShuffle") { x, a in pixelShuffle(x[0], factor: a[0]) },
    Operation("pixelUnshuffle") { x, a in pixelUnshuffle(x[0], factor: a[0]) },
    Operation("channelShuffle") { x, a in channelShuffle(x[0], groups: a[0]) },
    Operation("im2col") { x, a in
      im2col(
        x[0], size: perAxis(x[0], a, 0), stride: perAxis(x[0], a, 1), padding: perAxis(x[0], a, 2),
        dilation: perAxis(x[0], a, 3))
    },
    Operation("col2im") { x, a in
      let image = Tensor.zeros([1, 1, a[8], a[9]])
      return col2im(
        x[0], outputSize: Array(a[8...]), size: perAxis(image, a, 0), stride: perAxis(image, a, 1),
        padding: perAxis(image, a, 2), dilation: perAxis(image, a, 3))
    },
    Operation("embedding") { x, _ in embedding(x[0], weight: x[1]) },
  ]

  static let all = convolutions + pooling + normalisation + others
  private static let reference = ReferenceValues.load("network.json")

  @Test("for whole arrays, row-major or as views", arguments: all)
  func agrees(_ operation: Operation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      func expect(_ inputs: [Tensor], _ layout: String) {
        // The file has ten digits.
        let tolerance = expected.dtype == .float32 ? 2e-6 : 1e-9
        expectClose(
          operation.function(inputs, arguments), expected, absolute: tolerance,
          relative: tolerance,
          "\(operation) of \(inputs.map(\.shape)) with \(arguments), \(layout)")
      }
      expect(inputs, "row-major")
      expect(inputs.map(\.asTransposedView), "transposed")
      expect(inputs.map(\.asSlicedView), "sliced")
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting(Self.all.map(\.name)) == [])
  }
}
