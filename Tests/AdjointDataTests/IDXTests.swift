import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("IDX files")
struct IDXTests {
  @Test("Plain and gzip contents give the same tensor")
  func plainAndGzip() throws {
    let values = (0..<24).map { UInt8($0 * 10) }
    let plain = try IDX.decode(idx(0x08, [2, 3, 4], values), name: "plain")
    let packed = try IDX.decode(fixture("small.idx.gz"), name: "packed")
    for tensor in [plain, packed] {
      #expect(tensor.shape == [2, 3, 4])
      #expect(tensor.dtype == .uint8)
      #expect(tensor.bytes() == values)
    }
  }

  @Test("Each element type is read with its sign and byte order")
  func elementTypes() throws {
    func read(_ code: UInt8, _ contents: [UInt8]) throws -> Tensor {
      try IDX.decode(idx(code, [2], contents), name: "values")
    }
    #expect(try read(0x08, [0, 255]).scalars(as: UInt8.self) == [0, 255])
    #expect(try read(0x09, [127, 128]).scalars(as: Int32.self) == [127, -128])
    let shorts = bigEndian(Int16.min) + bigEndian(Int16(258))
    #expect(try read(0x0b, shorts).scalars(as: Int32.self) == [-32768, 258])
    let ints = bigEndian(Int32.min) + bigEndian(Int32(66051))
    #expect(try read(0x0c, ints).scalars(as: Int32.self) == [.min, 66051])
    let floats =
      bigEndian(Float(1.5).bitPattern) + bigEndian((-Float.leastNonzeroMagnitude).bitPattern)
    #expect(try read(0x0d, floats).scalars(as: Float.self) == [1.5, -.leastNonzeroMagnitude])
    let doubles = bigEndian(Double.pi.bitPattern) + bigEndian((-Double.infinity).bitPattern)
    #expect(try read(0x0e, doubles).scalars(as: Double.self) == [.pi, -.infinity])
  }

  @Test("A single number and an empty array are arrays, too")
  func scalarAndEmpty() throws {
    let scalar = try IDX.decode(idx(0x08, [], [9]), name: "scalar")
    #expect(scalar.shape == [] && scalar.bytes() == [9])
    let empty = try IDX.decode(idx(0x0d, [0, 4_294_967_295], []), name: "empty")
    #expect(empty.shape == [0, 4_294_967_295] && empty.bytes() == [])
  }

  @Test("An error names the file, the field, the offset and both numbers")
  func messages() throws {
    func message(_ bytes: [UInt8]) throws -> String? {
      try formatError {
        _ = try IDX.decode(bytes, name: "digits", unpackedLimit: .max)
      }?.description
    }
    #expect(
      try message(idx(0x08, [2, 3], [1, 2, 3, 4, 5]))
        == "digits: values at byte 12: 6 bytes expected, the file holds 5 more")
    #expect(
      try message(idx(0x08, [2], [1, 2, 3]))
        == "digits: end of data at byte 10: the header announces 10 bytes, the file holds 11")
    #expect(
      try message([0x89, 0x50, 0x4e, 0x47])
        == "digits: magic number at byte 0: an IDX file starts with the bytes 0 0, found 89 50"
        + " (hexadecimal)")
    #expect(
      try message(idx(0x0a, [1], [0]))
        == "digits: element type at byte 2: code 0xa is none of 0x8, 0x9, 0xb, 0xc, 0xd, 0xe")
    #expect(
      try message([])
        == "digits: magic number at byte 0: 4 bytes expected, the file holds 0 more")
    #expect(
      try message(fixture("rest.idx.gz"))
        == "digits: end of data at byte 40: the unpacked contents go on after the 40 bytes that"
        + " their header announces")
    #expect(
      try message(fixture("short.idx.gz"))
        == "digits: values at byte 20: 6048000000000000 bytes expected, the unpacked contents hold"
        + " 100 more")
  }

  @Test("Dimensions that no memory could hold are refused before anything is allocated")
  func hugeDimensions() throws {
    let largest = UInt32.max
    for rank in 1...255 {
      let bytes = idx(0x0e, Array(repeating: largest, count: rank), [])
      #expect(throws: FormatError.self) { try IDX.decode(bytes, name: "huge") }
    }
  }

  @Test("A file cut short anywhere is refused")
  func truncation() throws {
    for whole in [idx(0x08, [2, 3], [1, 2, 3, 4, 5, 6]), try fixture("small.idx.gz")] {
      for count in 0..<whole.count {
        #expect(throws: FormatError.self) {
          try IDX.decode(Array(whole[..<count]), name: "cut after \(count) bytes")
        }
      }
    }
  }

  @Test("A bit flipped in a gzip file is found or harmless")
  func flippedBits() throws {
    let whole = try fixture("small.idx.gz")
    let contents = try IDX.decode(whole, name: "whole").bytes()
    var found = 0
    for bit in 0..<8 * whole.count {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      let error = try formatError {
        let tensor = try IDX.decode(bytes, name: "bit \(bit)")
        #expect(tensor.bytes() == contents)
      }
      if error != nil { found += 1 }
    }
    // The rest is the header's time stamp and operating system, which are nobody's contents.
    #expect(found > 7 * whole.count)
  }

  @Test("A bit flipped in a plain file is refused or read, and never stops the program")
  func flippedPlainBits() throws {
    let whole = idx(0x08, [2, 3], [1, 2, 3, 4, 5, 6])
    for bit in 0..<8 * whole.count {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      _ = try formatError { _ = try IDX.decode(bytes, name: "bit \(bit)") }
    }
  }

  @Test("Anything after the end of gzip data is refused")
  func gzipRest() throws {
    let whole = try fixture("small.idx.gz")
    for rest in [[0], whole] {
      let error = try formatError { _ = try IDX.decode(whole + rest, name: "two") }
      #expect(error?.field == "end of gzip data")
      #expect(error?.kind == .malformed)
    }
  }

  @Test("Missing files, folders and pipes are refused")
  func notRegularFiles() throws {
    try withTemporaryFolder { folder in
      let missing = try formatError { _ = try IDX.read(folder.appending(path: "nothing")) }
      #expect(missing?.kind == .missing)
      #expect(missing?.description.hasSuffix("/nothing: file: there is no such file") == true)
      #expect(try formatError { _ = try IDX.read(folder) }?.kind == .inaccessible)
      let pipe = folder.appending(path: "pipe")
      #expect(mkfifo(pipe.path(percentEncoded: false), 0o600) == 0)
      #expect(try formatError { _ = try IDX.read(pipe) }?.kind == .inaccessible)
    }
  }
}
