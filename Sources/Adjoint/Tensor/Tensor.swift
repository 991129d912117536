import CAdjoint

/// An array of numbers of any rank up to 8 that can remember how it was computed.
///
/// A tensor is a value: `var b = a; b += 1` never changes `a`. Elements have one `dtype`. Large
/// elementwise results are computed when somebody needs them, several operations in one pass;
/// this never changes a result, only when the time is spent.
///
/// A tensor made from tracked tensors while recording is on has a place in the graph, from which
/// ``gradients(of:withRespectTo:cotangent:createGraph:file:line:)`` finds derivatives.
public struct Tensor: Sendable {
  let payload: Payload
  /// The place in the graph, if the tensor has one.
  let node: Node?

  init(_ payload: Payload, node: Node? = nil) {
    self.payload = payload
    self.node = node
  }

  /// The sizes of the dimensions.
  public var shape: Shape { payload.shape }
  /// The number of dimensions.
  public var rank: Int { payload.shape.rank }
  /// The number of elements.
  public var elementCount: Int { payload.shape.elementCount }
  /// The type of the elements.
  public var dtype: DType { payload.dtype }

  /// The same value without its place in the graph: no gradient flows through it.
  ///
  /// Other systems call it `detach` or `stop_gradient`.
  public var detached: Tensor { Tensor(payload) }

  /// The same value as a new variable: gradients can be asked with respect to it.
  ///
  /// If this tensor has a place in the graph already, the new one is connected to it.
  public func tracked(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if !dtype.isFloatingPoint {
      programmingError(
        "tracked", "a tensor of \(dtype) has no derivatives; cast it to float32 or float64",
        file: file, line: line)
    }
    let origin =
      Recording.isOn ? node.map { Node.Edge(source: $0, rule: .gradient { $0 }) } : nil
    return Tensor(payload, node: Node("tracked", payload, origin))
  }

  /// Whether gradients flow through this tensor.
  public var isTracked: Bool { node != nil }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A number without dimensions, of the dtype of whatever it is combined with (else `float32`).
  public init(floatLiteral value: Double) {
    self.init(Payload(filledWith: value, shape: [], dtype: .float32, isLiteral: true))
  }

  /// A number without dimensions, of the dtype of whatever it is combined with (else `float32`).
  ///
  /// A number beyond 2^53 that is no double stops the program: write `Tensor([n] as [Int])`.
  public init(integerLiteral value: Int) {
    if Int(exactly: Double(value)) != value {
      programmingError(
        "Tensor", "the literal \(value) is no double; write Tensor([\(value)] as [Int])")
    }
    self.init(floatLiteral: Double(value))
  }
}

extension Tensor {
  /// The elements converted to another dtype.
  ///
  /// Floats become integers by truncation towards zero; NaN becomes 0 and values out of range the
  /// nearest limit. Larger integers wrap into smaller types. Everything but zero becomes `true`.
  /// Casts between floating dtypes are differentiable.
  public func cast(to dtype: DType) -> Tensor {
    if dtype == self.dtype { return self }
    let op: adj_op =
      switch dtype {
      case .float32: ADJ_CAST_F32
      case .float64: ADJ_CAST_F64
      case .int64: ADJ_CAST_I64
      case .int32: ADJ_CAST_I32
      case .uint8: ADJ_CAST_U8
      case .bool: ADJ_CAST_BOOL
      }
    let result = Tensor(pointwise(op, shape: shape, dtype: dtype, payload))
    guard dtype.isFloatingPoint, self.dtype.isFloatingPoint else { return result }
    let original = self.dtype
    return result.recorded("cast", self) { $0.cast(to: original) }
  }
}
