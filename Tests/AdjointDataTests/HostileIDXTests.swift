import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("IDX files from strangers")
struct HostileIDXTests {
  @Test("A bomb is refused before it is unpacked, unless the caller raises the limit")
  func bomb() throws {
    // 24 values in 57 packed bytes; the limit is what the header announces.
    let packed = try fixture("small.idx.gz")
    let error = try formatError {
      _ = try IDX.decode(packed, name: "bomb", unpackedLimit: 23)
    }
    #expect(
      error?.description
        == "bomb: dimensions at byte 4: 24 unpacked bytes announced, more than 23; pass a higher"
        + " unpackedLimit if you trust the file")
    #expect(try IDX.decode(packed, name: "bomb", unpackedLimit: 24).elementCount == 24)
    let plain = idx(0x08, [2], [1, 2])
    #expect(try IDX.decode(plain, name: "plain", unpackedLimit: 0).elementCount == 2)
  }

  @Test("A header that announces 2^60 bytes costs nothing")
  func petabyte() throws {
    let huge = idx(0x0e, [1 << 31, 1 << 26], [])
    #expect(try formatError { _ = try IDX.decode(huge, name: "huge") }?.kind == .truncated)
    let nine = idx(0x08, Array(repeating: 1, count: 9), [1])
    #expect(try formatError { _ = try IDX.decode(nine, name: "nine") }?.kind == .unsupported)
  }
}
