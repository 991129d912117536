import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

@Suite struct `TensorBoard event files` {
  /// CRC32C bit by bit, from its definition.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var rest = ~UInt32(0)
    for byte in bytes {
      rest ^= UInt32(byte)
      for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
    }
    let sum = ~rest
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The data of the records of a file; checksums must be right.
  private func records(_ file: URL) throws -> [[UInt8]] {
    var rest = [UInt8](try Data(contentsOf: file))[...]
    var found: [[UInt8]] = []
    while !rest.isEmpty {
      let length = rest.prefix(8)
      let count = Int(number(length))
      #expect(number(rest.dropFirst(8).prefix(4)) == UInt64(checksum(length)))
      let data = rest.dropFirst(12).prefix(count)
      #expect(number(rest.dropFirst(12 + count).prefix(4)) == UInt64(checksum(data)))
      found.append(Array(data))
      rest = rest.dropFirst(16 + count)
    }
    return found
  }

  @Test func `are whole records, one for each epoch, for training and validation`() throws {
    #expect(checksum(Array("123456789".utf8)[...]) == masked(0xE306_9283))
    try withTemporaryFolder { folder in
      let (x, y) = blobs(30)
      let history = try classifier().fit(
        x, y, epochs: 3, loss: .categoricalCrossEntropy, optimizer: SGD(), metrics: [.accuracy],
        validation: (x, y), callbacks: [TensorBoard(folder, histogramInterval: 2)],
        verbose: .silent, seed: 1)
      for (part, name) in [("train", "loss"), ("validation", "val_loss")] {
        let path = folder.appending(path: part)
        let names = try FileManager.default.contentsOfDirectory(
          atPath: path.path(percentEncoded: false))
        try #require(names.count == 1 && names[0].contains("tfevents"))
        let found = try records(path.appending(path: names[0]))
        try #require(found.count == 4)
        #expect(found[0].suffix(13) == Array("brain.Event:2".utf8))
        for (epoch, record) in found.dropFirst().enumerated() {
          // Tag, then field 2 of four bytes: the value.
          let tag = Array("epoch_loss".utf8) + [2 << 3 | 5]
          let start = try #require(
            record.indices.first { record[$0...].starts(with: tag) })
          let bits = UInt32(number(record[(start + tag.count)...].prefix(4)))
          #expect(Float(bitPattern: bits) == Float(history[name][epoch]))
          let hasHistogram = String(decoding: record, as: UTF8.self).contains("0/weight/histogram")
          #expect(hasHistogram == (part == "train" && epoch % 2 == 0))
        }
      }
    }
  }

  private func masked(_ sum: UInt32) -> UInt32 { (sum >> 15 | sum << 17) &+ 0xA282_EAD8 }
}
