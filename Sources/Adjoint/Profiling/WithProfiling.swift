import Synchronization

/// Runs `body` and finds out where its time goes.
///
/// ```swift
/// let profile = withProfiling {
///   for _ in 0..<10 { step() }
/// }
/// print(profile)                    // time, work and share of the machine's limit by operation
/// print(profile.table(by: .module)) // the same by the layers of a model, forward and backward
/// ```
///
/// - Recorded is what this thread does in `body`, what a `Loader` does for it on threads of its own,
///   and what tasks do that it creates. Scopes of other tasks do not meet.
/// - Scopes can be nested: what the inner one records is in both profiles.
/// - Elementwise work waits until somebody needs numbers. It is counted when it runs, in programs of
///   several operations, for the module and the phase that recorded the last of them. What nobody needs
///   before the scope ends is not in the profile.
/// - If `body` throws there is no profile.
///
/// While profiling is on, an operation takes about a microsecond longer. Outside of such scopes
/// it costs nothing that could be measured.
public func withProfiling(_ body: () throws -> Void) rethrows -> Profile {
  try Profiling.profiled(named: nil, body).profile
}

/// Runs `body` and gives its result along with where its time went; see the variant without a result.
public func withProfiling<Result>(
  _ body: () throws -> Result
) rethrows -> (value: Result, profile: Profile) {
  try Profiling.profiled(named: nil, body)
}

/// Runs `body` under a name that tables by module and traces show, inside the modules around it.
///
/// Layers have names of their own; this is for what is no layer: a loss, an augmentation, a solver.
/// Outside of `withProfiling` it does nothing but run `body`.
public func withProfilingRegion<Result>(
  _ name: String, _ body: () throws -> Result
) rethrows -> Result {
  guard Profiling.isOn, let recorder = Profiling.current else { return try body() }
  recorder.beginRegion(name)
  defer { recorder.end() }
  return try body()
}

extension Profiling {
  package static func profiled<Result>(
    named model: NamedModule?, _ body: () throws -> Result
  ) rethrows -> (value: Result, profile: Profile) {
    scopes.add(1, ordering: .relaxed)
    defer { scopes.subtract(1, ordering: .relaxed) }
    let recorder = current ?? ProfileRecorder()
    if let model { recorder.add(model) }
    return try $recorder.withValue(recorder) {
      let mark = recorder.open()
      let value: Result
      do { value = try body() } catch {
        recorder.abandon()
        throw error
      }
      return (value, recorder.close(mark))
    }
  }

  /// The beginning of a module's work; nil if nobody wants to know.
  package static func beginModule(
    _ module: AnyObject, kind: @autoclosure () -> String,
    parts: @autoclosure () -> [ModulePart]
  ) -> ProfileRecorder? {
    guard isOn, let recorder = current else { return nil }
    recorder.beginModule(module, kind: kind, parts: parts)
    return recorder
  }

  /// The beginning of an optimizer's step.
  package static func beginUpdate() -> ProfileRecorder? {
    guard isOn, let recorder = current else { return nil }
    recorder.beginUpdate()
    return recorder
  }

  /// The beginning of what is no kernel but deserves a line of its own, such as waiting for data.
  package static func beginOther(_ name: StaticString) -> ProfileRecorder? {
    begin(name, [], .float32)
  }
}

/// What a new thread needs so that its work is in the profile of the thread that started it.
package struct ProfilingContext: Sendable {
  private let recorder: ProfileRecorder?

  /// That of the current task.
  package init() { recorder = Profiling.isOn ? Profiling.current : nil }

  /// Runs the work of the thread.
  package func run(threadNamed name: String, _ body: () -> Void) {
    guard let recorder else { return body() }
    recorder.name(thread: name)
    Profiling.$recorder.withValue(recorder, operation: body)
  }
}
