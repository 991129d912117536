import CAdjoint
import Synchronization

/// Turns pending expressions into numbers: the one place where that happens.
final class Evaluator: Sendable {
  static let shared = Evaluator()

  /// One evaluation at a time; the pool inside it uses all processors.
  private let batch = Mutex(Batch())

  /// Evaluates one payload.
  func evaluate(_ payload: Payload) {
    batch.withLock { batch in
      if payload.isReady { return }
      if payload.constant != nil { return payload.fillWithConstant() }
      let span = Profiling.beginProgram()
      batch.compile([payload])
      batch.run(span)
    }
  }

  /// Evaluates payloads: those of one shape in a single pass, all of them in one job of the pool.
  func evaluate(_ payloads: [Payload], flushingSubnormals flush: Bool) {
    batch.withLock { batch in
      var waiting = payloads.filter { !$0.isReady }
      if waiting.isEmpty { return }
      let span = Profiling.beginProgram()
      while let first = waiting.first {
        var roots: [Payload] = []
        var cost = 0
        waiting.removeAll { payload in
          guard payload.shape == first.shape, payload.constant == nil,
            cost + payload.cost < Int(ADJ_MAX_REGISTERS)
          else { return payload === first }
          if !roots.contains(where: { $0 === payload }) {
            cost += payload.cost
            roots.append(payload)
          }
          return true
        }
        if roots.isEmpty {
          first.fillWithConstant()
        } else {
          batch.compile(roots, flushingSubnormals: flush)
        }
      }
      batch.run(span)
    }
  }

  /// Computes a pending payload piece by piece for `consume`, without memory for all of it.
  ///
  /// `consume` gets the number of a chunk and the address of the elements `range` gives for it. False
  /// if there is nothing to be gained: the payload is small, in memory, or was consumed before.
  func stream(
    _ payload: Payload, chunks: Int, range: (Int) -> Range<Int>,
    consume: (Int, UnsafeRawPointer) -> Void
  ) -> Bool {
    if payload.shape.elementCount < Self.worthStreaming || payload.isReady { return false }
    return batch.withLock { batch in
      guard payload.expression != nil, payload.inlinings == 0 else { return false }
      batch.stream(payload) { program in
        let size = payload.dtype.byteCount
        ThreadPool.shared.run(chunks: chunks) { chunk in
          let wanted = range(chunk)
          // Programs begin at multiples of 4.
          let lead = wanted.lowerBound & 3
          let piece = Buffer(byteCount: (wanted.count + lead) * size)
          program.run(wanted.lowerBound - lead..<wanted.upperBound, into: piece.address)
          consume(chunk, piece.address + lead * size)
        }
      }
      return true
    }
  }

  /// A megabyte of floats: what is smaller stays in the cache.
  private static let worthStreaming = 1 << 18

  /// How many registers a program for an expression of these operands needs.
  ///
  /// If that is more than the limit, the operands are computed now, and what waits starts anew.
  func registers(of operands: [Payload], atMost limit: Int) -> Int {
    let count = batch.withLock { _ in
      var seen: Set<ObjectIdentifier> = []
      func visit(_ payload: Payload?) {
        guard let payload, seen.insert(ObjectIdentifier(payload)).inserted,
          let inner = payload.expression
        else { return }
        visit(inner.first)
        visit(inner.second)
        visit(inner.third)
      }
      operands.forEach(visit)
      return seen.count + 1
    }
    if count <= limit { return count }
    for operand in operands where operand.constant == nil { operand.force() }
    return operands.count + 1
  }
}

/// Programs on their way, under the evaluator's lock.
private struct Batch {
  /// Complete programs that have not run yet; none needs a result of another.
  private var waiting: [Program] = []
  /// Programs that have run: their memory serves the next ones.
  private var spare: [Program] = []

  /// An intermediate result is computed again wherever it is used, because reading and writing
  /// memory costs more than a few instructions; a third use shows that it deserves the memory.
  private static let recomputations = 2

  /// Makes a program for payloads of one shape.
  mutating func compile(_ roots: [Payload], flushingSubnormals flush: Bool = false) {
    let program = spare.popLast() ?? Program()
    program.begin(roots[0].shape, flushingSubnormals: flush)
    for root in roots { _ = register(of: root, in: program, isRoot: true) }
    program.complete()
    waiting.append(program)
  }

  /// Makes a program whose result is consumed by `body` instead of kept.
  mutating func stream(_ payload: Payload, _ body: (Program) -> Void) {
    let program = spare.popLast() ?? Program()
    program.begin(payload.shape, isStreaming: true)
    program.complete(streaming: register(of: payload, in: program))
    if Profiling.isOn {
      // The array that the consumer would have read is never in memory.
      let unread = payload.shape.elementCount * payload.dtype.byteCount
      Profiling.current?.add(flops: program.flops, bytes: program.traffic - unread)
    }
    body(program)
    program.end()
    spare.append(program)
  }

  /// Runs what has been compiled; `span` was begun before that.
  mutating func run(_ span: ProfileRecorder?) {
    Program.run(waiting)
    if let span {
      if waiting.isEmpty {
        span.cancel()
      } else {
        let (name, cost, owner) = Program.profile(waiting)
        span.end(name, cost, of: owner)
      }
    }
    for program in waiting { program.end() }
    spare += waiting
    waiting.removeAll(keepingCapacity: true)
  }

  /// Runs what has been compiled for something else.
  private mutating func run() {
    if !waiting.isEmpty { run(Profiling.beginProgram()) }
  }

  /// The register that holds the payload's values, computed by instructions before it if need be.
  private mutating func register(
    of payload: Payload, in program: Program, isRoot: Bool = false
  ) -> UInt16 {
    if let known = program.register(of: payload) {
      if isRoot { program.addOutput(payload, known) }
      return known
    }
    if let bits = payload.constant { return program.constant(bits, payload.dtype) }
    if payload.isScheduled { run() }
    if !payload.isReady && payload.shape != program.shape {
      run()
      let span = Profiling.beginProgram()
      compile([payload])
      run(span)
    }
    guard !payload.isReady, let expression = payload.expression else {
      return program.input(payload)
    }
    let a = expression.first.map { register(of: $0, in: program) }
    let b = expression.second.map { register(of: $0, in: program) }
    let c = expression.third.map { register(of: $0, in: program) }
    if !isRoot { payload.inlinings += 1 }
    let isOutput =
      isRoot
      || payload.inlinings > Self.recomputations && !program.isStreaming && !program.flushes
    let result = program.append(expression, a, b, c, giving: payload, mayReuse: !isOutput)
    if isOutput { program.addOutput(payload, result) }
    return result
  }
}

/// Evaluates several pending tensors together, those of one shape in one pass over memory.
///
/// Nobody needs it for correctness. An optimizer calls it for the new values of a step, and may let
/// subnormal numbers become zero: averages of gradients that have ceased decay into them, and
/// arithmetic with them is a hundred times slower.
package func materialize(_ tensors: [Tensor], flushingSubnormals: Bool = false) {
  Evaluator.shared.evaluate(tensors.map(\.payload), flushingSubnormals: flushingSubnormals)
}
