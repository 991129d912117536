import Adjoint
import AdjointData
import AdjointNN
import Foundation

/// What can be fuzzed, by the name that chooses it.
enum Reader: String, CaseIterable {
  case cifar, csv, gzip, idx, index, mapped, model, npy, npz, png, safetensors, tokenizer

  /// Reads the input; whatever it holds, the only error is the one that the reader documents.
  ///
  /// What can be read is written again and read once more: both times the same must come out.
  func feed(_ input: [UInt8]) {
    do {
      switch self {
      case .cifar: _ = try CIFAR10.read(stored(input))
      case .csv: try feedCSV(input)
      case .gzip, .idx: _ = try IDX.decode(input, name: "input")
      case .index: _ = try SafeTensorsShards(stored(input))
      case .mapped: try feedMapped(input)
      case .model: try feedModel(input)
      case .npy: try feedNPY(input)
      case .npz:
        do { try feedNPZ(input) } catch is FormatError {}
        try feedNPZ(withRightChecksums(zip: input))
      case .png:
        do { try feedPNG(input) } catch is FormatError {}
        try feedPNG(withRightChecksums(png: input))
      case .safetensors: try feedSafeTensors(input)
      case .tokenizer: try feedTokenizer(input)
      }
    } catch is FormatError {
      return
    } catch {
      fatalError("an error of another type: \(error)")
    }
  }
}

/// The reader that the environment asks for.
let chosenReader: Reader = {
  let name = ProcessInfo.processInfo.environment["ADJOINT_FUZZ_READER"] ?? ""
  guard let reader = Reader(rawValue: name) else {
    let names = Reader.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("ADJOINT_FUZZ_READER is \"\(name)\", none of \(names)")
  }
  return reader
}()

private func feedCSV(_ input: [UInt8]) throws {
  // The first byte chooses what a caller chooses.
  guard let choice = input.first else { return }
  let (separator, hasHeader): (Unicode.Scalar, Bool) = (
    choice & 1 == 0 ? "," : ";", choice & 2 == 0
  )
  let missing: CSV.MissingValues = choice & 4 == 0 ? .refused : .nan
  let table = try CSV.decode(
    Array(input.dropFirst()), name: "input", separator: separator, hasHeader: hasHeader,
    missing: missing)
  let types = table.columns.map { column in
    (column.name, column.numbers.map { CSV.CellType.number($0.dtype) } ?? .text)
  }
  let copy = mustSucceed {
    try CSV.decode(
      table.encode(separator: separator, hasHeader: hasHeader), name: "copy",
      separator: separator, hasHeader: hasHeader, types: Dictionary(uniqueKeysWithValues: types))
  }
  precondition(table.columns.map(\.name) == copy.columns.map(\.name))
  for (one, other) in zip(table.columns, copy.columns) {
    precondition(one.texts == other.texts)
    if let numbers = one.numbers { checkEqual(numbers, other.numbers!) }
  }
}

/// The file that holds the input, for readers that take no bytes.
private func stored(_ input: [UInt8]) -> URL {
  mustSucceed { try Data(input).write(to: inputFile) }
  return inputFile
}

private let inputFile = FileManager.default.temporaryDirectory.appending(
  path: "adjoint-fuzz-\(ProcessInfo.processInfo.processIdentifier)")

private func feedMapped(_ input: [UInt8]) throws {
  let file = try SafeTensorsFile(stored(input))
  let tensors = try file.names.map { ($0, try file[$0]!) }
  let whole = mustSucceed { try SafeTensors.decode(input, name: "input") }
  precondition(file.metadata == whole.metadata && file.names == whole.tensors.map(\.name))
  for ((_, one), (_, other)) in zip(tensors, whole.tensors) {
    checkEqual(one, other)
    checkEqual(one.cast(to: .float64) + 1, other.cast(to: .float64) + 1)
  }
}

private func feedPNG(_ input: [UInt8]) throws {
  let picture = try PNG.decode(input, name: "input", pixelLimit: 1 << 20)
  checkEqual(picture, mustSucceed { try PNG.decode(PNG.encode(picture), name: "copy") })
}

private func feedNPY(_ input: [UInt8]) throws {
  let tensor = try NPY.decode(input, name: "input")
  checkEqual(tensor, mustSucceed { try NPY.decode(NPY.encode(tensor), name: "copy") })
}

private func feedNPZ(_ input: [UInt8]) throws {
  let file = try NPZ.decode(input, name: "input", unpackedLimit: 1 << 26)
  for compressed in [false, true] {
    let copy = mustSucceed {
      try NPZ.decode(file.encode(compressed: compressed), name: "copy")
    }
    precondition(file.tensors.map(\.name) == copy.tensors.map(\.name))
    for (one, other) in zip(file.tensors, copy.tensors) { checkEqual(one.tensor, other.tensor) }
  }
}

private func feedSafeTensors(_ input: [UInt8]) throws {
  let file = try SafeTensors.decode(input, name: "input")
  let copy = mustSucceed { try SafeTensors.decode(file.encode(), name: "copy") }
  precondition(file.metadata == copy.metadata && file.tensors.count == copy.tensors.count)
  for (name, tensor) in file.tensors {
    guard let again = copy[name] else { fatalError("\(name) is lost") }
    checkEqual(tensor, again)
  }
}

/// The input is the architecture of a model file; weights there are none.
private func feedModel(_ input: [UInt8]) throws {
  let architecture = String(decoding: input, as: UTF8.self)
  mustSucceed {
    try SafeTensors([], metadata: ["architecture": architecture]).write(to: inputFile)
  }
  let model = try Sequential.load(from: inputFile)
  mustSucceed { try model.save(to: inputFile) }
  let copy = mustSucceed { try Sequential.load(from: inputFile) }
  precondition("\(model)" == "\(copy)")
}

/// The input is the tokenizer's file, and the text.
private func feedTokenizer(_ input: [UInt8]) throws {
  let tokenizer = try BytePairTokenizer.decode(file: input, name: "input")
  let tokens = tokenizer.encode(input)
  precondition(tokenizer.bytes(of: tokens) == input)
  mustSucceed { try tokenizer.write(to: inputFile) }
  precondition(mustSucceed { try BytePairTokenizer.read(inputFile) }.encode(input) == tokens)
}

/// The result of `body`, whose errors are findings.
@discardableResult
private func mustSucceed<Result>(_ body: () throws -> Result) -> Result {
  do { return try body() } catch { fatalError("what was read cannot be written: \(error)") }
}

private func checkEqual(_ one: Tensor, _ other: Tensor) {
  precondition(one.shape == other.shape && one.dtype == other.dtype)
  precondition(one.bytes() == other.bytes())
}
