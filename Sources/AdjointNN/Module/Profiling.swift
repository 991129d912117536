import Adjoint

/// Runs `body` and finds out where its time goes, with the names that a model gives its modules.
///
/// Without a model, modules are named by the class of the outermost one that runs, `Perceptron.hidden`;
/// with one, by their paths in it, even if they are called one by one. See `withProfiling` of the core.
/// - Parameters:
///   - model: the model whose modules are to be named.
///   - name: what its paths begin with.
///   - body: what to measure.
public func withProfiling(
  of model: some Module, named name: String = "model", _ body: () throws -> Void
) rethrows -> Profile {
  try Profiling.profiled(named: model.named(name), body).profile
}

/// Runs `body` and gives its result along with where its time went; see the variant without a result.
public func withProfiling<Result>(
  of model: some Module, named name: String = "model", _ body: () throws -> Result
) rethrows -> (value: Result, profile: Profile) {
  try Profiling.profiled(named: model.named(name), body)
}

extension Module {
  /// The beginning of the module's work in a profile; nil if nobody profiles.
  func beginProfiling() -> ProfileRecorder? {
    Profiling.beginModule(self, kind: kind, parts: profiledParts)
  }

  fileprivate func named(_ name: String) -> NamedModule {
    NamedModule(name, kind, self, parts: profiledParts)
  }

  private var profiledParts: [ModulePart] {
    namedModules.map { ModulePart($0.name, $0.module.kind, $0.module) }
  }
}
