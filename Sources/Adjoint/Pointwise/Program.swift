import CAdjoint

/// A sequence of instructions over registers, built from pending expressions of one shape.
///
/// Inputs in row-major order are read in place, others are gathered tile by tile; intermediate
/// values live in scratch tiles that are reused after their last use; results are written in place.
struct Program {
  let shape: Shape
  /// The register of each payload met so far: what is used twice is computed once.
  ///
  /// Programs are short; searching a list is faster than hashing.
  private var known: [(payload: ObjectIdentifier, register: UInt16)] = []
  private(set) var outputs: [(payload: Payload, register: UInt16)] = []

  private var registers: [adj_register] = []
  private var instructions: [adj_instruction] = []
  private var inputs: [(payload: Payload, register: UInt16)] = []
  private var strided: [(register: UInt16, strides: Shape)] = []
  private var constants: [UInt16] = []
  /// The instruction that writes a register and the last one that reads it; -1 where there is none.
  private var written: [Int] = []
  private var lastUse: [Int] = []
  private var largest = 1
  /// About how long the program takes for an element, in additions.
  private var weight = 0

  private let flushesSubnormals: Bool

  init(shape: Shape, flushingSubnormals: Bool) {
    self.shape = shape
    flushesSubnormals = flushingSubnormals
    registers.reserveCapacity(32)
    instructions.reserveCapacity(16)
    written.reserveCapacity(32)
    lastUse.reserveCapacity(32)
    known.reserveCapacity(32)
    inputs.reserveCapacity(8)
  }

  func register(of payload: Payload) -> UInt16? {
    let wanted = ObjectIdentifier(payload)
    return known.first { $0.payload == wanted }?.register
  }

  // MARK: Building

  private mutating func add(_ kind: Int, _ dtype: DType) -> UInt16 {
    registers.append(
      adj_register(
        kind: UInt8(kind), size: UInt8(dtype.byteCount), wide: false, slot: 0, base: nil, value: 0,
        strides: nil))
    written.append(-1)
    lastUse.append(-1)
    largest = max(largest, dtype.byteCount)
    return UInt16(registers.count - 1)
  }

  mutating func constant(_ bits: UInt64, _ payload: Payload) -> UInt16 {
    // Elements of one size and the same bits are one register, whatever their dtype.
    for register in constants {
      let known = registers[Int(register)]
      if known.value == bits && Int(known.size) == payload.dtype.byteCount { return register }
    }
    let register = add(Int(ADJ_CONSTANT), payload.dtype)
    registers[Int(register)].value = bits
    constants.append(register)
    return register
  }

  mutating func input(_ payload: Payload) -> UInt16 {
    if payload.shape.elementCount == 1 && shape.elementCount != 1 {
      return constant(payload.elementBits, payload)
    }
    let dense = payload.shape == shape && payload.isContiguous
    let register = add(Int(dense ? ADJ_DENSE : ADJ_STRIDED), payload.dtype)
    registers[Int(register)].base = payload.address
    if !dense {
      strided.append((register, payload.strides.stretched(from: payload.shape, to: shape)))
    }
    inputs.append((payload, register))
    known.append((ObjectIdentifier(payload), register))
    return register
  }

  mutating func append(
    _ expression: Expression, on dtype: DType, _ operands: InlineArray<3, UInt16>,
    giving payload: Payload
  ) -> UInt16 {
    guard let kernel = adj_kernel_for(expression.op, dtype.code) else {
      programmingError("pointwise", "no kernel for operation \(expression.op.rawValue) on \(dtype)")
    }
    var scalars: UInt16 = 0
    for index in 0..<3 where expression.operands[index] != nil {
      let operand = Int(operands[index])
      lastUse[operand] = instructions.count
      guard registers[operand].kind == UInt8(ADJ_CONSTANT) else { continue }
      // A kernel reads the number itself where it can; of a binary kernel's operands one is a tile.
      let bit = UInt16(1) << UInt16(index)
      let can = adj_scalar_operands(expression.op) & bit != 0
      if can && (expression.op == ADJ_SELECT || scalars == 0) {
        scalars |= bit
      } else {
        registers[operand].wide = true
      }
    }
    weight += Int(adj_weight(expression.op))
    let result = add(Int(ADJ_TEMPORARY), payload.dtype)
    written[Int(result)] = instructions.count
    instructions.append(
      adj_instruction(
        kernel: kernel, out: result, a: operands[0], b: operands[1], c: operands[2],
        scalars: scalars, key: expression.key, counter: expression.counter))
    known.append((ObjectIdentifier(payload), result))
    return result
  }

