import Adjoint
import Foundation

/// Whole files: read into memory, or replaced in one step.
enum RegularFile {
  /// The contents of a regular file; a folder, a pipe or a device (which may never end) is refused.
  static func read(_ url: URL) throws -> [UInt8] {
    let path = url.path(percentEncoded: false)
    let target = url.resolvingSymlinksInPath().path(percentEncoded: false)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else {
      throw FormatError(.missing, file: path, field: "file", "there is no such file")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw FormatError(.inaccessible, file: path, field: "file", "this is not a regular file")
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw FormatError(
        .inaccessible, file: path, field: "file", "cannot be read: \(reason(error))")
    }
  }

  /// The contents of a regular file as memory, nil for an empty file, which cannot be mapped.
  ///
  /// See ``FileMapping`` for what must not happen to the file.
  static func map(_ url: URL) throws -> FileMapping? {
    let path = url.path(percentEncoded: false)
    // Without O_NONBLOCK, opening a pipe would wait for its other end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let isMissing = errno == ENOENT
      throw FormatError(
        isMissing ? .missing : .inaccessible, file: path, field: "file",
        isMissing ? "there is no such file" : "cannot be read: \(reason(POSIXError.current))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FormatError(.inaccessible, file: path, field: "file", "this is not a regular file")
    }
    guard status.st_size > 0 else { return nil }
    guard let mapping = FileMapping(descriptor: descriptor, byteCount: status.st_size) else {
      throw FormatError(
        .inaccessible, file: path, field: "file",
        "cannot be mapped: \(reason(POSIXError.current))")
    }
    return mapping
  }

  /// Writes the pieces one after another into a file that appears under its name only when it is
  /// complete and on the disk; until then, and after any failure, an older file stays as it was.
  static func replace(_ url: URL, with pieces: some Sequence<[UInt8]>) throws {
    // A link keeps pointing to the file that it points to: it is the target that is replaced.
    let target = url.resolvingSymlinksInPath()
    let folder = target.deletingLastPathComponent()
    let path = target.path(percentEncoded: false)
    let temporary = folder.appending(path: ".adjoint-\(UUID().uuidString)")
      .path(percentEncoded: false)
    do {
      try write(pieces, to: temporary)
      guard rename(temporary, path) == 0 else { throw POSIXError.current }
    } catch {
      unlink(temporary)
      throw FormatError(
        .inaccessible, file: url.path(percentEncoded: false), field: "file",
        "cannot be written: \(reason(error))")
    }
  }

  private static func write(_ pieces: some Sequence<[UInt8]>, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw POSIXError.current }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    for piece in pieces { try file.write(contentsOf: piece) }
    guard fsync(descriptor) == 0 else { throw POSIXError.current }
    try file.close()
  }

  /// The system's own words: the description of a `POSIXError` has only its number.
  private static func reason(_ error: any Error) -> String {
    let code = (error as? POSIXError)?.code
    return code.map { String(cString: strerror($0.rawValue)) } ?? error.localizedDescription
  }
}

extension POSIXError {
  fileprivate static var current: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
