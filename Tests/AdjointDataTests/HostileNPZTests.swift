import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("Npz archives from strangers")
struct HostileNPZTests {
  /// One entry of a directory, with its local header and data; the fields are those of the format.
  private struct Member {
    var name = "a.npy"
    var localName: String?
    var flags: UInt16 = 0
    var method: UInt16 = 0
    var checksum: UInt32?
    var data: [UInt8] = NPY.encode(Tensor([1, 2] as [UInt8]))
    var packedCount: UInt32?
    var count: UInt32?
    var start: UInt32?
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    bigEndian(value).reversed()
  }

  /// An archive of these members, whose end record may lie.
  private static func archive(
    _ members: [Member], count: UInt16? = nil, size: UInt32? = nil, start: UInt32? = nil
  ) -> [UInt8] {
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
      let offset = UInt32(bytes.count)
      let packed = UInt32(member.data.count)
      var common = little(member.flags) + little(member.method) + [0, 0, 0, 0]
      common += little(member.checksum ?? crc32(member.data))
      common += little(member.packedCount ?? packed)
      common += little(member.count ?? packed)
      let localName = Array((member.localName ?? member.name).utf8)
      bytes += [0x50, 0x4b, 3, 4, 20, 0] + common
      bytes += little(UInt16(localName.count)) + [0, 0] + localName + member.data
      directory += [0x50, 0x4b, 1, 2, 20, 0, 20, 0] + common
      directory += little(UInt16(member.name.utf8.count)) + Array(repeating: 0, count: 12)
      directory += little(member.start ?? offset) + Array(member.name.utf8)
    }
    var end: [UInt8] = [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
    end += little(count ?? UInt16(members.count)) + little(count ?? UInt16(members.count))
    end += little(size ?? UInt32(directory.count)) + little(start ?? UInt32(bytes.count))
    return bytes + directory + end + [0, 0]
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var state = UInt32.max
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? (state >> 1) ^ 0xedb8_8320 : state >> 1 }
    }
    return ~state
  }

  private func error(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> FormatError? {
    try formatError { _ = try NPZ.decode(bytes, name: "bad.npz", unpackedLimit: limit) }
  }

  @Test("The smallest sound archive is the one that the bad ones differ from")
  func sound() throws {
    #expect(try NPZ.decode(Self.archive([Member()]), name: "sound")["a"]?.bytes() == [1, 2])
  }

  @Test("Members that leave room for two readings are refused")
  func members() throws {
    func message(_ member: Member) throws -> String? {
      try error(Self.archive([member]))?.description
    }
    let prefix = "bad.npz: member \"a.npy\""
    #expect(try message(Member(flags: 1))?.hasSuffix(": it is encrypted") == true)
    #expect(try message(Member(method: 99))?.contains("compression method 99") == true)
    #expect(try message(Member(localName: "b.npy"))?.contains("header is another one's") == true)
    #expect(try message(Member(count: 5))?.contains("5 bytes are stored in 130 bytes") == true)
    #expect(try message(Member(start: 7777))?.contains("begins at 7777, behind the") == true)
    #expect(
      try message(Member(checksum: 1))?.hasPrefix("\(prefix) at byte 35: CRC-32 1 expected")
        == true)
    #expect(
      try message(Member(packedCount: 4_000_000_000, count: 4_000_000_000))?.contains(
        "4000000000 bytes announced, there are 130 before the directory") == true)
    #expect(try message(Member(name: "a.pkl"))?.contains("named *.npy only") == true)
    #expect(try error(Self.archive([Member(), Member()]))?.message == "the name occurs twice")
    let overlapping = Self.archive([Member(), Member(localName: "a.npy", start: 0)])
    #expect(try error(overlapping)?.message == "the name occurs twice")
    let shared = Self.archive([Member(), Member(name: "b.npy", localName: "a.npy", start: 0)])
    #expect(try error(shared)?.message.contains("header is another one's") == true)
  }

  @Test("Members that overlap are refused: a small file must not hold many large ones")
  func overlap() throws {
    // The second member's local header and data lie within the data of the first.
    let inner = Self.archive([Member(name: "b.npy")])
    let outer = Member(data: Array(inner[..<165]))
    let bytes = Self.archive([outer, Member(name: "b.npy", start: 35)])
    #expect(try error(bytes)?.message == "it overlaps the member before it, which ends at 200")
  }

  @Test("A directory that does not lie where it is announced is refused")
  func directory() throws {
    for bytes in [
      Self.archive([Member()], count: 2), Self.archive([Member()], size: 10),
      Self.archive([Member()], start: 3), Self.archive([Member()], start: .max),
      Self.archive([Member()], size: .max), Self.archive([Member()], count: .max),
      [0] + Self.archive([Member()]), Self.archive([Member()]) + [0], [], Array("PK".utf8),
    ] {
      #expect(try error(bytes) != nil)
    }
  }

  @Test("Bombs are refused before anything is unpacked, and lies after their announced size")
  func bombs() throws {
    let zeros = try NPZ([("zeros", Tensor.zeros([1_000_000], dtype: .uint8))]).encode(
      compressed: true)
    #expect(
      try error(zeros, limit: 1_000_000)?.message
        == "the compressed members unpack to more than 1000000 bytes; pass a higher unpackedLimit"
        + " if you trust the file")
    #expect(try NPZ.decode(zeros, name: "zeros", unpackedLimit: 1_000_128).tensors.count == 1)
    // The announced sizes, in the directory and in the local header, made smaller and larger.
    for size in [1000, 1_000_127, 1_000_129, 4_000_000_000] as [UInt32] {
      var bytes = zeros
      let entry = try #require(
        bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
      bytes.replaceSubrange(entry + 24..<entry + 28, with: Self.little(size))
      let error = try error(bytes, limit: .max)
      #expect(error?.field == "member \"zeros.npy\"", "\(String(describing: error))")
    }
  }

  @Test("Bytes after the end of deflated data are refused, as is data without an end")
  func deflatedRest() throws {
    // A stored block of one byte, then the same with a byte too many and a byte too few.
    let block: [UInt8] = [1, 1, 0, 254, 255, 7]
    for data in [block + [0], Array(block.dropLast()), [], [0xff]] {
      let member = Member(method: 8, checksum: Self.crc32([7]), data: data, count: 1)
      #expect(try error(Self.archive([member]))?.field == "member \"a.npy\"")
    }
  }

  @Test("Elements that are not there are not waited for")
  func petabyte() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,)}"
    let data = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
    #expect(
      try error(Self.archive([Member(data: data)]))?.message
        == "the header announces 4611686018427387904 bytes, there are 0")
  }

  @Test(
    "An archive cut short anywhere is refused, changed bytes are refused or read",
    arguments: ["piped", "long"])
  func truncationAndMutations(name: String) throws {
    let whole = try fixture("\(name).npz")
    for count in 0..<whole.count { #expect(try error(Array(whole[..<count])) != nil) }
    for place in whole.indices {
      for change: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
        var bytes = whole
        bytes[place] ^= change
        _ = try error(bytes)
      }
    }
  }
}
