import Adjoint
import Foundation

/// The npy format of NumPy: one array.
///
/// Versions 1.0, 2.0 and 3.0 are read, in C and in Fortran order and in both byte orders. Each
/// element type becomes the smallest dtype that has all its values:
///
/// | NumPy | tensor |
/// |-------|--------|
/// | bool | bool |
/// | uint8 | uint8 |
/// | int8, int16, uint16, int32 | int32 |
/// | uint32, int64 | int64 |
/// | uint64 | int64; values from 2^63 on are refused |
/// | float16, float32 | float32 |
/// | float64 | float64 |
///
/// Objects, structures, texts, dates, complex numbers and longer floats are refused. So are bytes
/// after the last element, and truth values other than 0 and 1.
///
/// Source: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public enum NPY {
  /// The tensor in an npy file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or is not exactly one sound array.
  public static func read(_ url: URL) throws -> Tensor {
    try decode(RegularFile.read(url), name: url.path(percentEncoded: false))
  }

  /// The tensor in the bytes of an npy file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` when the bytes are not exactly one sound array.
  public static func decode(_ bytes: [UInt8], name: String) throws -> Tensor {
    try decode(bytes[...], name: name)
  }

  static func decode(_ bytes: ArraySlice<UInt8>, name: String) throws -> Tensor {
    var cursor = ByteCursor(bytes, file: name)
    let header = try NPYHeader(&cursor)
    let start = cursor.position
    let (count, overflow) = header.shape.elementCount.multipliedReportingOverflow(
      by: header.type.byteCount)
    guard !overflow && count == cursor.remaining else {
      throw FormatError(
        overflow || count > cursor.remaining ? .truncated : .malformed, file: name,
        field: "elements", offset: start,
        "the header announces \(overflow ? "too many" : "\(count)") bytes, there are"
          + " \(cursor.remaining)")
    }
    let data = try cursor.read(count, field: "elements")
    let shape = header.isFortranOrder ? Shape(header.shape.reversed()) : header.shape
    do {
      let tensor = try header.type.tensor(data, shape: shape, isBigEndian: header.isBigEndian)
      // The first index runs fastest: the same memory, looked at with the axes in reverse.
      return header.isFortranOrder ? tensor.permuted((0..<shape.rank).reversed()) : tensor
    } catch {
      throw FormatError(
        .unsupported, file: name, field: "element \(error.index)",
        offset: start + error.index * header.type.byteCount, error.message)
    }
  }

  /// The bytes of an npy file of version 1.0, in C order.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    NPYHeader.encode(tensor) + tensor.bytes()
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` when the system refuses; an older file then stays as it was.
  public static func write(_ tensor: Tensor, to url: URL) throws {
    try RegularFile.replace(url, with: [NPYHeader.encode(tensor), tensor.bytes()])
  }
}
