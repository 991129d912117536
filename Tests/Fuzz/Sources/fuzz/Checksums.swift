// Checksums that chance would hardly hit are corrected, so that what lies behind them is reached.

/// A PNG file whose chunks have the right checksums.
func withRightChecksums(png input: [UInt8]) -> [UInt8] {
  var (bytes, start) = (input, 8)
  while start + 12 <= bytes.count {
    let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start - 12 else { break }
    let end = start + 8 + length
    let checksum = crc32(bytes[(start + 4)..<end])
    for place in 0..<4 {
      bytes[end + place] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * place))
    }
    start = end + 4
  }
  return bytes
}

/// A zip archive whose directory has the right checksums of members that are stored.
func withRightChecksums(zip input: [UInt8]) -> [UInt8] {
  var bytes = input
  func integer(_ place: Int, _ count: Int) -> Int {
    bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  for entry in input.indices where input[entry...].starts(with: [0x50, 0x4b, 1, 2]) {
    guard entry + 46 <= bytes.count, integer(entry + 10, 2) == 0 else { continue }
    let local = integer(entry + 42, 4)
    guard local + 30 <= bytes.count else { continue }
    let data = local + 30 + integer(local + 26, 2) + integer(local + 28, 2)
    let count = integer(entry + 20, 4)
    guard data + count <= bytes.count else { continue }
    let checksum = crc32(bytes[data..<data + count])
    for place in 0..<4 {
      bytes[entry + 16 + place] = UInt8(truncatingIfNeeded: checksum >> (8 * place))
    }
  }
  return bytes
}

private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var state = UInt32.max
  for byte in bytes {
    state ^= UInt32(byte)
    for _ in 0..<8 { state = state & 1 == 1 ? (state >> 1) ^ 0xedb8_8320 : state >> 1 }
  }
  return ~state
}
