import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

/// A layer of a user, with a setting that has to be right.
private final class Scale: SavableLayer {
  let gain: Parameter
  init(size: Int) { gain = Parameter(Tensor.full([size], 2)) }
  func forward(_ x: Tensor) -> Tensor { x * gain.value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(gain.shape[0])
  }
  convenience init(from decoder: any Decoder) throws {
    let size = try decoder.singleValueContainer().decode(Int.self)
    guard (0...1000).contains(size) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no size: \(size)"))
    }
    self.init(size: size)
  }
}

struct SavingTests {
  @Test("a converted model comes back in its dtypes, parameters and buffers")
  func converted() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "model.safetensors")
      let model = Sequential {
        Dense(inputSize: 3, outputSize: 4)
        BatchNorm1d(channels: 4)
        Dense(inputSize: 4, outputSize: 2, dtype: .float64)
      }
      model.convert(to: .float64)
      try model.save(to: file)
      let loaded = try Sequential.load(from: file)
      let x = Tensor.normal([5, 3], dtype: .float64)
      #expect(loaded(x).dtype == .float64)
      #expect(loaded(x).scalars == model(x).scalars)
    }
  }

  @Test("a layer that stands in a model twice is refused when the model is saved")
  func shared() throws {
    try withTemporaryFolder { folder in
      let layer = Dense(inputSize: 3, outputSize: 3)
      let model = Sequential([layer, ReLU(), Sequential([layer])])
      let file = folder.appending(path: "model.safetensors")
      let error = #expect(throws: FormatError.self) { try model.save(to: file) }
      #expect(error?.message.contains("a Dense stands in the model twice") == true)
      #expect(!FileManager.default.fileExists(atPath: file.path))
      // A layer without parameters has nothing to share.
      let activation = ReLU()
      try Sequential([activation, activation]).save(to: file)
      try model.saveWeights(to: file)
      try model.loadWeights(from: file)
    }
  }

  private static func model() -> Sequential {
    withGenerator(seed: 8) {
      Sequential {
        Flatten()
        Dense(inputSize: 6, outputSize: 4)
        ReLU()
        Dropout(rate: 0.25)
        Sequential { Dense(inputSize: 4, outputSize: 3, useBias: false) }
        Softmax(axis: 1)
      }
    }
  }

  private func withSaved<Result>(
    _ model: some SavableLayer, _ body: (URL) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try model.save(to: url)
      return try body(url)
    }
  }

  @Test func `A model comes back with its layers, settings, weights and results`() throws {
    let model = Self.model()
    let copy = try withSaved(model) { try Sequential.load(from: $0) }
    #expect(copy.description == model.description)
    #expect(copy.stateDictionary.mapValues(\.scalars) == model.stateDictionary.mapValues(\.scalars))
    let x = random([5, 2, 3], dtype: .float32)
    #expect(copy(x).scalars == model(x).scalars)
    #expect((copy.layers[3] as? Dropout)?.rate == 0.25)
    #expect((copy.layers[5] as? Softmax)?.axis == 1)
  }

  @Test func `Equal models give equal files, with names and metadata for PyTorch`() throws {
    let (a, b) = try (
      withSaved(Self.model()) { try Data(contentsOf: $0) },
      withSaved(Self.model()) { try Data(contentsOf: $0) }
    )
    #expect(a == b)
    let contents = try SafeTensors.decode([UInt8](a), name: "a")
    #expect(contents.tensors.map(\.name).sorted() == ["1.bias", "1.weight", "4.0.weight"])
    #expect(contents.metadata["format"] == "pt")
    #expect(contents["1.weight"]?.shape == [4, 6])
  }

  @Test func `A stack that PyTorch saved gives PyTorch's results`() throws {
    let model = Sequential {
      Dense(inputSize: 3, outputSize: 5)
      ReLU()
      Dropout(rate: 0.5)
      Dense(inputSize: 5, outputSize: 2)
    }
    let contents = try SafeTensors.read(fixture("torch.safetensors"))
    let tensors = contents.tensors.map { ($0.name, $0.tensor) }
    try model.load(stateDictionary: Dictionary(uniqueKeysWithValues: tensors))
    let reference = try Reference.read()
    let x = Tensor(reference.x, shape: [6, 3], dtype: .float32)
    try expectClose(model(x), reference.stack, shape: [6, 2], tolerance: 1e-6)
    let message = thrown { _ = try Sequential.load(from: fixture("torch.safetensors")) }
    #expect(message?.contains("holds weights, but no whole model") == true)
  }

  @Test func `A user's layers are saved and loaded by their name`() throws {
    let model = Sequential {
      Scale(size: 3)
      ReLU()
    }
    try withSaved(model) { url in
      let copy = try Sequential.load(from: url, layers: [Scale.self])
      #expect(copy(Tensor([1.0, 2.0, 3.0])).scalars == [2, 4, 6])
      #expect(
        thrown { _ = try Sequential.load(from: url) }?.contains(
          "unknown kind of layer \"Scale\"; name your own with load(from:layers: [Scale.self]); "
            + "known are Activation, ") == true)
      #expect(
        thrown { _ = try Scale.load(from: url) }?.contains(
          "the file holds a Sequential, not a Scale")
          == true)
    }
    let alone = try withSaved(Scale(size: 2)) { try Scale.load(from: $0) }
    #expect(alone.gain.value.scalars == [2, 2])
  }

  @Test func `A layer that cannot be saved is named, and no file appears`() throws {
    final class Doubling: Layer {
      func forward(_ x: Tensor) -> Tensor { x * 2 }
    }
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let message = thrown { try Sequential([ReLU(), Doubling()]).save(to: url) }
      #expect(message?.contains("layer 1, a Doubling, cannot be saved") == true)
      #expect(!FileManager.default.fileExists(atPath: url.path))
    }
  }

  @Test func `Weights that do not fit are named with both shapes, and nothing is changed`() throws {
    let model = Self.model()
    let before = model.stateDictionary.mapValues(\.scalars)
    var state = model.stateDictionary.mapValues { $0 * 2 }
    state["1.weight"] = Tensor.zeros([4, 5])
    state["4.0.weight"] = nil
    state["9.weight"] = Tensor.zeros([1])
    state["1.bias"] = Tensor.zeros([4], dtype: .float64)
    #expect(
      thrown { try model.load(stateDictionary: state) }
        == "\"1.weight\" is float32 [4, 6] in the model, but float32 [4, 5] was given; "
        + "\"1.bias\" is float32 [4] in the model, but float64 [4] was given; "
        + "missing: \"4.0.weight\"; unexpected: \"9.weight\"")
    #expect(model.stateDictionary.mapValues(\.scalars) == before)
  }

  /// Files whose architecture and weights disagree, or whose architecture is impossible.
  static let hostile: [(String, architecture: String, message: String)] = [
    (
      "other sizes", dense("\"inputSize\":7,\"outputSize\":2,\"useBias\":true"),
      "[2, 7] in the model"
    ),
    (
      "sizes beyond memory",
      dense("\"inputSize\":1000000000,\"outputSize\":1000000000,\"useBias\":true"),
      "[1000000000, 1000000000] in the model, but float32 [2, 3] was given"
    ),
    (
      "sizes beyond Int",
      dense(
        "\"inputSize\":9000000000000000000,\"outputSize\":9000000000000000000,\"useBias\":true"),
      "there is no layer from 9000000000000000000"
    ),
    (
      "negative sizes", dense("\"inputSize\":-3,\"outputSize\":2,\"useBias\":true"),
      "there is no layer from -3 to 2 features"
    ),
    (
      "no bias", dense("\"inputSize\":3,\"outputSize\":2,\"useBias\":false"), "unexpected: \"bias\""
    ),
    ("a setting missing", dense("\"inputSize\":3,\"useBias\":true"), "\"outputSize\" is missing"),
    (
      "a number for a bool", dense("\"inputSize\":3,\"outputSize\":2,\"useBias\":1"),
      "configuration.useBias"
    ),
    (
      "an impossible rate", "{\"kind\":\"Dropout\",\"configuration\":{\"rate\":1}}",
      "the rate must be in 0 ..< 1, not 1.0"
    ),
    ("no kind", "{}", "\"kind\" is missing"),
    ("no JSON", "{", "architecture"),
    ("nothing", "", "architecture"),
    ("deep nesting", String(repeating: "[", count: 100_000), "architecture"),
  ]

  private static func dense(_ settings: String) -> String {
    "{\"kind\":\"Dense\",\"configuration\":{\(settings)}}"
  }

  @Test(arguments: hostile)
  func `A file that cannot be a model throws and says why`(
    _ name: String, _ architecture: String, _ message: String
  ) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let tensors = [("weight", Tensor.zeros([2, 3])), ("bias", Tensor.zeros([2]))]
      try SafeTensors(tensors, metadata: ["architecture": architecture]).write(to: url)
      let found = thrown { _ = try Dense.load(from: url) }
      #expect(found?.contains(message) == true, "\(found ?? "no error")")
      #expect(found?.contains("model.safetensors") == true)
    }
  }

  @Test func `A missing file is named`() {
    let url = URL(filePath: "/nowhere/model.safetensors")
    #expect(
      thrown { _ = try Sequential.load(from: url) }?.contains("/nowhere/model.safetensors") == true)
  }

  @Test func `Stacks within stacks load, and too many throw`() throws {
    for (depth, loads) in [(165, true), (10_000, false)] {
      let stack = "{\"kind\":\"Sequential\",\"configuration\":{\"layers\":["
      let architecture =
        String(repeating: stack, count: depth) + String(repeating: "]}}", count: depth)
      try withTemporaryFolder { folder in
        let url = folder.appending(path: "model.safetensors")
        try SafeTensors([], metadata: ["architecture": architecture]).write(to: url)
        #expect((thrown { _ = try Sequential.load(from: url) } == nil) == loads)
      }
    }
  }
}
