import Glibc
import Synchronization

/// What a profile is made of, while it is being recorded.
///
/// Every thread has a stack of spans of its own. Kernels, modules, derivative rules and optimizer steps
/// are all spans; time is counted for kernels alone, so that it is counted once.
package final class ProfileRecorder: Sendable {
  private let log = Mutex(ProfileLog())
  /// How many scopes listen: nested ones share a recorder, and threads may outlive them.
  private let depth = Atomic<Int>(0)

  var isOpen: Bool { depth.load(ordering: .relaxed) > 0 }

  private static var thread: UInt { UInt(pthread_self()) }

  // MARK: Scopes

  /// The beginning of a scope: what was recorded before is not in its profile.
  func open() -> ProfileLog.Mark {
    depth.add(1, ordering: .relaxed)
    let thread = Self.thread
    return log.withLock { $0.mark(thread) }
  }

  /// The end of a scope.
  func close(_ mark: ProfileLog.Mark) -> Profile {
    let end = Self.now
    depth.subtract(1, ordering: .relaxed)
    return log.withLock { $0.profile(since: mark, until: end) }
  }

  /// The end of a scope that an error has left.
  func abandon() { depth.subtract(1, ordering: .relaxed) }

  // MARK: Operations

  func begin(_ name: OperationName, _ cost: OperationCost) {
    let thread = Self.thread
    log.withLock { $0.push(.operation, name, cost, on: thread) }
  }

  /// Adds work to the operation that is running on this thread: that of a program it consumes.
  func add(flops: Double, bytes: Int) {
    let thread = Self.thread
    log.withLock { $0.add(flops: flops, bytes: bytes, on: thread) }
  }

  /// The end of what was begun last on this thread.
  package func end() {
    let (end, thread) = (Self.now, Self.thread)
    log.withLock { $0.pop(end, on: thread) }
  }

  /// Forgets what was begun last: it came to nothing.
  func cancel() {
    let thread = Self.thread
    log.withLock { $0.cancel(on: thread) }
  }

  /// The end of a program; it belongs to who recorded the last operation of `payload`, not to who
  /// needs the numbers.
  func end(_ name: OperationName, _ cost: OperationCost, of payload: ObjectIdentifier?) {
    let (end, thread) = (Self.now, Self.thread)
    log.withLock { $0.pop(end, name, cost, of: payload, on: thread) }
  }

  // MARK: Who asks

  func note(node sequence: Int) {
    let thread = Self.thread
    log.withLock { $0.note(node: sequence, on: thread) }
  }

  func note(pending payload: ObjectIdentifier) {
    let thread = Self.thread
    log.withLock { $0.note(pending: payload, on: thread) }
  }

  func beginRules(of node: Node) {
    let (thread, sequence, name) = (Self.thread, node.sequence, node.name)
    log.withLock { $0.pushRules(of: sequence, name, on: thread) }
  }

  func beginUpdate() {
    let thread = Self.thread
    log.withLock { $0.pushUpdate(on: thread) }
  }

  func beginRegion(_ name: String) {
    let thread = Self.thread
    log.withLock { $0.pushRegion(name, on: thread) }
  }

  /// The beginning of a module's work.
  ///
  /// Its path is known if a module around it has run before; else it is the name of its kind. The paths
  /// of all its `parts` are known from then on.
  func beginModule(
    _ module: AnyObject, kind: () -> String, parts: () -> [ModulePart]
  ) {
    let thread = Self.thread
    let kept = Kept(module)
    if log.withLock({ $0.pushModule(kept, on: thread) }) { return }
    // Outside of the lock, since they look at the user's objects.
    let (kind, found) = (kind(), parts())
    log.withLock {
      $0.add(kept, kind, named: kind, parts: found, on: thread)
      _ = $0.pushModule(kept, on: thread)
    }
  }

  /// Gives a model its name before it runs.
  func add(_ model: NamedModule) {
    let thread = Self.thread
    log.withLock {
      $0.add(model.module, model.kind, named: model.name, parts: model.parts, on: thread)
    }
  }

  func name(thread name: String) {
    let thread = Self.thread
    log.withLock { $0.name(thread: thread, name) }
  }

  /// Nanoseconds of a clock that never goes back.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// A part of a module, with its path inside.
package struct ModulePart: Sendable {
  let path: String
  let kind: String
  let module: Kept

  package init(_ path: String, _ kind: String, _ module: AnyObject) {
    (self.path, self.kind, self.module) = (path, kind, Kept(module))
  }
}

/// A model that is to have a name in a profile.
package struct NamedModule: Sendable {
  let name: String
  let kind: String
  let module: Kept
  let parts: [ModulePart]

  package init(_ name: String, _ kind: String, _ module: AnyObject, parts: [ModulePart]) {
    (self.name, self.kind, self.module, self.parts) = (name, kind, Kept(module), parts)
  }
}

/// A module that is kept alive, so that its identity is never given to another one.
struct Kept: @unchecked Sendable {
  // Sendable: nobody looks into it.
  let object: AnyObject
  init(_ object: AnyObject) { self.object = object }
  var identity: ObjectIdentifier { ObjectIdentifier(object) }
}
