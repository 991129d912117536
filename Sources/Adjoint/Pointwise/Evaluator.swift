import CAdjoint
import Synchronization

/// Turns pending expressions into numbers: the one place where that happens.
final class Evaluator: Sendable {
  static let shared = Evaluator()

  /// One evaluation at a time; the pool inside it uses all processors.
  private let lock = Mutex(())

  /// An intermediate result is computed again wherever it is used, because reading and writing
  /// memory costs more than a few instructions; a third use shows that it deserves the memory.
  private static let recomputations = 2

  /// Evaluates payloads, all those of one shape in a single pass.
  func evaluate(_ payloads: [Payload], flushingSubnormals flush: Bool = false) {
    lock.withLock { _ in
      if payloads.count == 1, !payloads[0].isReady {
        return payloads[0].constant == nil ? run(payloads, flush) : fillConstant(payloads[0])
      }
      var waiting = payloads.filter { !$0.isReady }
      while let first = waiting.first {
        var roots: [Payload] = []
        var cost = 0
        waiting.removeAll { payload in
          guard payload.shape == first.shape, payload.constant == nil,
            cost + payload.cost < Int(ADJ_MAX_SLOTS)
          else { return payload === first }
          if !roots.contains(where: { $0 === payload }) {
            cost += payload.cost
            roots.append(payload)
          }
          return true
        }
        roots.isEmpty ? fillConstant(first) : run(roots, flush)
      }
    }
  }

  /// How many registers a program for `expression` needs.
  func registers(of expression: Expression) -> Int {
    lock.withLock { _ in
      var seen: Set<ObjectIdentifier> = []
      func visit(_ expression: Expression) {
        for index in 0..<3 {
          guard let operand = expression.operands[index],
            seen.insert(ObjectIdentifier(operand)).inserted, let inner = operand.expression
          else { continue }
          visit(inner)
        }
      }
      visit(expression)
      return seen.count + 1
    }
  }

  private func fillConstant(_ payload: Payload) {
    let buffer = Buffer(elementCount: payload.shape.elementCount, dtype: payload.dtype)
    fill(buffer.address, with: payload.constant!, payload.shape.elementCount, payload.dtype)
    payload.fulfil(buffer)
  }

  private func run(_ roots: [Payload], _ flush: Bool = false) {
    var program = Program(shape: roots[0].shape, flushingSubnormals: flush)
    for root in roots { _ = register(of: root, in: &program, isRoot: true) }
    var outputs = program.outputs.map(\.payload)
    // Whatever only the expressions held is ours alone from here on.
    for output in outputs { output.takeExpression() }
    let buffers = program.allocateOutputs()
    program.run()
    for (output, buffer) in zip(outputs, buffers) {
      output.fulfil(buffer)
    }
    outputs.removeAll()
  }

  /// The register that holds the payload's values, computed by instructions before it if need be.
  private func register(of payload: Payload, in program: inout Program, isRoot: Bool = false)
    -> UInt16
  {
    if let known = program.register(of: payload) {
      if isRoot { program.addOutput(payload, known) }
      return known
    }
    if let bits = payload.constant { return program.constant(bits, payload) }
    if !payload.isReady && payload.shape != program.shape { run([payload]) }
    guard let expression = payload.expression, !payload.isReady else {
      return program.input(payload)
    }
    var operands: InlineArray<3, UInt16> = [0, 0, 0]
    for index in 0..<3 {
      guard let operand = expression.operands[index] else { continue }
      operands[index] = register(of: operand, in: &program)
    }
    let typed = expression.op == ADJ_SELECT ? expression.operands[1] : expression.operands[0]
    let result = program.append(
      expression, on: typed?.dtype ?? payload.dtype, operands, giving: payload)
    if !isRoot { payload.inlinings += 1 }
    if isRoot || payload.inlinings > Self.recomputations { program.addOutput(payload, result) }
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