  mutating func addOutput(_ payload: Payload, _ register: UInt16) {
    if !outputs.contains(where: { $0.payload === payload }) { outputs.append((payload, register)) }
  }

  // MARK: Running

  /// Memory for the results: an input's own, if this program is the last to see it and has read
  /// each element before it writes there, or fresh.
  mutating func allocateOutputs() -> [Buffer] {
    outputs.map { output in
      let register = Int(output.register)
      let buffer =
        dyingInput(for: register)
        ?? Buffer(
          elementCount: shape.elementCount, dtype: output.payload.dtype)
      registers[register].kind = UInt8(ADJ_DENSE)
      registers[register].base = buffer.address
      return buffer
    }
  }

  private mutating func dyingInput(for output: Int) -> Buffer? {
    for index in inputs.indices {
      let register = Int(inputs[index].register)
      guard registers[register].kind == UInt8(ADJ_DENSE),
        registers[register].size == registers[output].size, lastUse[register] <= written[output],
        isKnownUniquelyReferenced(&inputs[index].payload),
        let buffer = inputs[index].payload.surrenderBuffer(),
        buffer.address == registers[register].base
      else { continue }
      inputs.remove(at: index)
      return buffer
    }
    return nil
  }

  /// Gives every register that needs one a scratch tile; returns how many tiles there are.
  private mutating func assignSlots() -> Int {
    var free: [UInt16] = []
    var count: UInt16 = 0
    func take() -> UInt16 {
      if let slot = free.popLast() { return slot }
      count += 1
      return count - 1
    }
    // Constants and gathered inputs are filled before the first instruction: theirs for good.
    for index in registers.indices where written[index] < 0 {
      if registers[index].kind != UInt8(ADJ_DENSE) { registers[index].slot = take() }
    }
    for (position, instruction) in instructions.enumerated() {
      let out = Int(instruction.out)
      let (a, b, c) = (Int(instruction.a), Int(instruction.b), Int(instruction.c))
      var late: [UInt16] = []
      func release(_ operand: Int) {
        let register = registers[operand]
        guard register.kind == UInt8(ADJ_TEMPORARY), written[operand] < position,
          lastUse[operand] == position
        else { return }
        // A kernel may write over an operand element by element, but only one of the same size.
        if register.size == registers[out].size {
          free.append(register.slot)
        } else {
          late.append(register.slot)
        }
      }
      release(a)
      if b != a { release(b) }
      if c != a && c != b { release(c) }
      if registers[out].kind == UInt8(ADJ_TEMPORARY) { registers[out].slot = take() }
      free += late
    }
    return Int(count)
  }

  mutating func run() {
    let slots = assignSlots()
    let (iteration, strides) = shape.collapsed(strided.map(\.strides))
    let tile = Int(ADJ_TILE_BYTES) / largest
    // A hand-over to another thread is worth some ten microseconds of work.
    let grain = max((1 << 16) / max(weight, 4), 1 << 10)
    // All strides behind one another, for the registers to point into.
    var table: [Int64] = []
    for stride in strides { for axis in 0..<8 { table.append(Int64(stride.dimensions[axis])) } }
    table.withUnsafeBufferPointer { table in
      for (index, entry) in strided.enumerated() {
        registers[Int(entry.register)].strides = table.baseAddress! + index * 8
      }
      registers.withUnsafeBufferPointer { registers in
        instructions.withUnsafeBufferPointer { instructions in
          iteration.withDimensions { dimensions in
            var program = adj_program(
              registers: registers.baseAddress, register_count: Int64(registers.count),
              instructions: instructions.baseAddress,
              instruction_count: Int64(instructions.count), shape: dimensions,
              rank: Int64(iteration.rank), slots: Int64(slots), tile: Int64(tile),
              flush: flushesSubnormals)
            withUnsafePointer(to: &program) { program in
              parallel(shape.elementCount, grain: grain, multiple: tile) { begin, end in
                adj_program_run(program, Int64(begin), Int64(end))
              }
            }
          }
        }
      }
    }
    withExtendedLifetime(inputs) {}
  }
}

extension Shape {
  /// These strides of an array of shape `from`, with stride 0 along the axes that broadcasting to
  /// `target` stretches.
  func stretched(from: Shape, to target: Shape) -> Shape {
    var result = Shape(repeating: 0, count: target.rank)
    for back in 1...Swift.max(from.rank, 1) where back <= from.rank {
      let size = from.dimensions[from.rank - back]
      if size == target.dimensions[target.rank - back] {
        result.dimensions[target.rank - back] = dimensions[rank - back]
      }
    }
    return result
  }
}
