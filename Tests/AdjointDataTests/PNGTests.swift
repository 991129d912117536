import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("PNG files")
struct PNGTests {
  private let pictures: NPZ

  init() throws {
    pictures = try NPZ.decode(fixture("pictures.npz"), name: "pictures")
  }

  private func file(_ name: String) throws -> [UInt8] {
    try #require(pictures["\(name) file"]).bytes()
  }

  private func message(_ name: String) throws -> String? {
    try formatError { _ = try PNG.decode(file(name), name: "x.png") }?.description
  }

  @Test(
    "Pictures have the pixels that Pillow sees",
    arguments: [
      "grey", "grey alpha", "colours", "colours alpha", "one pixel", "one bit", "palette",
      "interlaced",
    ])
  func pixels(name: String) throws {
    let (picture, expected) = (
      try PNG.decode(file(name), name: name), try #require(pictures["\(name) pixels"])
    )
    #expect(picture.shape == expected.shape && picture.dtype == .uint8)
    #expect(picture.bytes() == expected.bytes())
  }

  @Test("A transparent palette becomes an alpha channel")
  func transparentPalette() throws {
    let picture = try PNG.decode(file("palette alpha"), name: "palette")
    #expect(picture.shape == [6, 6, 4])
    // The fixture's fourth channel holds the colours' numbers, which are their transparency, too.
    #expect(picture.bytes() == pictures["palette alpha pixels"]?.bytes())
  }

  @Test("What is written is read back", arguments: 0...4)
  func roundTrip(channels: Int) throws {
    let shape: Shape = channels == 0 ? [13, 17] : [13, 17, channels]
    let count = shape.elementCount
    let picture = Tensor((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7) }, shape: shape)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "picture.png")
      try PNG.write(picture, to: url)
      let copy = try PNG.read(url)
      #expect(copy.shape == (channels == 1 ? [13, 17] : shape))
      #expect(copy.bytes() == picture.bytes())
    }
  }

  @Test("Noise that cannot be packed is written, too")
  func noise() throws {
    var state: UInt64 = 1
    let bytes = (0..<512 * 512 * 4).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    let picture = Tensor(bytes: bytes, shape: [512, 512, 4], dtype: .uint8)
    #expect(try PNG.decode(PNG.encode(picture), name: "noise").bytes() == bytes)
  }

  @Test("Only uint8 pictures are written")
  func misuse() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = PNG.encode(Tensor.zeros([2, 3, 5], dtype: .uint8)) }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "PNG.encode: uint8 [height, width] or [height, width, 1...4] expected, found uint8"
          + " [2, 3, 5]"))
    await #expect(processExitsWith: .failure) { _ = PNG.encode(Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) {
      _ = PNG.encode(Tensor.zeros([0, 3], dtype: .uint8))
    }
  }

  @Test("What is not 8 bits or not whole is refused")
  func refused() throws {
    #expect(
      try message("sixteen bits")
        == "x.png: bit depth at byte 24: 16 bits in each channel, at most 8 are supported")
    #expect(try message("rows missing")?.hasPrefix("x.png: picture: libpng: ") == true)
    #expect(try message("filter of none")?.hasPrefix("x.png: picture: libpng: ") == true)
    #expect(try message("huge")?.contains("packed bytes can hold") == true)
    #expect(
      try message("wide")
        == "x.png: IDAT: 8000 x 8000 pixels announced, more than 10 packed bytes can hold")
    let limited = try formatError {
      _ = try PNG.decode(file("grey"), name: "x.png", pixelLimit: 34)
    }
    #expect(limited?.message.hasPrefix("7 x 5 pixels are more than 34") == true)
    #expect(try PNG.decode(file("grey"), name: "x.png", pixelLimit: 35).shape == [5, 7])
    let grey = try file("grey")
    for bytes in [[], Array("GIF89a".utf8), grey + [0], [0] + grey] {
      #expect(throws: FormatError.self) { try PNG.decode(bytes, name: "x.png") }
    }
  }

  @Test(
    "A file cut short or changed anywhere is refused",
    arguments: ["grey", "palette alpha", "interlaced"])
  func truncationAndMutations(name: String) throws {
    let whole = try file(name)
    for count in 0..<whole.count {
      #expect(throws: FormatError.self) { try PNG.decode(Array(whole[..<count]), name: name) }
    }
    // Every chunk has a checksum, so no change passes.
    for bit in 0..<8 * whole.count {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: FormatError.self) { try PNG.decode(bytes, name: "bit \(bit)") }
    }
  }
}
