import CAdjoint
import Synchronization

/// The value of a tensor: elements in memory, or an expression that will give them.
///
/// A payload never changes its value; evaluation only replaces the expression by memory. Everyone
/// who needs the numbers goes through `array`, the one place where a pending expression runs.
final class Payload: @unchecked Sendable {
  // Sendable: `stored` and `expression` change once, under the evaluator's lock, before `ready` is
  // set; without the lock they are read only after it.
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
  private var stored: StridedArray?
  private(set) var expression: Expression?
  /// How often the expression was computed inside another one: see `Evaluator`.
  var inlinings = 0

  init(_ array: StridedArray, shape: Shape, dtype: DType) {
    self.shape = shape
    self.dtype = dtype
    (constant, literal, pendingCost) = (nil, nil, 1)
    ready = Atomic(true)
    stored = array
  }

  init(_ expression: Expression, shape: Shape, dtype: DType) {
    self.shape = shape
    self.dtype = dtype
    (constant, literal, pendingCost) = (nil, nil, expression.cost)
    ready = Atomic(false)
    self.expression = expression
  }

  init(filledWith value: Double, shape: Shape, dtype: DType, isLiteral: Bool = false) {
    self.shape = shape
    self.dtype = dtype
    (constant, literal, pendingCost) = (dtype.bits(of: value), isLiteral ? value : nil, 1)
    ready = Atomic(false)
  }

  /// Fresh, contiguous memory that `fill` writes.
  convenience init(shape: Shape, dtype: DType, fill: (UnsafeMutableRawPointer) -> Void) {
    let buffer = Buffer(elementCount: shape.elementCount, dtype: dtype)
    fill(buffer.address)
    self.init(
      StridedArray(buffer: buffer, offset: 0, strides: shape.rowMajorStrides), shape: shape,
      dtype: dtype)
  }

  var isReady: Bool { ready.load(ordering: .acquiring) }

  /// The registers an expression needs to take this payload in: 1 if it is in memory.
  var cost: Int { isReady ? 1 : pendingCost }

  /// The elements, evaluated now if they were pending.
  var array: StridedArray {
    if !isReady { Evaluator.shared.evaluate([self]) }
    return stored!
  }

  /// Whether the elements lie in row-major order without gaps.
  var isContiguous: Bool { array.isContiguous(shape) }

  /// The elements in row-major order: this payload, or a copy where strides say otherwise.
  var contiguous: Payload {
    let array = array
    if array.isContiguous(shape) { return self }
    return Payload(shape: shape, dtype: dtype) { out in
      array.copy(shape, dtype, to: out)
    }
  }

  /// The address of the first element; the payload must be kept alive while it is used.
  var address: UnsafeMutableRawPointer {
    let array = array
    return array.buffer.address + array.offset * dtype.byteCount
  }

  // MARK: For the evaluator, under its lock

  /// Forgets the expression, so that what it alone held can be reused for the result.
  func takeExpression() { expression = nil }

  func fulfil(_ array: StridedArray) {
    stored = array
    expression = nil
    ready.store(true, ordering: .releasing)
  }

  /// The memory, if nobody else can see it: taken over by a result that replaces it.
  func surrenderBuffer() -> Buffer? {
    guard isReady, stored!.isContiguous(shape),
      isKnownUniquelyReferenced(&stored!.buffer)
    else { return nil }
    return stored!.buffer
  }
}

/// Elements in a buffer, reached through an offset and strides counted in elements.
struct StridedArray {
  var buffer: Buffer
  var offset: Int
  var strides: Shape

  func isContiguous(_ shape: Shape) -> Bool {
    var step = 1
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
      let size = shape.dimensions[axis]
      if size == 0 { return true }
      if size != 1 && strides.dimensions[axis] != step { return false }
      step &*= size
    }
    return true
  }

  /// Writes the elements to `out` in row-major order.
  func copy(_ shape: Shape, _ dtype: DType, to out: UnsafeMutableRawPointer) {
    let size = dtype.byteCount
    let base = buffer.address + offset * size
    let source = shape.collapsed([strides])
    // A chunk is whole rows, so that transposed reads can work on blocks of them.
    let row = max(source.shape.last ?? 1, 1)
    parallel(shape.elementCount, grain: max(1 << 15, row * 16), multiple: row * 16) { begin, end in
      source.shape.withDimensions { dimensions in
        source.strides[0].withDimensions { strides in
          adj_load_strided(
            out + begin * size, base, Int32(size), Int64(source.shape.rank), dimensions, strides,
            Int64(begin), Int64(end))
        }
      }
    }
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

extension Shape {
  /// The sizes as the C kernels read them; valid inside `body` only.
  func withDimensions<Result>(_ body: (UnsafePointer<Int64>) -> Result) -> Result {
    var copy = dimensions
    return withUnsafePointer(to: &copy) {
      $0.withMemoryRebound(to: Int64.self, capacity: 8, body)
    }
  }

  /// The same iteration with adjacent axes merged wherever every array's strides allow, and axes of
  /// size 1 dropped: long inner runs are what makes strided access fast.
  func collapsed(_ strides: [Shape]) -> (shape: Shape, strides: [Shape]) {
    var shape = Shape(repeating: 1, count: 0)
    var merged = strides.map { _ in Shape(repeating: 0, count: 0) }
    for axis in 0..<rank where dimensions[axis] != 1 {
      let last = shape.rank - 1
      let joins =
        last >= 0
        && strides.indices.allSatisfy {
          merged[$0].dimensions[last] == strides[$0].dimensions[axis] &* dimensions[axis]
        }
      if joins {
        shape.dimensions[last] *= dimensions[axis]
        for index in strides.indices {
          merged[index].dimensions[last] = strides[index].dimensions[axis]
        }
      } else {
        shape.append(dimensions[axis])
        for index in strides.indices { merged[index].append(strides[index].dimensions[axis]) }
      }
    }
    return (shape, merged)
  }
}
