import Runtime
import Synchronization

/// Runs `body`, and stops the program at the first operation that gives a NaN or an infinity.
///
/// It stops, too, where the derivative of an operation gives one.
///
/// The message names the operation, the element, the shape, and the source line that called it, if
/// the program has debug information (`swift build` gives it in release builds too). For a
/// derivative that is the line of the forward call, operators included.
///
/// ```swift
/// withAnomalyDetection {
///   gradient(at: x) { sqrt($0).sum() }
/// }
/// // withAnomalyDetection: the derivative of sqrt gives inf at [0] for its input float32 [3], while
/// // the gradient of its result is finite; sqrt was called at Model.swift:12
/// ```
///
/// Every result is computed and read at once, so it is slow: it is for finding an error. Operations
/// on constants are not recorded and not looked at. Outside such scopes it costs nothing.
/// - Parameters:
///   - allowingInfinity: whether to look for NaN only, for programs that mask with infinities.
///   - body: forward computation and gradients.
public func withAnomalyDetection<Result>(
  allowingInfinity: Bool = false, file: StaticString = #fileID, line: UInt = #line,
  _ body: () throws -> Result
) rethrows -> Result {
  AnomalyDetection.scopes.add(1, ordering: .relaxed)
  defer { AnomalyDetection.scopes.subtract(1, ordering: .relaxed) }
  let scope = AnomalyDetection(allowingInfinity, file, line)
  return try AnomalyDetection.$scope.withValue(scope, operation: body)
}

/// One scope, with the places where its operations were called.
final class AnomalyDetection: Sendable {
  @TaskLocal fileprivate static var scope: AnomalyDetection?
  /// How many scopes are open anywhere: while there is none, nobody needs to ask the task.
  fileprivate static let scopes = Atomic<Int>(0)

  @inline(__always)
  static var isOn: Bool { scopes.load(ordering: .relaxed) > 0 }

  private let allowsInfinity: Bool
  private let file: StaticString
  private let line: UInt
  /// Where nodes were recorded, by their position on the tape.
  private let calls = Mutex<[Int: Backtrace]>([:])

  fileprivate init(_ allowsInfinity: Bool, _ file: StaticString, _ line: UInt) {
    (self.allowsInfinity, self.file, self.line) = (allowsInfinity, file, line)
  }

  /// Looks at the result of an operation that is being recorded.
  static func inspect(_ payload: Payload, of node: Node) {
    guard let scope else { return }
    let call = try? Backtrace.capture(limit: nil)
    scope.calls.withLock { $0[node.sequence] = call }
    guard let fault = scope.fault(in: payload) else { return }
    scope.stop(
      "the result of \(node.name), \(node.dtype) \(node.shape), has \(fault)", node)
  }

  /// Looks at what the rule of an operation gave for one of its inputs.
  static func inspect(_ contribution: Tensor, of node: Node, _ gradient: Tensor) {
    guard let scope, let fault = scope.fault(in: contribution.payload) else { return }
    let origin =
      scope.fault(in: gradient.payload).map {
        "; the gradient of its result has \($0) already, from the cotangent or from a sum"
      } ?? ", while the gradient of its result is finite"
    scope.stop(
      "the derivative of \(node.name) gives \(fault) for its input \(contribution.dtype) "
        + "\(contribution.shape)" + origin, node)
  }

  private func stop(_ message: String, _ node: Node) -> Never {
    let call = calls.withLock { $0[node.sequence] }
    let place = call.flatMap(Self.caller).map { "at \($0)" } ?? "from an unknown line"
    programmingError(
      "withAnomalyDetection", "\(message); \(node.name) was called \(place)", file: file,
      line: line)
  }

  /// The first NaN or infinity and its index, in words.
  private func fault(in payload: Payload) -> String? {
    payload.force()
    let x = Tensor(payload)
    let isWrong = allowsInfinity ? x .!= x : .!(abs(x) .< Tensor(floatLiteral: .infinity))
    if isWrong.sum().scalar == 0 { return nil }
    var place = isWrong.scalars.firstIndex { $0 != 0 } ?? 0
    let value = x.scalars[place]
    let index = x.shape.reversed().map { size in
      defer { place /= size }
      return place % size
    }
    return "\(value.isNaN ? "nan" : "\(value)") at \(Array(index.reversed()))"
  }

  /// The innermost line on the stack that is in a file outside this package's libraries.
  private static func caller(_ backtrace: Backtrace) -> String? {
    for frame in backtrace.symbolicated()?.frames ?? [] {
      // Paths of inlined code are relative to the package.
      guard let location = frame.symbol?.sourceLocation, location.line > 0,
        location.path.hasSuffix(".swift"),
        !location.path.contains("/Sources/Adjoint"), !location.path.hasPrefix("Sources/Adjoint")
      else { continue }
      return "\(location.path.split(separator: "/").last ?? ""):\(location.line)"
    }
    return nil
  }
}
