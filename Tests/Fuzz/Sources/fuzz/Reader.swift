import Adjoint
import AdjointData
import Foundation

/// What can be fuzzed, by the name that chooses it.
enum Reader: String, CaseIterable {
  case gzip, idx, npy, npz, safetensors

  /// Reads the input; whatever it holds, the only error is the one that the reader documents.
  ///
  /// What can be read is written again and read once more: both times the same must come out.
  func feed(_ input: [UInt8]) {
    do {
      switch self {
      case .gzip, .idx: _ = try IDX.decode(input, name: "input")
      case .npy: try feedNPY(input)
      case .npz: try feedNPZ(input)
      case .safetensors: try feedSafeTensors(input)
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

/// The result of `body`, whose errors are findings.
private func mustSucceed<Result>(_ body: () throws -> Result) -> Result {
  do { return try body() } catch { fatalError("what was read cannot be written: \(error)") }
}

private func checkEqual(_ one: Tensor, _ other: Tensor) {
  precondition(one.shape == other.shape && one.dtype == other.dtype)
  precondition(one.bytes() == other.bytes())
}
