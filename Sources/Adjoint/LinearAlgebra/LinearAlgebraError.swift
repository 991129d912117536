/// Why a matrix has no decomposition, or a system no solution.
///
/// Functions such as `cholesky(a)` stop the program with this text. Where such a matrix is no mistake
/// but to be expected, call the variant whose first argument is labelled `checking`: it throws.
///
/// ```swift
/// do { l = try cholesky(checking: a) } catch { a = a + 1e-6 * Tensor.eye(n) }
/// ```
/// A matrix that holds a NaN or an infinity is no error: its results are NaN, and its neighbours in
/// the batch are not touched.
public struct LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with the matrix.
  public enum Reason: Sendable {
    /// A leading minor is not positive: the matrix has no Cholesky factor.
    case notPositiveDefinite
    /// A pivot is exactly 0: the matrix has no inverse.
    case singular
    /// An iteration for eigenvalues or singular values did not end.
    case noConvergence
  }

  /// The function, such as `cholesky`.
  public let operation: String
  /// What is wrong.
  public let reason: Reason
  /// The first such matrix of the batch, in row-major order.
  public let matrix: Int
  /// The shape of the batch; `[]` for a single matrix.
  public let batch: Shape
  /// LAPACK's `info`: the order of the minor, the number of the pivot, or what did not converge.
  public let info: Int

  /// What is wrong with which matrix, without the name of the function.
  var message: String {
    let position = batch.rowMajorStrides.enumerated().map { matrix / $1 % batch[$0] }
    let which = batch.rank == 0 ? "the matrix" : "matrix \(position) of the batch \(batch)"
    return switch reason {
    case .notPositiveDefinite:
      "\(which) is not positive definite: its leading minor of order \(info) is not positive "
        + "(LAPACK info \(info))"
    case .singular:
      "\(which) is singular: its pivot \(info) is 0 (LAPACK info \(info))"
    case .noConvergence:
      "the iteration for \(which) did not converge (LAPACK info \(info))"
    }
  }

  /// The function and what is wrong with which matrix.
  public var description: String { "\(operation): \(message)" }

  /// Throws for the first matrix whose status is neither 0 nor "not finite".
  static func check(
    _ status: [Int32], _ operation: String, _ reason: Reason, _ batch: Shape
  ) throws(LinearAlgebraError) {
    guard let matrix = status.firstIndex(where: { $0 != 0 && $0 != LAPACK.notFinite }) else {
      return
    }
    throw LinearAlgebraError(
      operation: operation, reason: reason, matrix: matrix, batch: batch,
      info: Int(status[matrix]))
  }
}

/// The result, or the end of the program with the error's text at the caller's line.
func orStop<Result>(
  _ file: StaticString, _ line: UInt,
  _ result: @autoclosure () throws(LinearAlgebraError) -> Result
) -> Result {
  do {
    return try result()
  } catch {
    let hint =
      error.reason == .noConvergence
      ? "" : "; where that may happen, call \(error.operation)(checking: ...), which throws"
    programmingError(error.operation, error.message + hint, file: file, line: line)
  }
}
