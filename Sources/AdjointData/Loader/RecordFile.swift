import Adjoint
import Foundation

/// The records of a file, all of one size, read when they are asked for: for data larger than memory.
///
/// ```swift
/// let images = try RecordFile(idx: folder.appending(path: "train-images-idx3-ubyte"))
/// let loader = Loader(
///   ZippedDataset([images, TensorDataset(labels)]), batchSize: 128, sampler: .shuffled, workers: 2)
/// ```
///
/// An example is one tensor. Several threads may read at once; records that follow one another in a
/// batch are one read. The file must not change in the meantime.
public final class RecordFile: Dataset {
  /// The number of records.
  public let count: Int
  /// The shape of one record.
  public let elementShape: Shape
  /// The type of its elements.
  public let dtype: DType

  private let path: String
  private let descriptor: Int32
  private let start: Int
  private let storedBytes: Int
  private let decode: @Sendable ([UInt8], Shape) throws -> Tensor

  /// The rows of an uncompressed IDX file `[n, ...]`.
  ///
  /// Throws ``FormatError`` when the file cannot be opened, is compressed, or is no sound IDX file.
  public init(idx url: URL) throws {
    let path = url.path(percentEncoded: false)
    let (descriptor, length) = try Self.open(url)
    do {
      // The longest header has 255 dimensions.
      let head = try Self.read(descriptor, min(length, 4 + 4 * 255), at: 0, path)
      if head.starts(with: [0x1f, 0x8b]) {
        throw FormatError(
          .unsupported, file: path, field: "gzip",
          "a compressed file cannot be read in parts; unpack it first")
      }
      var reader = try ByteReader(head, file: path)
      let (element, shape) = try IDX.header(&reader)
      guard let rows = shape.first, let one = Shape(exactly: Array(shape.dropFirst())) else {
        throw FormatError(
          .mismatched, file: path, field: "dimensions", offset: 3,
          "an array with rows expected, found the shape \(shape)")
      }
      guard one.elementCount > 0 || rows == 0 else {
        throw FormatError(
          .unsupported, file: path, field: "dimensions", offset: 4,
          "\(rows) records without elements, of shape \(one)")
      }
      let size = one.elementCount.multipliedReportingOverflow(by: element.width)
      let (data, overflow) = size.partialValue.multipliedReportingOverflow(by: rows)
      let rest = length - reader.offset
      guard !size.overflow && !overflow && data == rest else {
        throw FormatError(
          !overflow && data < rest ? .malformed : .truncated, file: path, field: "values",
          offset: reader.offset,
          "the header announces \(shape) elements of \(element.width) bytes, \(rest) bytes follow")
      }
      (count, elementShape, start) = (rows, one, reader.offset)
      storedBytes = size.partialValue
      decode = { element.tensor(bigEndian: $0, shape: $1) }
      dtype = element.tensor(bigEndian: [], shape: [0]).dtype
      (self.path, self.descriptor) = (path, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// The records of a file that holds nothing else after its first `offset` bytes.
  ///
  /// They are little-endian elements in row-major order.
  ///
  /// Throws ``FormatError`` when the file cannot be opened, or does not hold whole records. An empty
  /// record, an unusable shape or offset stops the program.
  public init(
    _ url: URL, elementShape: Shape, dtype: DType, offset: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    let path = url.path(percentEncoded: false)
    let (size, overflow) = elementShape.elementCount.multipliedReportingOverflow(
      by: dtype.byteCount)
    if overflow || size == 0 || offset < 0 || elementShape.rank == Shape.maximumRank {
      programmingError(
        "RecordFile", "there are no records of \(dtype) \(elementShape) at offset \(offset)",
        file: file, line: line)
    }
    let (descriptor, length) = try Self.open(url)
    guard length >= offset && (length - offset) % size == 0 else {
      close(descriptor)
      throw FormatError(
        .truncated, file: path, field: "records", offset: min(offset, length),
        "records of \(size) bytes from byte \(offset) on do not end with the file's \(length) bytes"
      )
    }
    (count, storedBytes, start) = ((length - offset) / size, size, offset)
    (self.elementShape, self.dtype) = (elementShape, dtype)
    (self.path, self.descriptor) = (path, descriptor)
    decode = { bytes, shape in
      if dtype == .bool, let wrong = bytes.first(where: { $0 > 1 }) {
        throw FormatError(
          .malformed, file: path, field: "records", "a bool is 0 or 1, found \(wrong)")
      }
      return Tensor(bytes: bytes, shape: shape, dtype: dtype)
    }
  }

  deinit { close(descriptor) }

  /// One record, read from the file.
  public subscript(index: Int) -> [Tensor] {
    get throws { [try decode(bytes(index..<index + 1), elementShape)] }
  }

  /// Records as `[indices, ...]`, read from the file.
  public func batch(at indices: [Int]) throws -> [Tensor] {
    var all: [UInt8] = []
    var run = 0..<0
    for index in indices {
      if index == run.upperBound && !run.isEmpty {
        run = run.lowerBound..<index + 1
      } else {
        all += try bytes(run)
        run = index..<index + 1
      }
    }
    let last = try bytes(run)
    all = all.isEmpty ? last : all + last
    return [try decode(all, Shape([indices.count] + elementShape))]
  }

  private func bytes(_ records: Range<Int>) throws -> [UInt8] {
    if records.isEmpty { return [] }
    if records.lowerBound < 0 || records.upperBound > count {
      programmingError("RecordFile", "there is no record \(records) of \(count) in \(path)")
    }
    return try Self.read(
      descriptor, records.count * storedBytes, at: start + records.lowerBound * storedBytes, path)
  }

  private static func open(_ url: URL) throws -> (descriptor: Int32, length: Int) {
    let path = url.path(percentEncoded: false)
    // Without blocking: a pipe under this name would be waited for.
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw FormatError(
        errno == ENOENT ? .missing : .inaccessible, file: path, field: "file", reason)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FormatError(.inaccessible, file: path, field: "file", "this is not a regular file")
    }
    return (descriptor, Int(status.st_size))
  }

  private static func read(
    _ descriptor: Int32, _ count: Int, at offset: Int, _ path: String
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var piece = [UInt8](repeating: 0, count: count - bytes.count)
      let got = pread(descriptor, &piece, piece.count, offset + bytes.count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        let reason = got < 0 ? String(cString: strerror(errno)) : "the file has become shorter"
        throw FormatError(
          got < 0 ? .inaccessible : .truncated, file: path, field: "records",
          offset: offset + bytes.count, reason)
      }
      // Nearly always the whole piece, which then is not copied.
      if bytes.isEmpty && got == count { return piece }
      bytes += piece[..<got]
    }
    return bytes
  }
}
