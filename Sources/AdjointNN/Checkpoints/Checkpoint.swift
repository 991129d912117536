import Adjoint
import AdjointData
import Foundation

extension Training {
  /// Saves from now on as the policy says; if its file is there and it resumes, goes on from it.
  ///
  /// Call it before the loop, inside of the `withGenerator(seed:)` around it.
  ///
  /// Throws ``/AdjointData/FormatError`` when the file cannot be read or is damaged,
  /// ``CheckpointMismatch`` when it belongs to another training; nothing has changed then.
  public func enableCheckpoints(_ policy: CheckpointPolicy) throws {
    if policy.resumes,
      FileManager.default.fileExists(atPath: policy.url.path(percentEncoded: false))
    {
      try resume(from: policy.url)
    }
    self.policy = policy
  }

  /// Saves everything that the rest of the training depends on in one safetensors file.
  ///
  /// That is the model with its buffers, optimizers and position in the schedule, callbacks,
  /// metrics and history, generators, epoch, batch and the order of the data.
  ///
  /// The file appears under its name only when it is complete and on the disk.
  /// - Parameters:
  ///   - url: the file.
  ///   - keepsPrevious: whether an older file stays under its name with `.previous` at the end.
  public func save(to url: URL, keepsPrevious: Bool = false) throws {
    let header = CheckpointHeader(
      version: CheckpointHeader.version, model: model.kind, optimizers: optimizers.map(typeName),
      callbacks: callbacks.map(typeName), metrics: position.tally.metrics.map(\.name),
      epoch: position.epoch, batch: position.batch, totalBatches: totalBatches,
      stepCounts: stepCounts, hasStopped: shouldStop, history: history,
      generator: .init(Adjoint.Generator.scoped), epochStart: .init(position.epochStart),
      order: .init(position.orderAtStart))
    let text = String(decoding: try CheckpointHeader.encoder.encode(header), as: UTF8.self)
    if keepsPrevious { try keep(url) }
    try SafeTensors(tensors, metadata: ["format": "pt", "training": text]).write(to: url)
  }

