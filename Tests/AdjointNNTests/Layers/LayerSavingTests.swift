import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

struct LayerSavingTests {
  /// Layers without a case in the fixture.
  private static let others: [LayerRow] = [
    LayerRow("relu") { ReLU() }, LayerRow("softmax") { Softmax(axis: 1) },
    LayerRow("identity") { Identity() }, LayerRow("sequential") { Sequential([ReLU()]) },
    LayerRow("dropout") { Dropout(rate: 0.25) }, LayerRow("dropout1d") { Dropout1d(rate: 0.25) },
    LayerRow("dropout2d") { Dropout2d(rate: 0.25) }, LayerRow("dropout3d") { Dropout3d(rate: 0.5) },
    LayerRow("alpha") { AlphaDropout(rate: 0.25) },
    LayerRow("gaussian") { GaussianDropout(rate: 0.25) },
    LayerRow("noise") { GaussianNoise(standardDeviation: 0.5) },
    LayerRow("reshape") { Reshape([2, -1]) }, LayerRow("permute") { Permute([0, 2, 1]) },
    LayerRow("rnn") { RNN(inputSize: 3, hiddenSize: 2, layers: 2) },
    LayerRow("lstm") { LSTM(inputSize: 3, hiddenSize: 2, bidirectional: true) },
    LayerRow("gru") { GRU(inputSize: 3, hiddenSize: 2, returnsSequence: false) },
    LayerRow("positions") { LearnedPositionalEncoding(maximumLength: 5, size: 4) },
    LayerRow("sines") { SinusoidalEncoding() },
    LayerRow("encoder layer") {
      TransformerEncoderLayer(embeddingSize: 4, heads: 2, feedforwardSize: 6, normFirst: true)
    },
    LayerRow("encoder") {
      TransformerEncoder(
        layers: 2, embeddingSize: 4, heads: 2, feedforwardSize: 6, activation: .gelu)
    },
    LayerRow("activated convolution") {
      Conv2d(inputChannels: 1, outputChannels: 2, kernelSize: 1, activation: .elu(alpha: 0.5))
    },
    LayerRow("activated transpose") {
      ConvTranspose1d(inputChannels: 1, outputChannels: 2, kernelSize: 1, activation: .silu)
    },
  ]

