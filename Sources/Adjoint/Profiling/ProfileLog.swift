import CAdjoint
import Glibc

/// The state of a recorder: spans that are open, and what those that have ended come to.
struct ProfileLog: Sendable {
  enum Kind: UInt8 {
    case operation, module, rules, update
    /// A module that calls itself, under another signature: not a call of its own.
    case again
  }

  /// For whom something is done.
  struct Context: Hashable {
    var region = 0
    var phase = Profile.Phase.forward
    /// The operation whose derivative is computed: the number of its name.
    var rule: Int?
  }

  /// What is summed up together.
  struct Key: Hashable {
    var kind: Kind
    var name: Int
    var context: Context
    var thread: Int
    var shape: Shape
    var dtype: DType
    var flops: Double?
    var bytes: Int?
  }

  struct Total {
    var count = 0
    /// Nanoseconds, without those of operations inside.
    var time: Int64 = 0
  }

  /// A span that has ended, for the trace.
  struct Event {
    let key: Int
    let start: Int64
    let duration: Int64
  }

  fileprivate struct Frame {
    let kind: Kind
    var name: Int
    var cost: OperationCost?
    let start: Int64
    /// The time of operations inside.
    var inner: Int64 = 0
    /// The context to go back to.
    let outer: Context
  }

  struct Track {
    var name: String
    let identity: Int
    var context = Context()
    fileprivate var frames: [Frame] = []
  }

  struct Mark {
    let thread: Int
    let totals: [Total]
    let events: Int
    let start: Int64
  }

  /// How many spans the trace has at most; the table has all.
  static let eventLimit = 1 << 20
  /// For how many nodes it is known for whom they were made.
  private static let nodeLimit = 1 << 20

  private var names: [String] = []
  private var nameNumbers: [String: Int] = [:]
  private var knownNames: [OperationName: Int] = [:]
  /// The paths of modules and regions; the first is outside of all.
  private var regions = [""]
  /// The classes of modules, by region; empty for regions that are none.
  private var kinds = [""]
  private var regionNumbers = ["": 0]
  private var modules: [ObjectIdentifier: (module: Kept, region: Int)] = [:]
  private var tracks: [Track] = []
  private var trackNumbers: [UInt: Int] = [:]
  private var keys: [Key] = []
  private var keyNumbers: [Key: Int] = [:]
  private var totals: [Total] = []
  private var events: [Event] = []
  private var nodes: [Int: Context] = [:]
  private var pending: [ObjectIdentifier: Context] = [:]

  // MARK: Spans

  mutating func push(
    _ kind: Kind, _ name: OperationName, _ cost: OperationCost? = nil, on thread: UInt
  ) {
    push(kind, number(of: name), cost, on: track(of: thread))
  }

  private mutating func push(_ kind: Kind, _ name: Int, _ cost: OperationCost?, on track: Int) {
    let outer = tracks[track].context
    // The time is taken last here and first at the end: what recording takes is not the operation's.
    tracks[track].frames.append(
      Frame(kind: kind, name: name, cost: cost, start: ProfileRecorder.now, outer: outer))
  }

  mutating func pushRules(of sequence: Int, _ name: StaticString, on thread: UInt) {
    let (track, name) = (track(of: thread), number(of: .literal(name)))
    push(.rules, name, nil, on: track)
    let region = nodes[sequence]?.region ?? 0
    tracks[track].context = Context(region: region, phase: .backward, rule: name)
  }

  mutating func pushUpdate(on thread: UInt) {
    let track = track(of: thread)
    push(.update, number(of: .literal("update")), nil, on: track)
    tracks[track].context.phase = .update
  }

  mutating func pushRegion(_ name: String, on thread: UInt) {
    let track = track(of: thread)
    push(region: region(inside: tracks[track].context.region, name), on: track)
  }

  /// False if the module's path is not known.
  mutating func pushModule(_ module: Kept, on thread: UInt) -> Bool {
    guard let known = modules[module.identity] else { return false }
    push(region: known.region, on: track(of: thread))
    return true
  }

  private mutating func push(region: Int, on track: Int) {
    let isAgain =
      tracks[track].context.region == region && tracks[track].frames.last?.kind == .module
    push(isAgain ? .again : .module, number(of: regions[region]), nil, on: track)
    tracks[track].context.region = region
  }

  mutating func add(
    _ module: Kept, _ kind: String, named name: String, parts: [ModulePart], on thread: UInt
  ) {
    let outer = tracks[track(of: thread)].context.region
    let own = modules[module.identity]?.region ?? region(inside: outer, name)
    modules[module.identity] = (module, own)
    kinds[own] = kind
    for part in parts where modules[part.module.identity] == nil {
      let region = region(inside: own, part.path)
      modules[part.module.identity] = (part.module, region)
      kinds[region] = part.kind
    }
  }

