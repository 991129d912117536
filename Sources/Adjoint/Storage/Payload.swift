import CAdjoint
import Synchronization

/// The value of a tensor: elements in memory, or an expression that will give them.
///
/// A payload that anybody else can see never changes its value; evaluation only replaces the expression
/// by memory. Everyone who needs the numbers comes through `force`, the one place where a pending
/// expression runs.
final class Payload: @unchecked Sendable {
  // Sendable: everything about memory, and `expression`, changes once, under the evaluator's lock,
  // before `ready` is set; without the lock it is read only after that.
  let shape: Shape
  let dtype: DType
  /// The bits of every element, where all are the same number known from the start: it takes no
  /// memory until somebody looks.
  let constant: UInt64?
  /// A literal takes the dtype of the other operand; this is its value.
  let literal: Double?
  /// An upper bound for the registers a program needs to compute the pending expression.
  private let pendingCost: Int
  private let ready: Atomic<Bool>

  private var buffer: Buffer?
  private var base: UnsafeMutableRawPointer?
  /// The strides, where they are not those of row-major order.
  private var steps: Shape?
  private var isRowMajor: Bool

  private(set) var expression: Expression?
  /// How often the expression was computed inside another one: see `Evaluator`.
  var inlinings = 0

  private init(
    shape: Shape, dtype: DType, constant: UInt64? = nil, literal: Double? = nil,
    expression: Expression? = nil
  ) {
    self.shape = shape
    self.dtype = dtype
    self.constant = constant
    self.literal = literal
    self.expression = expression
    pendingCost = expression?.cost ?? 1
    isRowMajor = true
    ready = Atomic(false)
  }

  convenience init(_ expression: Expression, shape: Shape, dtype: DType) {
    self.init(shape: shape, dtype: dtype, constant: nil, expression: expression)
  }

  convenience init(filledWith value: Double, shape: Shape, dtype: DType, isLiteral: Bool = false) {
    self.init(
      shape: shape, dtype: dtype, constant: dtype.bits(of: value), literal: isLiteral ? value : nil)
  }

  /// A single number by its bits.
  convenience init(number bits: UInt64, shape: Shape, dtype: DType) {
    self.init(shape: shape, dtype: dtype, constant: bits)
  }

  /// Fresh, contiguous memory that `fill` writes.
  convenience init(shape: Shape, dtype: DType, fill: (UnsafeMutableRawPointer) -> Void) {
    self.init(shape: shape, dtype: dtype, constant: nil)
    let buffer = Buffer(elementCount: shape.elementCount, dtype: dtype)
    fill(buffer.address)
    fulfil(buffer)
  }

  /// Elements of another payload, from `offset` on and through other strides.
  convenience init(viewOf source: Payload, offset: Int, shape: Shape, strides: Shape) {
    self.init(shape: shape, dtype: source.dtype, constant: nil)
    source.force()
    buffer = source.buffer
    base = source.base! + offset * dtype.byteCount
    steps = strides
    isRowMajor = strides.isRowMajor(shape)
    ready.store(true, ordering: .releasing)
  }

  /// Elements of a mapped file, in row-major order from `offset` on.
  convenience init(_ mapping: FileMapping, offset: Int, shape: Shape, dtype: DType) {
    self.init(shape: shape, dtype: dtype, constant: nil)
    let buffer = Buffer(mapping)
    self.buffer = buffer
    base = buffer.address + offset
    ready.store(true, ordering: .releasing)
  }

  var isReady: Bool { ready.load(ordering: .acquiring) }

  /// The registers an expression needs to take this payload in: 1 if it is in memory.
  var cost: Int { isReady ? 1 : pendingCost }

  // MARK: Elements

  /// Evaluates a pending expression.
  func force() {
    if !isReady { Evaluator.shared.evaluate(self) }
  }

  /// The address of the first element; the payload must be kept alive while it is used.
  var address: UnsafeMutableRawPointer {
    force()
    return base!
  }

  /// How far apart elements are along each axis, counted in elements.
  ///
  /// What is still to be computed will be in row-major order.
  var strides: Shape { isReady ? steps ?? shape.rowMajorStrides : shape.rowMajorStrides }

  /// Whether the elements lie, or will lie, in row-major order without gaps.
  var isContiguous: Bool { !isReady || isRowMajor }

  /// The elements in row-major order: this payload, or a copy where strides say otherwise.
  var contiguous: Payload {
    isContiguous ? self : Payload(shape: shape, dtype: dtype) { copy(to: $0) }
  }