  @Test(arguments: LayerRow.all + others)
  func `A layer comes back with its settings, its weights and its results`(
    _ row: LayerRow
  ) throws {
    let model = Sequential([try row.layer()])
    model.convert(to: .float32)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try model.save(to: url)
      let twin = try Sequential.load(from: url)
      #expect("\(twin)" == "\(model)")
      #expect(
        twin.stateDictionary.mapValues(\.scalars) == model.stateDictionary.mapValues(\.scalars))
      guard let reference = try LayerReference.shared.get()[row.testDescription] else { return }
      let x = row.input(reference)
      let single = x.dtype == .float64 ? x.cast(to: .float32) : x
      #expect(twin(single).scalars == model(single).scalars)
      #expect(model.copy()(single).scalars == model(single).scalars)
    }
  }

  @Test func `Every kind of layer that a file may name is among those tested`() throws {
    let message = try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let architecture = "{\"kind\":\"?\",\"configuration\":{}}"
      try SafeTensors([], metadata: ["architecture": architecture]).write(to: url)
      return thrown { _ = try Sequential.load(from: url) }
    }
    let list = try #require(message?.components(separatedBy: "known are ").last)
    let known = Set(list.components(separatedBy: ", "))
    let tested = Set((LayerRow.all + Self.others).map { "\(type(of: $0.make()))" })
    #expect(known.subtracting(tested).isEmpty)
    #expect(tested.subtracting(known).isEmpty)
  }

  /// Architectures that are impossible, and what is said about them.
  static let impossible: [(kind: String, settings: String, message: String)] = [
    ("Activation", "{\"function\":{\"celu\":{\"alpha\":0}}}", "alpha must be positive, not 0.0"),
    ("Activation", "{\"function\":{\"nothing\":{}}}", "configuration.function"),
    ("PReLU", "{\"channels\":0}", "no slopes for 0 channels"),
    ("Conv2d", conv("\"kernelSize\":[3]"), "kernelSize [3] has 1 numbers for 2 spatial axes"),
    ("Conv2d", conv("\"kernelSize\":0"), "kernelSize 0: 0 is not at least 1"),
    (
      "Conv2d", conv("\"kernelSize\":9000000000000000000"),
      "kernelSize 9000000000000000000: 9000000000000000000 is too large"
    ),
    ("Conv2d", conv("\"kernelSize\":3,\"groups\":0"), "channels in 0 groups"),
    ("Conv2d", conv("\"kernelSize\":3,\"groups\":3"), "cannot be shared by 3 groups"),
    ("Conv2d", conv("\"kernelSize\":3,\"stride\":0"), "stride 0: 0 is not at least 1"),
    ("Conv2d", conv("\"kernelSize\":2000000000"), "is too large"),
    ("Conv2d", conv("\"kernelSize\":3,\"padding\":\"most\""), "neither valid nor same"),
    (
      "Conv2d", conv("\"kernelSize\":3,\"padding\":\"same\",\"stride\":2"),
      "padding .same is for stride 1"
    ),
    ("ConvTranspose2d", conv("\"kernelSize\":3"), "has numbers for padding and outputPadding"),
    (
      "ConvTranspose2d", conv("\"kernelSize\":3,\"padding\":0,\"outputPadding\":1"),
      "outputPadding 1 must be smaller than the stride 1"
    ),
    (
      "MaxPool2d",
      "{\"kernelSize\":2,\"padding\":2,\"dilation\":1,\"roundingUp\":false}",
      "padding 2 must be at most half of kernelSize 2"
    ),
    ("AdaptiveAvgPool2d", "{\"outputSize\":[]}", "outputSize [] has 0 numbers"),
    ("BatchNorm2d", norm("\"channels\":0,\"epsilon\":1"), "nothing to normalise in 0 channels"),
    ("BatchNorm2d", norm("\"channels\":1,\"epsilon\":-1"), "epsilon -1.0 is negative"),
    ("InstanceNorm1d", norm("\"channels\":1,\"epsilon\":1,\"momentum\":2"), "momentum must be in"),
    (
      "GroupNorm", "{\"groups\":0,\"channels\":4,\"epsilon\":1,\"isAffine\":true}",
      "4 channels do not make 0 groups"
    ),
    (
      "LayerNorm", "{\"shape\":[-1],\"epsilon\":1,\"isAffine\":true,\"useBias\":true}",
      "the normalised shape [-1]"
    ),
    (
      "LayerNorm",
      "{\"shape\":[3000000000,3000000000,3000000000],\"epsilon\":1,\"isAffine\":true,"
        + "\"useBias\":true}", "the normalised shape"
    ),
    ("RMSNorm", "{\"shape\":[],\"isAffine\":true}", "the normalised shape []"),
    ("LocalResponseNorm", "{\"size\":0,\"alpha\":1,\"beta\":1,\"k\":1}", "at least 1, not 0"),
    ("Embedding", "{\"count\":3,\"size\":2,\"paddingIndex\":3}", "paddingIndex 3 is out of"),
    ("Embedding", "{\"count\":-3,\"size\":2}", "no table of -3 vectors"),
    ("EmbeddingBag", "{\"count\":3,\"size\":2}", "a bag has a mode"),
    ("EmbeddingBag", "{\"count\":3,\"size\":2,\"mode\":\"min\"}", "none of sum, mean, max"),
    ("Reshape", "{\"sizes\":[-1,-1]}", "only one of the sizes [-1, -1] may be -1"),
    ("Reshape", "{\"sizes\":[-2]}", "[-2] are no sizes"),
    ("Unflatten", "{\"axis\":9,\"sizes\":[1]}", "there is no axis 9"),
    ("Permute", "{\"order\":[0,0]}", "[0, 0] is no order of axes"),
    ("Flatten", "{\"firstAxis\":-1}", "the first axis must be in 0 ..< 8, not -1"),
    ("PixelShuffle", "{\"factor\":0}", "the factor must be at least 1, not 0"),
    ("Padding", "{\"before\":-1,\"after\":0,\"mode\":\"zeros\"}", "-1 is not at least 0"),
    ("Padding", "{\"before\":1,\"after\":0,\"mode\":\"reflect\",\"value\":1}", "has no value"),
    ("Upsample", "{\"mode\":\"nearest\",\"aligningCorners\":false}", "either a scale or a size"),
    (
      "Upsample", "{\"scale\":-1,\"mode\":\"nearest\",\"aligningCorners\":false}",
      "the scale must be positive, not -1.0"
    ),
    ("Dropout2d", "{\"rate\":1}", "the rate must be in 0 ..< 1, not 1.0"),
    ("GaussianNoise", "{\"standardDeviation\":-1}", "must not be negative, but is -1.0"),
    ("Parallel", "{\"branches\":[],\"joining\":{\"sum\":{}}}", "needs at least one branch"),
    (
      "WeightNorm", "{\"layer\":{\"kind\":\"ReLU\",\"configuration\":{}},\"axis\":0}",
      "a ReLU has no parameter called weight"
    ),
    (
      "SpectralNorm",
      "{\"layer\":{\"kind\":\"PReLU\",\"configuration\":{\"channels\":1}},\"axis\":1}",
      "the weight [1] has no axis 1"
    ),
  ]

  private static func conv(_ settings: String) -> String {
    var all = [
      "\"inputChannels\":4", "\"outputChannels\":4", "\"paddingMode\":\"zeros\"",
      "\"useBias\":true",
    ]
    for usual in ["\"stride\":1", "\"padding\":\"valid\"", "\"dilation\":1", "\"groups\":1"] {
      let name = usual.prefix { $0 != ":" }
      if !settings.contains(name + ":") { all.append(usual) }
    }
    return "{\((all + [settings]).joined(separator: ","))}"
  }

  private static func norm(_ settings: String) -> String {
    "{\(settings),\"isAffine\":true,\"tracksStatistics\":true}"
  }

  @Test(arguments: impossible)
  func `Settings that no layer can have are refused`(
    _ kind: String, _ settings: String, _ message: String
  ) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let layer = "{\"kind\":\"\(kind)\",\"configuration\":\(settings)}"
      let architecture = "{\"kind\":\"Sequential\",\"configuration\":{\"layers\":[\(layer)]}}"
      try SafeTensors([], metadata: ["architecture": architecture]).write(to: url)
      let found = thrown { _ = try Sequential.load(from: url) }
      #expect(found?.contains(message) == true, "\(found ?? "no error")")
    }
  }

  /// Layers of sizes that no memory holds.
  static let huge: [(kind: String, settings: String)] = [
    ("Conv2d", "\"inputChannels\":1000000000,\"outputChannels\":1000000000,\"kernelSize\":1"),
    ("Embedding", "\"count\":1000000000,\"size\":1000000000"),
    ("PReLU", "\"channels\":1000000000000000000"),
    ("LayerNorm", "\"shape\":[1000000000,1000000000],\"epsilon\":1,\"isAffine\":true"),
    ("BatchNorm2d", "\"channels\":1000000000000000000,\"epsilon\":1,\"isAffine\":true"),
  ]

  @Test(arguments: huge, [false, true])
  func `Sizes that a file claims take no memory`(
    _ layer: (kind: String, settings: String), isWrapped: Bool
  ) throws {
    let common =
      "\"stride\":1,\"padding\":\"valid\",\"dilation\":1,\"groups\":1,\"paddingMode\":\"zeros\","
      + "\"useBias\":true,\"tracksStatistics\":true"
    var coded = "{\"kind\":\"\(layer.kind)\",\"configuration\":{\(layer.settings),\(common)}}"
    if isWrapped {
      let kind = layer.kind == "Conv2d" ? "SpectralNorm" : "WeightNorm"
      coded = "{\"kind\":\"\(kind)\",\"configuration\":{\"layer\":\(coded),\"axis\":0}}"
    }
    let architecture = "{\"kind\":\"Sequential\",\"configuration\":{\"layers\":[\(coded)]}}"
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafeTensors([], metadata: ["architecture": architecture]).write(to: url)
      let found = thrown { _ = try Sequential.load(from: url) }
      #expect(found?.contains("missing: \"0.") == true, "\(found ?? "no error")")
    }
  }

  @Test(arguments: [(240, true), (10_000, false)])
  func `Layers within layers load, and too many throw`(_ depth: Int, _ loads: Bool) throws {
    let start = "{\"kind\":\"Residual\",\"configuration\":{\"activation\":{\"relu\":{}},\"body\":"
    let inner = "{\"kind\":\"Identity\",\"configuration\":{}}"
    let architecture =
      String(repeating: start, count: depth) + inner + String(repeating: "}}", count: depth)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafeTensors([], metadata: ["architecture": architecture]).write(to: url)
      #expect((thrown { _ = try Residual.load(from: url) } == nil) == loads)
    }
  }

  @Test func `A part that cannot be saved is named`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let function = Lambda { $0 * 2 }
      let layers: [(any SavableLayer, String)] = [
        (Residual(function), "the body, a Lambda, cannot be saved"),
        (Parallel([ReLU(), function]), "branch 1, a Lambda, cannot be saved"),
        (Sequential([function]), "layer 0, a Lambda, cannot be saved"),
      ]
      for (layer, message) in layers {
        let found = thrown { try Sequential([layer]).save(to: url) }
        #expect(found?.contains(message) == true, "\(found ?? "no error")")
      }
    }
  }
}
