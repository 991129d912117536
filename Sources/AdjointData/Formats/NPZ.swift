import Adjoint
import Foundation

/// The npz format of NumPy: named arrays in a zip archive, each as ``NPY`` reads and writes it.
///
/// A name is the name of the archive's member without `.npy`; it is never used as a path. Archives
/// that hold anything else are refused, as are all that ``NPY`` refuses.
///
/// Compressed members can grow a thousandfold when they are unpacked, so there is a limit to what
/// all of them may announce together, and never more than that is unpacked.
///
/// Source: <https://numpy.org/doc/stable/reference/generated/numpy.savez.html>.
public struct NPZ: Sendable {
  /// The tensors; reading gives them in the order of the archive's directory.
  public var tensors: [(name: String, tensor: Tensor)]

  /// How many bytes compressed members may unpack to, unless a caller says otherwise: 1 GiB.
  public static let defaultUnpackedLimit = 1 << 30

  /// Tensors to be written.
  public init(_ tensors: [(name: String, tensor: Tensor)] = []) {
    self.tensors = tensors
  }

  /// The tensor of this name, nil when there is none.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// Reads a file.
  ///
  /// Throws ``FormatError`` when the file cannot be read or is no sound archive of arrays.
  /// - Parameters:
  ///   - url: the file.
  ///   - unpackedLimit: how many bytes all compressed members together may unpack to.
  public static func read(_ url: URL, unpackedLimit: Int = defaultUnpackedLimit) throws -> NPZ {
    let name = url.path(percentEncoded: false)
    return try decode(RegularFile.read(url), name: name, unpackedLimit: unpackedLimit)
  }

  /// Reads the bytes of a file; `name` stands for the file in errors.
  ///
  /// Throws ``FormatError`` when the bytes are no sound archive of arrays.
  public static func decode(
    _ bytes: [UInt8], name: String, unpackedLimit: Int = defaultUnpackedLimit
  ) throws -> NPZ {
    let archive = try ZipArchive(bytes, file: name)
    var unpacked = 0
    for member in archive.members where member.isDeflated {
      let (sum, overflow) = unpacked.addingReportingOverflow(member.byteCount)
      guard !overflow && sum <= unpackedLimit else {
        throw FormatError(
          .unsupported, file: name, field: "member \"\(member.name)\"",
          "the compressed members unpack to more than \(unpackedLimit) bytes;"
            + " pass a higher unpackedLimit if you trust the file")
      }
      unpacked = sum
    }
    return NPZ(
      try archive.members.map { member in
        // By scalars: a letter may combine with the dot.
        let scalars = member.name.unicodeScalars
        guard scalars.suffix(suffix.count).elementsEqual(suffix.unicodeScalars) else {
          throw FormatError(
            .unsupported, file: name, field: "member \"\(member.name)\"",
            "an npz file holds members named *\(suffix) only")
        }
        let contents = try archive.contents(of: member)
        let tensor = try NPY.decode(contents, name: "\(name)/\(member.name)")
        return (String(String.UnicodeScalarView(scalars.dropLast(suffix.count))), tensor)
      })
  }

  /// The bytes of a file.
  ///
  /// Throws ``FormatError`` when a name occurs twice or takes more than 65,531 bytes.
  /// - Parameter compressed: whether the arrays are deflated, as by `numpy.savez_compressed`.
  public func encode(compressed: Bool = false) throws -> [UInt8] {
    try pieces(compressed: compressed, file: "npz").reduce(into: []) { $0 += $1 }
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// Throws ``FormatError`` as ``encode(compressed:)`` does, and when the system refuses; an older
  /// file then stays as it was.
  public func write(to url: URL, compressed: Bool = false) throws {
    let file = url.path(percentEncoded: false)
    try RegularFile.replace(url, with: pieces(compressed: compressed, file: file))
  }

  private static let suffix = ".npy"

  private func pieces(compressed: Bool, file: String) throws -> ZipWriter {
    var names: Set<String> = []
    for (name, _) in tensors {
      func failure(_ message: String) -> FormatError {
        FormatError(.malformed, file: file, field: "tensor \"\(name)\"", message)
      }
      guard names.insert(name).inserted else { throw failure("this name occurs twice") }
      guard name.utf8.count + Self.suffix.utf8.count <= UInt16.max else {
        throw failure("the name takes \(name.utf8.count) bytes, 65531 are allowed")
      }
    }
    return ZipWriter(
      tensors.map { name, tensor in (name + Self.suffix, { NPY.encode(tensor) }) },
      compressed: compressed)
  }
}