  /// Writes the elements to `out` in row-major order.
  private func copy(to out: UnsafeMutableRawPointer) {
    let span = Profiling.begin(
      "copy", shape, dtype, bytes: readByteCount + shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    let size = dtype.byteCount
    let base = address
    let (iteration, strides) = shape.collapsed([strides])
    // A chunk is whole rows, so that transposed reads can work on blocks of them.
    let rows = max(iteration.last ?? 1, 1) * 16
    parallel(shape.elementCount, grain: max(1 << 15, rows), multiple: rows) { begin, end in
      iteration.withDimensions { dimensions in
        strides[0].withDimensions { strides in
          adj_load_strided(
            out + begin * size, base, Int32(size), Int64(iteration.rank), dimensions, strides,
            Int64(begin), Int64(end))
        }
      }
    }
  }

  // MARK: For the evaluator, under its lock

  /// Whether a program that computes the elements has been made and has not run yet.
  var isScheduled: Bool { !isReady && expression == nil && constant == nil }

  /// Gets memory for the elements, which are all the same.
  func fillWithConstant() {
    let span = Profiling.begin("fill", shape, dtype, bytes: shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    let buffer = Buffer(elementCount: shape.elementCount, dtype: dtype)
    fill(buffer.address, with: constant!, shape.elementCount, dtype)
    fulfil(buffer)
  }

  /// Forgets the expression, so that what it alone held can be reused for the result.
  func takeExpression() { expression = nil }

  /// Takes the result of the evaluation: all elements in row-major order.
  func fulfil(_ buffer: Buffer) {
    self.buffer = buffer
    base = buffer.address
    expression = nil
    ready.store(true, ordering: .releasing)
  }

  /// The memory, if nobody else can see it: taken over by a result that replaces it.
  ///
  /// A constant keeps its memory: whoever computes with it takes the number, and never looks there.
  func surrenderBuffer() -> Buffer? {
    guard constant == nil, isReady, isRowMajor, isKnownUniquelyReferenced(&buffer),
      base == buffer?.address,
      buffer?.isWritable == true
    else { return nil }
    return buffer
  }
}

extension Buffer {
  convenience init(elementCount: Int, dtype: DType) {
    let (bytes, overflow) = elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    if overflow { programmingError("Tensor", "\(elementCount) elements do not fit into memory") }
    self.init(byteCount: bytes)
  }
}

/// Cuts `0 ..< count` into chunks of about `grain`, multiples of `multiple`, and runs them on the
/// pool.
///
/// The cut does not depend on the number of threads.
func parallel(_ count: Int, grain: Int, multiple: Int = 1, _ body: (Int, Int) -> Void) {
  if count <= grain { return count > 0 ? body(0, count) : () }
  let size = (grain + multiple - 1) / multiple * multiple
  ThreadPool.shared.run(chunks: (count + size - 1) / size) { chunk in
    body(chunk * size, min((chunk + 1) * size, count))
  }
}

/// Runs units of work on the pool, or here where all of them, `operations` on numbers, are not worth a
/// hand-over.
func parallel(units: Int, operations: Double, _ body: (Int) -> Void) {
  if operations < 1e5 {
    for unit in 0..<units { body(unit) }
  } else {
    ThreadPool.shared.run(chunks: units, body)
  }
}

extension Shape {
  /// Whether these are the strides of an array of `shape` in row-major order without gaps.
  func isRowMajor(_ shape: Shape) -> Bool {
    var step = 1
    for axis in Swift.stride(from: shape.rank - 1, through: 0, by: -1) {
      let size = shape.dimensions[axis]
      if size == 0 { return true }
      if size != 1 && dimensions[axis] != step { return false }
      step &*= size
    }
    return true
  }

  /// The sizes as the C kernels read them; valid inside `body` only.
  func withDimensions<Result>(_ body: (UnsafePointer<Int64>) -> Result) -> Result {
    var copy = dimensions
    return withUnsafePointer(to: &copy) {
      $0.withMemoryRebound(to: Int64.self, capacity: 8, body)
    }
  }

  /// The same iteration over arrays of these strides, with axes merged where all of them allow.
  func collapsed(_ strides: [Shape]) -> (shape: Shape, strides: [Shape]) {
    var shape = dimensions
    var table = strides.flatMap { strides in (0..<8).map { Int64(strides.dimensions[$0]) } }
    let rank = withUnsafeMutablePointer(to: &shape) { shape in
      shape.withMemoryRebound(to: Int64.self, capacity: 8) {
        Int(adj_collapse(Int64(self.rank), $0, Int64(strides.count), &table))
      }
    }
    let collapsed = strides.indices.map { index in
      Shape(unchecked: table[index * 8..<index * 8 + rank].map(Int.init))
    }
    return (Shape(shape, rank: rank), collapsed)
  }
}
