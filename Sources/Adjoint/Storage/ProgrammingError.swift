import Glibc

/// Stops the program because it is wrong, with a message for the person who wrote it.
///
/// Every check of shapes, dtypes, axes and ranks ends here. It is `fatalError` and not
/// `precondition`, because `precondition` drops its message in release builds.
/// - Parameters:
///   - operation: the operation as the caller spells it, such as `matmul`.
///   - message: what was given and what was expected, with the shapes.
///   - file: the caller's file.
///   - line: the caller's line.
public func programmingError(
  _ operation: String, _ message: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  // What was printed before would be lost where standard output is a file or a pipe.
  fflush(nil)
  fatalError("\(operation): \(message)", file: file, line: line)
}
