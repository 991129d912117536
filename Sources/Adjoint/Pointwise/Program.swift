import CAdjoint

/// A sequence of instructions over registers, built from pending expressions of one shape.
///
/// Inputs in row-major order are read in place, others are gathered tile by tile; intermediate
/// values live in scratch tiles that are reused after their last use; results are written in place.
/// A program's own memory is allocated once: it is begun anew for each evaluation.
final class Program: @unchecked Sendable {
  // Sendable: one evaluation at a time builds and runs programs, under the evaluator's lock; while the
  // pool runs its chunks nobody writes.
  private(set) var shape: Shape = []
  /// Whether the one result is consumed piece by piece.
  ///
  /// Pieces may overlap, so nothing else is kept and no input's memory is taken over.
  private(set) var isStreaming = false
  private var code = adj_program()
  private let registers: UnsafeMutablePointer<adj_register>
  private let instructions: UnsafeMutablePointer<adj_instruction>
  /// The strides of all strided registers behind one another, and the shape they iterate over.
  private let strides: UnsafeMutablePointer<Int64>
  private let dimensions: UnsafeMutablePointer<Int64>
  private var stridedCount = 0

  private var inputs: [(payload: Payload, register: Int)] = []
  private var outputs: [(payload: Payload, register: Int, buffer: Buffer?)] = []
  private var largest = 1
  /// About how long the program takes for an element, in additions.
  private var weight = 0
  private var chunkSize = 0
  /// What the instructions are, while somebody profiles.
  private var operations: [UInt16] = []
  private var inputBytes = 0
  private var chunkCount = 0

  /// Whether subnormal numbers become zero.
  var flushes: Bool { code.flush }

  init() {
    let capacity = Int(ADJ_MAX_REGISTERS)
    registers = .allocate(capacity: capacity)
    instructions = .allocate(capacity: capacity)
    strides = .allocate(capacity: capacity * Shape.maximumRank)
    dimensions = .allocate(capacity: Shape.maximumRank)
    code.registers = UnsafePointer(registers)
    code.instructions = UnsafePointer(instructions)
    code.shape = UnsafePointer(dimensions)
  }

  deinit {
    registers.deallocate()
    instructions.deallocate()
    strides.deallocate()
    dimensions.deallocate()
  }

  // MARK: Building

  func begin(_ shape: Shape, flushingSubnormals flush: Bool = false, isStreaming: Bool = false) {
    self.shape = shape
    self.isStreaming = isStreaming
    code.register_count = 0
    code.instruction_count = 0
    code.flush = flush
    (stridedCount, largest, weight) = (0, 1, 0)
    if !operations.isEmpty { operations = [] }
    inputBytes = 0
  }

  /// The register of a payload met before: what is used twice is computed once.
  func register(of payload: Payload) -> UInt16? {
    // Programs are short; searching a list is faster than hashing.
    let owner = UnsafeRawPointer(Unmanaged.passUnretained(payload).toOpaque())
    for index in 0..<Int(code.register_count) where registers[index].owner == owner {
      return UInt16(index)
    }
    return nil
  }

