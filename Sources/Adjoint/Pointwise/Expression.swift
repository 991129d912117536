import CAdjoint

/// One pending elementwise operation over payloads: what a deferred result is until it is needed.
final class Expression: Sendable {
  let op: adj_op
  let first: Payload?
  let second: Payload?
  let third: Payload?
  /// Where a random draw starts; see `Generator`.
  let key: UInt64
  let counter: UInt64
  /// An upper bound for the registers that a program for this and all it waits for needs.
  let cost: Int

  /// A program never needs more scratch tiles than a thread's stack can hold; and a pending
  /// expression that waits holds on to its inputs' memory, so it must not grow without bound.
  static let costLimit = 56

  /// Up to this many elements a result is computed at once: handing it on would cost more.
  ///
  /// Three operands of 32 doubles fit into the kilobyte that a temporary allocation takes from the
  /// stack.
  static let immediateLimit = 32

  init(
    _ op: adj_op, _ a: Payload? = nil, _ b: Payload? = nil, _ c: Payload? = nil, key: UInt64 = 0,
    counter: UInt64 = 0
  ) {
    self.op = op
    (first, second, third) = (a, b, c)
    self.key = key
    self.counter = counter
    let bound = 1 + (a?.cost ?? 0) + (b?.cost ?? 0) + (c?.cost ?? 0)
    // What is used twice was counted twice: count again, properly.
    cost =
      bound <= Self.costLimit
      ? bound
      : Evaluator.shared.registers(of: [a, b, c].compactMap(\.self), atMost: Self.costLimit)
  }

  /// The operand whose dtype chooses the kernel.
  var typed: Payload? { op == ADJ_SELECT ? second : first }
}

/// The payload of `op` applied to operands whose shapes broadcast to `shape`.
///
/// Shapes and dtypes have been checked. Large results wait; small ones are computed here.
func pointwise(
  _ op: adj_op, shape: Shape, dtype: DType, _ a: Payload, _ b: Payload? = nil, _ c: Payload? = nil
) -> Payload {
  if shape.elementCount <= Expression.immediateLimit,
    let result = immediate(op, shape, dtype, a, b, c)
  {
    return result
  }
  return deferred(Expression(op, a, b, c), shape: shape, dtype: dtype)
}

/// The payload of an expression, which waits until it is needed unless waiting is switched off.
func deferred(_ expression: Expression, shape: Shape, dtype: DType) -> Payload {
  let payload = Payload(expression, shape: shape, dtype: dtype)
  Profiling.note(payload)
  if ImmediateEvaluation.isOn { payload.force() }
  return payload
}

/// The result computed by one kernel call, or nil where an operand needs strides.
private func immediate(
  _ op: adj_op, _ shape: Shape, _ dtype: DType, _ a: Payload, _ b: Payload?, _ c: Payload?
) -> Payload? {
  let count = shape.elementCount
  func fits(_ operand: Payload?) -> Bool {
    guard let operand else { return true }
    return operand.constant != nil || operand.shape.elementCount == 1
      || (operand.shape.elementCount == count && operand.isContiguous)
  }
  let typed = op == ADJ_SELECT ? b! : a
  guard let kernel = adj_kernel_for(op, typed.dtype.code) else {
    programmingError("pointwise", "no kernel for operation \(op.rawValue) on \(typed.dtype)")
  }
  guard count == 1 || count > 0 && fits(a) && fits(b) && fits(c) else { return nil }
  let span = Profiling.begin(
    op, shape, dtype,
    bytes: count * dtype.byteCount + [a, b, c].reduce(0) { $0 + ($1?.readByteCount ?? 0) })
  defer { span?.end() }
  if count == 1 {
    // A number travels in the payload itself: no memory, no strides.
    var (x, y, z, result) = (a.elementBits, b?.elementBits ?? 0, c?.elementBits ?? 0, UInt64(0))
    var instruction = adj_instruction()
    kernel(&instruction, 0, 1, &result, &x, &y, &z)
    return Payload(number: result, shape: shape, dtype: dtype)
  }
  return Payload(shape: shape, dtype: dtype) { out in
    let slot = Expression.immediateLimit * 8
    withUnsafeTemporaryAllocation(byteCount: 3 * slot, alignment: 64) { scratch in
      /// The operand's elements, spread out in the scratch space if there is only one.
      func address(_ operand: Payload?, _ index: Int) -> UnsafeRawPointer? {
        guard let operand else { return nil }
        if operand.constant == nil && operand.shape.elementCount == count {
          return UnsafeRawPointer(operand.address)
        }
        let space = scratch.baseAddress! + index * slot
        fill(space, with: operand.elementBits, count, operand.dtype)
        return UnsafeRawPointer(space)
      }
      var instruction = adj_instruction()
      kernel(&instruction, 0, Int64(count), out, address(a, 0), address(b, 1), address(c, 2))
    }
  }
}

/// Writes `count` elements with the given bits.
func fill(_ address: UnsafeMutableRawPointer, with bits: UInt64, _ count: Int, _ dtype: DType) {
  switch dtype.byteCount {
  case 1:
    address.initializeMemory(
      as: UInt8.self, repeating: UInt8(truncatingIfNeeded: bits), count: count)
  case 4:
    address.initializeMemory(
      as: UInt32.self, repeating: UInt32(truncatingIfNeeded: bits), count: count)
  default: address.initializeMemory(as: UInt64.self, repeating: bits, count: count)
  }
}

extension Payload {
  /// The bits of the first element of a payload that is in memory or constant.
  var elementBits: UInt64 {
    if let constant { return constant }
    switch dtype.byteCount {
    case 1: return UInt64(address.load(as: UInt8.self))
    case 4: return UInt64(address.load(as: UInt32.self))
    default: return address.load(as: UInt64.self)
    }
  }
}
