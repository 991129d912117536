import Adjoint
import Foundation

/// What a checkpoint holds beside tensors: JSON under `training` in the file's metadata.
struct CheckpointHeader: Codable {
  /// A generator, which JSON numbers cannot hold: they have 53 bits elsewhere.
  struct Place: Codable {
    let seed: String
    let position: String

    init(_ generator: Generator) {
      (seed, position) = (String(generator.seed), String(generator.position))
    }

    var generator: Generator? {
      guard let seed = UInt64(seed), let position = UInt64(position) else { return nil }
      return Generator(seed: seed, position: position)
    }
  }

  /// The version of this format.
  static let version = 1

  let version: Int
  let model: String
  let optimizers: [String]
  let callbacks: [String]
  let metrics: [String]
  let epoch: Int
  let batch: Int
  let totalBatches: Int
  let stepCounts: [Int]
  let hasStopped: Bool
  let history: History
  /// The scoped generator now, and at the start of the epoch; the order's at the start of the epoch.
  let generator, epochStart, order: Place

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// What is impossible about the numbers, if anything.
  var problem: String? {
    if version != CheckpointHeader.version {
      return "version \(version) is not known, only \(CheckpointHeader.version)"
    }
    let counts = [epoch, batch, totalBatches] + stepCounts
    if let count = counts.first(where: { !(0...1 << 53).contains($0) }) {
      return "\(count) epochs, batches or steps are not possible"
    }
    if [generator, epochStart, order].contains(where: { $0.generator == nil }) {
      return "a generator that is no number"
    }
    let count = history.trainSeconds.count
    if history.values.values.contains(where: { $0.count > count }) {
      return "a history of \(count) epochs with more numbers than that"
    }
    return nil
  }
}