  mutating func add(flops: Double, bytes: Int, on thread: UInt) {
    let track = track(of: thread)
    guard let last = tracks[track].frames.indices.last else { return }
    if let known = tracks[track].frames[last].cost?.flops {
      tracks[track].frames[last].cost?.flops = known + flops
    }
    if let known = tracks[track].frames[last].cost?.bytes {
      tracks[track].frames[last].cost?.bytes = known + bytes
    }
  }

  mutating func cancel(on thread: UInt) {
    let track = track(of: thread)
    guard let frame = tracks[track].frames.popLast() else { return }
    if let last = tracks[track].frames.indices.last {
      tracks[track].frames[last].inner += frame.inner
    }
    tracks[track].context = frame.outer
  }

  mutating func pop(_ end: Int64, on thread: UInt) {
    let track = track(of: thread)
    guard let frame = tracks[track].frames.popLast() else { return }
    finish(frame, end, tracks[track].context, on: track)
  }

  mutating func pop(
    _ end: Int64, _ name: OperationName, _ cost: OperationCost, of payload: ObjectIdentifier?,
    on thread: UInt
  ) {
    let track = track(of: thread)
    guard var frame = tracks[track].frames.popLast() else { return }
    frame.name = number(of: name)
    frame.cost = cost
    let owner = payload.flatMap { pending[$0] }
    finish(frame, end, owner ?? tracks[track].context, on: track)
  }

  private mutating func finish(_ frame: Frame, _ end: Int64, _ context: Context, on track: Int) {
    let duration = end - frame.start
    let isOperation = frame.kind == .operation
    if let last = tracks[track].frames.indices.last {
      tracks[track].frames[last].inner += isOperation ? duration : frame.inner
    }
    tracks[track].context = frame.outer
    if frame.kind == .again { return }
    let key = Key(
      kind: frame.kind, name: frame.name, context: context, thread: track,
      shape: frame.cost?.shape ?? [], dtype: frame.cost?.dtype ?? .float32,
      flops: frame.cost?.flops, bytes: frame.cost?.bytes)
    let number = number(of: key)
    totals[number].count += 1
    totals[number].time += duration - (isOperation ? frame.inner : 0)
    if events.count < Self.eventLimit {
      events.append(Event(key: number, start: frame.start, duration: duration))
    }
  }

  // MARK: Who asks

  mutating func note(node sequence: Int, on thread: UInt) {
    nodes[sequence] = tracks[track(of: thread)].context
    // Of a long run only the newest nodes are alive.
    if nodes.count > 2 * Self.nodeLimit {
      nodes = nodes.filter { $0.key > sequence - Self.nodeLimit }
    }
  }

  mutating func note(pending payload: ObjectIdentifier, on thread: UInt) {
    pending[payload] = tracks[track(of: thread)].context
  }

  // MARK: Numbers for things

  private mutating func number(of name: OperationName) -> Int {
    if let known = knownNames[name] { return known }
    let number = number(of: name.text)
    knownNames[name] = number
    return number
  }

  private mutating func number(of name: String) -> Int {
    if let known = nameNumbers[name] { return known }
    names.append(name)
    nameNumbers[name] = names.count - 1
    return names.count - 1
  }

  private mutating func number(of key: Key) -> Int {
    if let known = keyNumbers[key] { return known }
    keys.append(key)
    totals.append(Total())
    keyNumbers[key] = keys.count - 1
    return keys.count - 1
  }

  private mutating func region(inside outer: Int, _ name: String) -> Int {
    let path = outer == 0 ? name : "\(regions[outer]).\(name)"
    if let known = regionNumbers[path] { return known }
    regions.append(path)
    kinds.append("")
    regionNumbers[path] = regions.count - 1
    return regions.count - 1
  }

  private mutating func track(of thread: UInt) -> Int {
    if let known = trackNumbers[thread] { return known }
    let identity = Int(adj_thread_identity())
    let name = identity == Int(getpid()) ? "main thread" : "thread \(identity)"
    tracks.append(Track(name: name, identity: identity))
    trackNumbers[thread] = tracks.count - 1
    return tracks.count - 1
  }

  mutating func name(thread: UInt, _ name: String) { tracks[track(of: thread)].name = name }

  // MARK: Scopes

  mutating func mark(_ thread: UInt) -> Mark {
    Mark(
      thread: track(of: thread), totals: totals, events: events.count, start: ProfileRecorder.now)
  }

  /// What was recorded since `mark`.
  func profile(since mark: Mark, until end: Int64) -> Profile {
    let found: [(Int, Total)] = keys.indices.compactMap { index in
      let before = index < mark.totals.count ? mark.totals[index] : Total()
      let (count, time) = (totals[index].count - before.count, totals[index].time - before.time)
      return count == 0 ? nil : (index, Total(count: count, time: time))
    }
    return Profile(
      nanoseconds: end - mark.start,
      timeline: Timeline(
        thread: mark.thread, start: mark.start, names: names, regions: regions,
        kinds: kinds, threads: tracks.map { ($0.name, $0.identity) }, keys: keys,
        events: Array(events[min(mark.events, events.count)...]),
        isComplete: events.count < Self.eventLimit),
      totals: found)
  }
}
