/// A plain decoder of zlib data (RFC 1950 and 1951), so that the tests of what zlib wrote do not
/// rest on zlib.
struct Inflate {
  private let bytes: [UInt8]
  private var position = 16
  private var output: [UInt8] = []

  struct Malformed: Error {}

  static func decode(_ bytes: [UInt8]) throws -> [UInt8] {
    var decoder = Inflate(bytes: bytes)
    while try !decoder.block() {}
    var (low, high) = (UInt32(1), UInt32(0))
    for byte in decoder.output {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let sum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard sum == high << 16 | low else { throw Malformed() }
    return decoder.output
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) throws -> Int {
    var value = 0
    for shift in 0..<count {
      guard position / 8 < bytes.count else { throw Malformed() }
      value |= Int(bytes[position / 8] >> (position % 8) & 1) << shift
      position += 1
    }
    return value
  }

  /// Decodes one block and says whether it was the last.
  private mutating func block() throws -> Bool {
    let isLast = try bits(1) == 1
    switch try bits(2) {
    case 0:
      position = (position + 7) / 8 * 8
      let length = try bits(16)
      _ = try bits(16)
      for _ in 0..<length { output.append(UInt8(try bits(8))) }
    case 1:
      let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
      try codes(Huffman(lengths), Huffman(Array(repeating: 5, count: 30)))
    case 2:
      let (literals, distances, count) = (try bits(5) + 257, try bits(5) + 1, try bits(4) + 4)
      var order = Array(repeating: 0, count: 19)
      for index in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        .prefix(count)
      {
        order[index] = try bits(3)
      }
      let code = Huffman(order)
      var lengths: [Int] = []
      while lengths.count < literals + distances {
        let symbol = try self.symbol(code)
        switch symbol {
        case 16:
          guard let last = lengths.last else { throw Malformed() }
          lengths += Array(repeating: last, count: 3 + (try bits(2)))
        case 17: lengths += Array(repeating: 0, count: 3 + (try bits(3)))
        case 18: lengths += Array(repeating: 0, count: 11 + (try bits(7)))
        default: lengths.append(symbol)
        }
      }
      try codes(Huffman(Array(lengths[..<literals])), Huffman(Array(lengths[literals...])))
    default: throw Malformed()
    }
    return isLast
  }

  private mutating func codes(_ literals: Huffman, _ distances: Huffman) throws {
    while true {
      let symbol = try self.symbol(literals)
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      let index = symbol - 257
      let extra = index < 8 || index == 28 ? 0 : index / 4 - 1
      let base = index < 8 ? index + 3 : index == 28 ? 258 : (4 + index % 4) << extra + 3
      let length = base + (try bits(extra))
      let far = try self.symbol(distances)
      let farExtra = far < 4 ? 0 : far / 2 - 1
      let farBase = far < 4 ? far + 1 : (2 + far % 2) << farExtra + 1
      let distance = farBase + (try bits(farExtra))
      guard distance <= output.count else { throw Malformed() }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private mutating func symbol(_ code: Huffman) throws -> Int {
    var (value, length) = (0, 0)
    while length < 16 {
      value = value << 1 | (try bits(1))
      length += 1
      if let symbol = code.symbols[length << 16 | value] { return symbol }
    }
    throw Malformed()
  }

  private struct Huffman {
    var symbols: [Int: Int] = [:]

    init(_ lengths: [Int]) {
      var code = 0
      for length in 1...15 {
        code <<= 1
        for (symbol, own) in lengths.enumerated() where own == length {
          symbols[length << 16 | code] = symbol
          code += 1
        }
      }
    }
  }
}
