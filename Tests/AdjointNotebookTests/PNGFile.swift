/// A decoder of the PNG files that the library writes, which checks every rule on the way.
struct PNGFile {
  var width = 0
  var height = 0
  var channels = 0
  var pixels: [UInt8] = []

  struct Malformed: Error { var reason: String }

  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw Malformed(reason: "signature")
    }
    var rest = bytes[8...]
    var names: [String] = []
    var data: [UInt8] = []
    while !rest.isEmpty {
      let length = PNGFile.number(rest.prefix(4))
      let body = rest.dropFirst(4).prefix(length + 4)
      let check = rest.dropFirst(8 + length).prefix(4)
      guard PNGFile.number(check) == Int(PNGFile.crc(body)) else { throw Malformed(reason: "CRC") }
      let name = String(decoding: body.prefix(4), as: UTF8.self)
      let content = Array(body.dropFirst(4))
      if name == "IHDR" {
        (width, height) = (PNGFile.number(content[0..<4]), PNGFile.number(content[4..<8]))
        channels = content[9] == 0 ? 1 : 3
        guard content[8] == 8, content[10...] == [0, 0, 0] else { throw Malformed(reason: "IHDR") }
      }
      if name == "IDAT" { data += content }
      names.append(name)
      rest = rest.dropFirst(12 + length)
    }
    guard names.first == "IHDR", names.last == "IEND" else { throw Malformed(reason: "order") }
    let rows = try Inflate.decode(data)
    let rowLength = width * channels + 1
    guard rows.count == rowLength * height else { throw Malformed(reason: "size") }
    for row in 0..<height {
      guard rows[row * rowLength] == 0 else { throw Malformed(reason: "filter") }
      pixels += rows[row * rowLength + 1..<(row + 1) * rowLength]
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
