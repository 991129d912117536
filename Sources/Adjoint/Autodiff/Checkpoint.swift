/// The result of `body(inputs)`, computed again for the backward sweep instead of kept.
///
/// A chain of n such segments needs the memory of their inputs and of one segment's inside, for one
/// more forward pass. Values and gradients are the same bits as without.
///
/// ```swift
/// for block in blocks { x = checkpoint(x) { block($0) } }
/// ```
///
/// - Tensors that `body` captures, such as the parameters of a layer, get their gradients as if they
///   were inputs. (PyTorch calls this non-reentrant.) They must be the same tensors at the backward
///   sweep: assigning to a parameter in between stops the program.
/// - Random numbers are drawn again from the same place of the stream of `withGenerator(seed:)`, and
///   `withMode` is as it was. A generator variable that `body` captures cannot be set back: it would
///   go on, and draw other numbers; copy it inside `body`.
/// - What `body` changes outside itself it changes twice: counters, lists.
/// - Segments can be nested, and can be differentiated twice; the graph of the gradient is kept whole.
///
/// Source: Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear memory cost" (2016).
public func checkpoint(
  _ inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  _ body: @escaping ([Tensor]) -> Tensor
) -> Tensor {
  guard Recording.isOn else { return body(inputs) }
  let start = Generator.current.draw { $0 }
  let segment = Segment(inputs: inputs, start: start, isTraining: TrainingScope.isOn, body: body)
  let first = segment.run()
  Generator.current.draw { [end = first.end] in $0 = end }
  if first.result.node == nil { return first.result }
  // Evaluated now: what waits would hold on to what it is computed from.
  first.result.payload.force()
  let (captured, shape) = (first.captured, first.result.shape)
  let rule = { (g: Tensor, _: Tensor?) -> [Tensor] in
    let records = Recording.isOn
    let again = segment.run()
    if again.result.shape != shape || !again.captured.elementsEqual(captured, by: ===) {
      programmingError(
        "checkpoint",
        "the body did something else when it was run again for the gradients: its "
          + "result is \(again.result.shape) and uses \(again.captured.count) captured variables, "
          + "at first it was \(shape) and used \(captured.count); they must be the same tensors, "
          + "so do not assign to a parameter before the gradients are computed", file: file,
        line: line)
    }
    return again.gradients(seed: g, records: records)
  }
  let sources = inputs.compactMap(\.node) + captured
  let edges = sources.enumerated().map { index, source in
    Node.Edge(source: source, rule: .joint(rule, index: index))
  }
  return Tensor(first.result.payload, node: Node("checkpoint", first.result.payload, others: edges))
}

/// The result of `body(x)`, computed again by the backward sweep; see the variant for several inputs.
public func checkpoint(
  _ x: Tensor, file: StaticString = #fileID, line: UInt = #line,
  _ body: @escaping (Tensor) -> Tensor
) -> Tensor {
  checkpoint([x], file: file, line: line) { body($0[0]) }
}

/// What is run twice.
private struct Segment {
  let inputs: [Tensor]
  /// The scoped generator as the first run found it.
  let start: Generator
  let isTraining: Bool
  let body: ([Tensor]) -> Tensor

  struct Run {
    let result: Tensor
    /// The tracked inputs, as variables of this run alone.
    let variables: [Node]
    /// What else of the graph the result depends on.
    let captured: [Node]
    /// The position where the body's own nodes begin.
    let horizon: Int
    /// The generator afterwards.
    let end: Generator

    /// The gradients of the tracked inputs and of what was captured.
    func gradients(seed: Tensor, records: Bool) -> [Tensor] {
      let targets = variables + captured
      guard let root = result.node else {
        return targets.map { Tensor.zeros($0.shape, dtype: $0.dtype) }
      }
      // Captured tensors may depend on one another, outside: that is for the sweep outside to find.
      var sweep = Sweep(to: targets, from: root, horizon: horizon)
      return Recording.$isOn.withValue(records) { sweep.run(seed: seed) }
    }
  }

  func run() -> Run {
    let generator = GeneratorBox(start)
    return Recording.$isOn.withValue(true) {
      let arguments = inputs.map { $0.isTracked ? $0.tracked() : $0 }
      let variables = arguments.compactMap(\.node)
      let horizon = Node.lastSequence + 1
      let result = GeneratorBox.$scoped.withValue(generator) {
        TrainingScope.$isOn.withValue(isTraining) { body(arguments) }
      }
      let outside = result.node?.graph(since: horizon).outside ?? []
      return Run(
        result: result, variables: variables,
        captured: outside.filter { node in !variables.contains { $0 === node } },
        horizon: horizon, end: generator.draw { $0 })
    }
  }
}
