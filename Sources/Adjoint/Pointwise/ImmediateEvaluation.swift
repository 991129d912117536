import Glibc
import Synchronization

/// Runs `body` with every elementwise operation computed when it is called.
///
/// Results are the same bits, but for subnormal numbers in an optimizer's state, which a step may take
/// for zero; only the time is spent elsewhere, and more of it. It is for debugging:
/// a profiler or debugger then shows an operation where the program calls it. The environment variable
/// `ADJOINT_IMMEDIATE=1` does the same for a whole process.
public func withImmediateEvaluation<Result>(_ body: () throws -> Result) rethrows -> Result {
  ImmediateEvaluation.scopes.add(1, ordering: .relaxed)
  defer { ImmediateEvaluation.scopes.subtract(1, ordering: .relaxed) }
  return try ImmediateEvaluation.$isScoped.withValue(true, operation: body)
}

enum ImmediateEvaluation {
  @TaskLocal fileprivate static var isScoped = false
  /// How many scopes are open anywhere: while there is none, nobody needs to ask the task.
  fileprivate static let scopes = Atomic<Int>(0)
  private static let isForProcess = getenv("ADJOINT_IMMEDIATE").map { String(cString: $0) } == "1"

  static var isOn: Bool {
    isForProcess || scopes.load(ordering: .relaxed) > 0 && isScoped
  }
}
