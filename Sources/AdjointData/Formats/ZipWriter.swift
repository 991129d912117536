/// The pieces of a zip archive: one for each member, and the directory.
///
/// Every member's date is the first that the format knows, as NumPy's are, so that equal contents
/// give equal bytes. Sizes of 64 bits are written where 32 do not suffice.
struct ZipWriter: Sequence, IteratorProtocol {
  private var members: ArraySlice<(name: String, contents: () -> [UInt8])>
  private let compressed: Bool
  private var directory = Bytes()
  private var count = 0
  private var offset = 0
  private var isFinished = false

  /// - Parameter members: names, and what gives the contents when it is their turn.
  init(_ members: [(name: String, contents: () -> [UInt8])], compressed: Bool) {
    (self.members, self.compressed) = (members[...], compressed)
  }

  mutating func next() -> [UInt8]? {
    if let (name, contents) = members.popFirst() { return member(name, contents()) }
    if isFinished { return nil }
    isFinished = true
    return end()
  }

  private mutating func member(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let data = compressed ? Deflater.compressed(contents) : contents
    let name = Array(name.utf8)
    let isLong = Swift.max(data.count, contents.count, offset) >= Int(UInt32.max)

    var common = Bytes()
    common.append(UInt16(isLong ? 45 : 20))  // the version that a reader must know
    common.append(UInt16(name.contains { $0 > 127 } ? 1 << 11 : 0))  // whether the name is UTF-8
    common.append(UInt16(compressed ? 8 : 0))
    common.append(UInt32(0x0021_0000))  // 1 January 1980, midnight
    common.append(Deflater.crc32(contents[...]))
    common.append(isLong ? .max : UInt32(data.count))
    common.append(isLong ? .max : UInt32(contents.count))
    common.append(UInt16(name.count))
    var sizes = Bytes()
    if isLong {
      sizes.append(UInt64(contents.count))
      sizes.append(UInt64(data.count))
    }

    var header = Bytes([0x50, 0x4b, 3, 4])
    header.bytes += common.bytes
    header.append(UInt16(isLong ? 20 : 0))
    header.bytes += name
    if isLong { header.bytes += [1, 0, 16, 0] + sizes.bytes }

    directory.bytes += [0x50, 0x4b, 1, 2]
    directory.append(UInt16(3 << 8 | 45))  // made by a Unix system
    directory.bytes += common.bytes
    directory.append(UInt16(isLong ? 28 : 0))
    directory.bytes += [0, 0, 0, 0, 0, 0]  // no comment, the first disk, no internal attributes
    directory.append(UInt32(0o100600) << 16)  // a file that its owner may read and write
    directory.append(isLong ? .max : UInt32(offset))
    directory.bytes += name
    if isLong {
      directory.bytes += [1, 0, 24, 0] + sizes.bytes
      directory.append(UInt64(offset))
    }
    offset += header.bytes.count + data.count
    count += 1
    return header.bytes + data
  }

  private func end() -> [UInt8] {
    let size = directory.bytes.count
    var end = directory
    if Swift.max(offset, size) >= Int(UInt32.max) || count >= UInt16.max {
      end.bytes += [0x50, 0x4b, 6, 6]
      end.append(UInt64(44))
      end.bytes += [45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      end.append(UInt64(count))
      end.append(UInt64(count))
      end.append(UInt64(size))
      end.append(UInt64(offset))
      end.bytes += [0x50, 0x4b, 6, 7, 0, 0, 0, 0]
      end.append(UInt64(offset + size))
      end.append(UInt32(1))
    }
    end.bytes += [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
    end.append(UInt16(clamping: count))
    end.append(UInt16(clamping: count))
    end.append(UInt32(clamping: size))
    end.append(UInt32(clamping: offset))
    end.append(UInt16(0))
    return end.bytes
  }
}

/// Bytes to which numbers are appended with the lowest byte first.
private struct Bytes {
  var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