  private func add(_ kind: Int, _ dtype: DType, of payload: Payload?) -> Int {
    let index = Int(code.register_count)
    precondition(index < Int(ADJ_MAX_REGISTERS))
    registers[index] = adj_register(
      kind: UInt8(kind), size: UInt8(dtype.byteCount), wide: false, slot: 0, written: -1,
      last_use: -1, base: nil, value: 0, strides: nil,
      owner: payload.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
    code.register_count += 1
    largest = max(largest, dtype.byteCount)
    return index
  }

  func constant(_ bits: UInt64, _ dtype: DType) -> UInt16 {
    // Elements of one size and the same bits are one register, whatever their dtype.
    for index in 0..<Int(code.register_count) where registers[index].kind == UInt8(ADJ_CONSTANT) {
      if registers[index].value == bits && Int(registers[index].size) == dtype.byteCount {
        return UInt16(index)
      }
    }
    let index = add(Int(ADJ_CONSTANT), dtype, of: nil)
    registers[index].value = bits
    return UInt16(index)
  }

  func input(_ payload: Payload) -> UInt16 {
    if payload.shape.elementCount == 1 && shape.elementCount != 1 {
      return constant(payload.elementBits, payload.dtype)
    }
    let isDense = payload.isContiguous && payload.shape == shape
    let index = add(Int(isDense ? ADJ_DENSE : ADJ_STRIDED), payload.dtype, of: payload)
    registers[index].base = payload.address
    if !isDense {
      let row = strides + stridedCount * Shape.maximumRank
      let stretched = payload.strides.stretched(from: payload.shape, to: shape)
      for axis in 0..<shape.rank { row[axis] = Int64(stretched.dimensions[axis]) }
      registers[index].strides = UnsafePointer(row)
      stridedCount += 1
    }
    inputs.append((payload, index))
    if Profiling.isOn { inputBytes += payload.readByteCount }
    return UInt16(index)
  }

  /// The register of `expression` for operands in registers.
  ///
  /// With `mayReuse` that is the register of an equal expression, if there is one: a result that is
  /// handed out needs one of its own.
  func append(
    _ expression: Expression, _ a: UInt16?, _ b: UInt16?, _ c: UInt16?, giving payload: Payload,
    mayReuse: Bool
  ) -> UInt16 {
    let dtype = expression.typed?.dtype ?? payload.dtype
    guard let kernel = adj_kernel_for(expression.op, dtype.code) else {
      programmingError("pointwise", "no kernel for operation \(expression.op.rawValue) on \(dtype)")
    }
    if mayReuse {
      for index in 0..<Int(code.instruction_count) {
        let known = instructions[index]
        if unsafeBitCast(known.kernel, to: Int.self) == unsafeBitCast(kernel, to: Int.self),
          known.a == a ?? 0, known.b == b ?? 0, known.c == c ?? 0,
          known.key == expression.key, known.counter == expression.counter
        {
          return known.out
        }
      }
    }
    let position = Int16(code.instruction_count)
    let able = adj_scalar_operands(expression.op)
    var scalars: UInt16 = 0
    func use(_ operand: UInt16?, _ bit: Int) {
      guard let index = operand.map(Int.init) else { return }
      registers[index].last_use = position
      guard registers[index].kind == UInt8(ADJ_CONSTANT) else { return }
      // A kernel reads the number itself where it can; of a binary kernel's operands one is a tile.
      if able & UInt16(bit) != 0 && (expression.op == ADJ_SELECT || scalars == 0) {
        scalars |= UInt16(bit)
      } else {
        registers[index].wide = true
      }
    }
    use(a, Int(ADJ_SCALAR_A))
    use(b, Int(ADJ_SCALAR_B))
    use(c, Int(ADJ_SCALAR_C))
    weight += Int(adj_weight(expression.op))
    if Profiling.isOn { operations.append(expression.op.rawValue) }
    let result = add(Int(ADJ_TEMPORARY), payload.dtype, of: payload)
    registers[result].written = position
    instructions[Int(position)] = adj_instruction(
      kernel: kernel, out: UInt16(result), a: a ?? 0, b: b ?? 0, c: c ?? 0, scalars: scalars,
      key: expression.key, counter: expression.counter)
    code.instruction_count += 1
    return UInt16(result)
  }

  func addOutput(_ payload: Payload, _ register: UInt16) {
    if !outputs.contains(where: { $0.payload === payload }) {
      outputs.append((payload, Int(register), nil))
    }
  }

  /// Everything has been appended: memory for results and intermediate values, and chunks.
  func complete() {
    // Whatever only the expressions held is ours alone from here on.
    for output in outputs { output.payload.takeExpression() }
    for index in outputs.indices {
      let register = outputs[index].register
      let buffer =
        dyingInput(for: register)
        ?? Buffer(elementCount: shape.elementCount, dtype: outputs[index].payload.dtype)
      registers[register].kind = UInt8(ADJ_DENSE)
      registers[register].base = buffer.address
      outputs[index].buffer = buffer
    }
    finish()
  }

  /// The same for a program whose one result is consumed piece by piece: see `stream`.
  func complete(streaming register: UInt16) {
    registers[Int(register)].kind = UInt8(ADJ_STREAMED)
    finish()
  }

  private func finish() {
    assignSlots()
    code.rank = 0
    if stridedCount > 0 {
      for axis in 0..<shape.rank { dimensions[axis] = Int64(shape.dimensions[axis]) }
      code.rank = adj_collapse(Int64(shape.rank), dimensions, Int64(stridedCount), strides)
    }
    let tile = Int(ADJ_TILE_BYTES) / largest
    code.tile = Int64(tile)
    let count = shape.elementCount
    // A hand-over to another thread is worth some ten microseconds of work.
    let grain = max(Self.worthwhile / max(weight, 4), 1 << 10)
    chunkSize = count <= grain ? count : (grain + tile - 1) / tile * tile
    chunkCount = count == 0 ? 0 : (count + chunkSize - 1) / chunkSize
  }

  private static let worthwhile = 1 << 16

  /// An input's own memory for a result, if this program is the last to see it and has read each
  /// element before it writes there.
  private func dyingInput(for output: Int) -> Buffer? {
    for index in inputs.indices {
      let register = inputs[index].register
      guard registers[register].kind == UInt8(ADJ_DENSE),
        registers[register].size == registers[output].size,
        registers[register].last_use <= registers[output].written,
        isKnownUniquelyReferenced(&inputs[index].payload),
        let buffer = inputs[index].payload.surrenderBuffer(),
        buffer.address == registers[register].base
      else { continue }
      inputs.remove(at: index)
      return buffer
    }
    return nil
  }

  /// Gives every register that needs one a scratch tile; a set bit of `free` is a tile to reuse.
  private func assignSlots() {
    var free: UInt64 = 0
    var count: UInt16 = 0
    func take() -> UInt16 {
      if free != 0 {
        let slot = UInt16(free.trailingZeroBitCount)
        free &= free - 1
        return slot
      }
      count += 1
      return count - 1
    }
    // Constants and gathered inputs are filled before the first instruction: theirs for good.
    for index in 0..<Int(code.register_count) where registers[index].written < 0 {
      if registers[index].kind != UInt8(ADJ_DENSE) { registers[index].slot = take() }
    }
    for position in 0..<Int(code.instruction_count) {
      let instruction = instructions[position]
      let out = Int(instruction.out)
      var late: UInt64 = 0
      func release(_ operand: UInt16) {
        let register = registers[Int(operand)]
        guard register.kind == UInt8(ADJ_TEMPORARY), Int(register.written) < position,
          Int(register.last_use) == position
        else { return }
        // A kernel may write over an operand element by element, but only one of the same size.
        if register.size == registers[out].size {
          free |= 1 << UInt64(register.slot)
        } else {
          late |= 1 << UInt64(register.slot)
        }
      }
      release(instruction.a)
      release(instruction.b)
      release(instruction.c)
      if registers[out].kind == UInt8(ADJ_TEMPORARY) { registers[out].slot = take() }
      free |= late
    }
    code.slots = Int64(count)
  }

  // MARK: Running

  /// Runs programs that do not depend on one another, the chunks of all in one job of the pool.
  static func run(_ programs: [Program]) {
    let chunks = programs.reduce(0) { $0 + $1.chunkCount }
    let work = programs.reduce(0) { $0 + $1.shape.elementCount * Swift.max($1.weight, 4) }
    func run(_ index: Int) {
      var index = index
      for program in programs {
        if index < program.chunkCount { return program.run(chunk: index) }
        index -= program.chunkCount
      }
    }
    if work <= worthwhile {
      for chunk in 0..<chunks { run(chunk) }
    } else {
      ThreadPool.shared.run(chunks: chunks, run)
    }
  }

  private func run(chunk: Int) {
    let begin = chunk * chunkSize
    let end = Swift.min(begin + chunkSize, shape.elementCount)
    withUnsafePointer(to: code) { adj_program_run($0, Int64(begin), Int64(end), nil) }
  }

  /// Leaves the elements `range` of the streamed result at `memory`.
  func run(_ range: Range<Int>, into memory: UnsafeMutableRawPointer) {
    withUnsafePointer(to: code) {
      adj_program_run($0, Int64(range.lowerBound), Int64(range.upperBound), memory)
    }
  }

  // MARK: Profiling

  /// Instructions times elements.
  var flops: Double { Double(code.instruction_count) * Double(shape.elementCount) }

  /// What is read and written: every input and result once, intermediate values never.
  var traffic: Int {
    outputs.reduce(inputBytes) { $0 + shape.elementCount * $1.payload.dtype.byteCount }
  }

  /// The name and the work of programs that run together: the name is that of the largest.
  static func profile(_ programs: [Program]) -> (OperationName, OperationCost, ObjectIdentifier?) {
    let largest = programs.max { $0.flops < $1.flops }!
    let cost = OperationCost(
      shape: largest.shape, dtype: largest.outputs.first?.payload.dtype ?? .float32,
      flops: programs.reduce(0) { $0 + $1.flops }, bytes: programs.reduce(0) { $0 + $1.traffic })
    let owner = largest.outputs.first.map { ObjectIdentifier($0.payload) }
    let name: OperationName =
      largest.operations.isEmpty ? .literal("copy") : .instructions(largest.operations)
    return (name, cost, owner)
  }

  /// Hands over the results and lets go of the inputs.
  func end() {
    for output in outputs { output.payload.fulfil(output.buffer!) }
    outputs.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
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
