import CAdjoint
import Synchronization

/// The profiler's hooks: the engine says here what it does, and for whom.
///
/// A kernel's function begins a span in its first line and ends it in a `defer`. While nobody profiles,
/// that is the test of one number in memory; costs are not even computed, because they are
/// autoclosures. Spans are nested: the time of inner operations is not counted for the outer one.
package enum Profiling {
  /// The recorder of the current task.
  @TaskLocal static var recorder: ProfileRecorder?
  /// How many scopes are open anywhere: while there is none, nobody needs to ask the task.
  static let scopes = Atomic<Int>(0)

  @inline(__always)
  static var isOn: Bool { scopes.load(ordering: .relaxed) > 0 }

  /// The recorder that listens to this task, if there is one.
  static var current: ProfileRecorder? {
    guard let recorder, recorder.isOpen else { return nil }
    return recorder
  }

  /// The beginning of an operation, which `end` ends; nil if nobody wants to know.
  ///
  /// - Parameters:
  ///   - name: the operation as users spell it.
  ///   - shape: the result's shape, a function of sizes alone: nothing may be evaluated for it.
  ///   - dtype: the type it computes in.
  ///   - flops: the additions, multiplications and functions of a number; nil if nobody can tell.
  ///   - bytes: what is read and written, every operand and result once; nil if nobody can tell.
  @inline(__always)
  static func begin(
    _ name: @autoclosure () -> StaticString, _ shape: @autoclosure () -> Shape,
    _ dtype: @autoclosure () -> DType, flops: @autoclosure () -> Double? = nil,
    bytes: @autoclosure () -> Int? = nil
  ) -> ProfileRecorder? {
    guard isOn else { return nil }
    return began(.literal(name())) {
      OperationCost(shape: shape(), dtype: dtype(), flops: flops(), bytes: bytes())
    }
  }

  /// The same for one instruction that is computed at once.
  @inline(__always)
  static func begin(
    _ op: adj_op, _ shape: @autoclosure () -> Shape, _ dtype: @autoclosure () -> DType,
    bytes: @autoclosure () -> Int
  ) -> ProfileRecorder? {
    guard isOn else { return nil }
    return began(.instructions([op.rawValue])) {
      OperationCost(
        shape: shape(), dtype: dtype(), flops: Double(shape().elementCount), bytes: bytes())
    }
  }

  /// The same for a program that will say what it did when it has run.
  @inline(__always)
  static func beginProgram() -> ProfileRecorder? {
    guard isOn else { return nil }
    return began(.literal("pointwise")) { OperationCost(shape: [], dtype: .float32) }
  }

  @inline(never)
  private static func began(
    _ name: OperationName, _ cost: () -> OperationCost
  ) -> ProfileRecorder? {
    guard let recorder = current else { return nil }
    recorder.begin(name, cost())
    return recorder
  }

  /// The beginning of the rules of a node: what happens until `end` is its derivative.
  @inline(__always)
  static func beginRules(of node: Node) -> ProfileRecorder? {
    guard isOn, !node.isLeaf, let recorder = current else { return nil }
    recorder.beginRules(of: node)
    return recorder
  }

  /// Remembers who recorded a node or a pending expression.
  @inline(__always)
  static func note(_ node: Node) {
    if isOn { current?.note(node: node.sequence) }
  }

  @inline(__always)
  static func note(_ payload: Payload) {
    if isOn { current?.note(pending: ObjectIdentifier(payload)) }
  }
}

/// What an operation works on and what work that is.
struct OperationCost {
  var shape: Shape
  var dtype: DType
  var flops: Double?
  var bytes: Int?
}

extension Payload {
  /// The bytes that have to be read to see all elements: those that an axis repeats once, those of
  /// constants not at all.
  var readByteCount: Int {
    if constant != nil && !isReady { return 0 }
    let (strides, isContiguous) = (strides, isContiguous)
    return shape.indices.reduce(dtype.byteCount) {
      strides[$1] == 0 && !isContiguous ? $0 : $0 * shape[$1]
    }
  }
}
