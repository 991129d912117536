/// Where the time of a `withProfiling` scope went.
///
/// Printed it is a table by operation. `table(by: .module)` is one by the layers of a model;
/// `operations` are the numbers themselves, and `trace` is a file for a viewer.
public struct Profile: Sendable {
  /// What an operation was done for.
  public enum Phase: String, Sendable, CaseIterable {
    /// Values: models, losses, data, and everything else that is neither of the others.
    case forward
    /// Gradients: what the derivative rules of recorded operations do.
    case backward
    /// An optimizer's step.
    case update
  }

  /// Equal operations on equal sizes, with the time and the work of all of them together.
  public struct Operation: Sendable {
    /// The function, such as `matmul`; for a fused pointwise program the list of its functions.
    public let name: String
    /// What it was done for.
    public let phase: Phase
    /// The path of the module or region, such as `Perceptron.hidden`; empty outside of all.
    public let module: String
    /// In the backward phase the operation whose derivative it belongs to.
    public let derivativeOf: String?
    /// Whether another thread did it, such as a loader's, beside the scope's own.
    public let isOnOtherThread: Bool
    /// The shape of the result.
    public let shape: Shape
    /// The type it computed in.
    public let dtype: DType
    /// How often it ran.
    public let count: Int
    /// The time of all, without that of operations inside.
    public let duration: Duration
    /// Additions, multiplications and elementary functions of numbers; nil where nobody can tell.
    public let flops: Double?
    /// Bytes read and written, every operand and result once; nil where nobody can tell.
    public let bytes: Double?
  }

  /// The time from the beginning of the scope to its end.
  public let duration: Duration
  /// What was done, in the order of the first time.
  public let operations: [Operation]
  /// The paths of modules and regions that ran, outer ones first, with the number of their calls.
  public let calls: [(module: String, count: Int)]
  let timeline: Timeline

  init(
    nanoseconds: Int64, timeline: Timeline, totals: [(key: Int, total: ProfileLog.Total)]
  ) {
    duration = .nanoseconds(nanoseconds)
    self.timeline = timeline
    var counts: [Int: Int] = [:]
    var found: [Operation] = []
    for (number, total) in totals {
      let key = timeline.keys[number]
      let region = key.context.region
      if key.kind == .module { counts[region, default: 0] += total.count }
      guard key.kind == .operation else { continue }
      found.append(
        Operation(
          name: timeline.names[key.name], phase: key.context.phase,
          module: timeline.regions[region],
          derivativeOf: key.context.rule.map { timeline.names[$0] },
          isOnOtherThread: key.thread != timeline.thread, shape: key.shape, dtype: key.dtype,
          count: total.count, duration: .nanoseconds(total.time),
          flops: key.flops.map { $0 * Double(total.count) },
          bytes: key.bytes.map { Double($0) * Double(total.count) }))
    }
    operations = found
    calls = counts.sorted { $0.key < $1.key }.map { (timeline.regions[$0.key], $0.value) }
  }
}

/// What happened when, for a trace.
struct Timeline: Sendable {
  /// The thread of the scope.
  let thread: Int
  /// The clock at its beginning.
  let start: Int64
  let names: [String]
  let regions: [String]
  /// The classes of modules, by region.
  let kinds: [String]
  let threads: [(name: String, identity: Int)]
  let keys: [ProfileLog.Key]
  let events: [ProfileLog.Event]
  /// Whether all spans are there: a long scope has more than a viewer could show.
  let isComplete: Bool
}