  /// Puts everything back as a checkpoint holds it, so that the loop goes on there.
  ///
  /// Throws as `enableCheckpoints` does.
  public func resume(from url: URL) throws {
    let file = url.path(percentEncoded: false)
    let contents = try SafeTensors.read(url)
    let header = try header(of: contents, file)
    try check(header, file)
    let tensors = Dictionary(contents.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    func part(_ prefix: String) -> [String: Tensor] {
      let found = tensors.filter { $0.key.hasPrefix(prefix) }
      return Dictionary(found.map { (String($0.key.dropFirst(prefix.count)), $0.value) }) { $1 }
    }
    // The state now, so that a mismatch further on leaves everything as it was.
    let before = Dictionary(self.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    func load(_ source: (String) -> [String: Tensor]) throws {
      try matching(.model, file) { () throws(StateMismatch) in
        try model.load(stateDictionary: source("model."))
      }
      for (index, optimizer) in optimizers.enumerated() {
        try matching(.optimizer, file) { () throws(StateMismatch) in
          try loadState(source("optimizer.\(index)."), into: optimizer, of: model)
        }
      }
      for (index, callback) in callbacks.enumerated() {
        try matching(.callback, file) { () throws(StateMismatch) in
          try callback.load(stateDictionary: source("callback.\(index)."))
        }
      }
    }
    do {
      try load(part)
    } catch {
      try? load { prefix in
        let found = before.filter { $0.key.hasPrefix(prefix) }
        return Dictionary(found.map { (String($0.key.dropFirst(prefix.count)), $0.value) }) { $1 }
      }
      throw error
    }
    restore(header, means: part("mean."), metrics: part("metric."))
  }

  private func header(of contents: SafeTensors, _ file: String) throws -> CheckpointHeader {
    func failure(_ message: String) -> FormatError {
      FormatError(.malformed, file: file, field: "training", message)
    }
    guard let text = contents.metadata["training"] else {
      throw failure("the metadata has none: the file is no checkpoint")
    }
    let header: CheckpointHeader
    do {
      header = try CheckpointHeader.decoder.decode(CheckpointHeader.self, from: Data(text.utf8))
    } catch {
      throw failure(explanation(error))
    }
    if let problem = header.problem { throw failure(problem) }
    return header
  }

  /// Everything that is kept as tensors.
  private var tensors: [(name: String, tensor: Tensor)] {
    var result = model.state.map { (name: "model." + $0.name, tensor: $0.value) }
    func add(_ prefix: String, _ dictionary: [String: Tensor]) {
      result += dictionary.map { (name: prefix + $0.key, tensor: $0.value.detached) }
    }
    for (index, optimizer) in optimizers.enumerated() {
      add("optimizer.\(index).", state(of: optimizer, for: model))
    }
    for (index, callback) in callbacks.enumerated() {
      add("callback.\(index).", callback.stateDictionary)
    }
    for (index, metric) in position.tally.metrics.enumerated() where position.tally.hasMeasured {
      result.append((name: "metric.\(index)", tensor: Tensor(metric.accumulated, dtype: .float64)))
    }
    for (name, mean) in position.tally.means {
      result.append((name: "mean.\(name)", tensor: Tensor(mean.accumulated, dtype: .float64)))
    }
    return result
  }

  /// Makes the older file stay under another name, without a moment in which there is none.
  private func keep(_ url: URL) throws {
    let file = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: file) else { return }
    let second = file + ".link"
    unlink(second)
    if link(file, second) != 0 || rename(second, file + ".previous") != 0 {
      throw FormatError(
        .inaccessible, file: file, field: "file",
        "cannot be kept as \"\(file).previous\": \(String(cString: strerror(errno)))")
    }
  }
}

// MARK: Putting back

extension Training {
  private func check(_ header: CheckpointHeader, _ file: String) throws {
    func compare(
      _ part: CheckpointMismatch.Part, _ found: [String], _ expected: [String]
    ) throws {
      if found == expected { return }
      let (there, here) = (found.joined(separator: ", "), expected.joined(separator: ", "))
      throw CheckpointMismatch(
        file: file, part: part,
        message: "the file has \(there.isEmpty ? "none" : there), the training "
          + (here.isEmpty ? "none" : here))
    }
    try compare(.model, [header.model], [model.kind])
    try compare(.optimizer, header.optimizers, optimizers.map(typeName))
    try compare(.callback, header.callbacks, callbacks.map(typeName))
    try compare(.metrics, header.metrics, position.tally.metrics.map(\.name))
    if header.stepCounts.count != optimizers.count {
      throw FormatError(
        .malformed, file: file, field: "training",
        "\(header.stepCounts.count) numbers of steps for \(optimizers.count) optimizers")
    }
  }

  private func restore(
    _ header: CheckpointHeader, means: [String: Tensor], metrics: [String: Tensor]
  ) {
    history = header.history
    totalBatches = header.totalBatches
    stepCounts = header.stepCounts
    shouldStop = header.hasStopped
    position.epoch = header.epoch
    position.batch = header.batch
    guard let order = header.order.generator, let epochStart = header.epochStart.generator,
      let generator = header.generator.generator
    else { return }
    (position.order, position.orderAtStart) = (order, order)
    position.epochStart = epochStart
    position.resumed = (epochStart, generator)
    for (name, tensor) in means where tensor.dtype == .float64 {
      var mean = RunningMean()
      mean.accumulated = tensor.scalars
      position.tally.means[name] = mean
    }
    position.tally.hasMeasured = !metrics.isEmpty
    for index in position.tally.metrics.indices {
      guard let tensor = metrics["\(index)"] else { continue }
      position.tally.metrics[index].accumulated = tensor.scalars
    }
  }

  private func matching(
    _ part: CheckpointMismatch.Part, _ file: String, _ body: () throws(StateMismatch) -> Void
  ) throws {
    do {
      try body()
    } catch {
      throw CheckpointMismatch(file: file, part: part, message: error.description)
    }
  }
}

/// The name of a value's type.
private func typeName(_ value: Any) -> String { String(describing: type(of: value)) }

private func state(of optimizer: any Optimizer, for module: some Module) -> [String: Tensor] {
  optimizer.stateDictionary(for: module)
}

private func loadState(
  _ dictionary: [String: Tensor], into optimizer: any Optimizer, of module: some Module
) throws(StateMismatch) {
  try optimizer.load(stateDictionary: dictionary, for: module)
}
