extension Tensor {
  // MARK: From Swift values

  /// A single number: a tensor without dimensions.
  public init(_ value: Double, dtype: DType = .float32) {
    self.init(Payload(filledWith: value, shape: [], dtype: dtype))
  }

  /// A vector of the array's elements; its dtype is that of the Swift type.
  @_disfavoredOverload  // integer literals alone would otherwise be `Int`s
  public init<S: TensorScalar>(_ scalars: [S], dtype: DType? = nil) {
    self.init(scalars, shape: [scalars.count], dtype: dtype)
  }

  /// A vector of numbers, `float32` unless said otherwise.
  ///
  /// Unlabelled literals such as `Tensor([1, 2, 3])` mean this.
  public init(_ scalars: [Double], dtype: DType = .float32) {
    self.init(scalars, shape: [scalars.count], dtype: dtype)
  }

  /// A matrix of rows of equal length, `float32` unless said otherwise.
  public init(
    _ rows: [[Double]], dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    self = Tensor.nested(rows.map { Tensor($0, dtype: dtype) }, file, line)
  }

  /// A matrix of rows of equal length; its dtype is that of the Swift type.
  @_disfavoredOverload
  public init<S: TensorScalar>(
    _ rows: [[S]], dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self = Tensor.nested(rows.map { Tensor($0, dtype: dtype) }, file, line)
  }

  /// A tensor of matrices of equal shape, `float32` unless said otherwise.
  public init(
    _ matrices: [[[Double]]], dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let parts = matrices.map { Tensor($0, dtype: dtype, file: file, line: line) }
    self = Tensor.nested(parts, file, line)
  }

  private static func nested(
    _ parts: [Tensor], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    guard let first = parts.first else { return Tensor.zeros([0, 0]) }
    for (index, part) in parts.enumerated() where part.shape != first.shape {
      programmingError(
        "Tensor",
        "element \(index) has shape \(part.shape), element 0 \(first.shape): all rows must have the "
          + "same length", file: file, line: line)
    }
    return stacked(parts)
  }

  /// The scalars in row-major order as a tensor of the given shape.
  public init<S: TensorScalar>(
    _ scalars: [S], shape: Shape, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if scalars.count != shape.elementCount {
      programmingError(
        "Tensor", "\(scalars.count) scalars do not fill shape \(shape) of \(shape.elementCount)",
        file: file, line: line)
    }
    let tensor = Tensor(Payload(scalars, shape: shape))
    self = dtype.map(tensor.cast(to:)) ?? tensor
  }

  /// Elements from their bytes, little-endian and in row-major order.
  public init(
    bytes: [UInt8], shape: Shape, dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) {
    if bytes.count != shape.elementCount * dtype.byteCount {
      programmingError(
        "Tensor", "\(bytes.count) bytes do not fill a \(dtype) tensor of shape \(shape)",
        file: file, line: line)
    }
    self.init(Payload(bytes: bytes, shape: shape, dtype: dtype))
  }

  // MARK: To Swift values

  /// The elements in row-major order, converted to a Swift type as `cast(to:)` does.
  public func scalars<S: TensorScalar>(as type: S.Type) -> [S] {
    cast(to: S.dtype).payload.elements(type)
  }

  /// The elements in row-major order.
  public var scalars: [Double] { scalars(as: Double.self) }

  /// The number in a tensor of one element.
  public var scalar: Double { scalar(file: #fileID, line: #line) }

  private func scalar(file: StaticString, line: UInt) -> Double {
    if elementCount != 1 {
      programmingError(
        "scalar",
        "shape \(shape) has \(elementCount) elements, not one; scalars gives all of them, sum() and "
          + "mean() make one of them", file: file, line: line)
    }
    return scalars[0]
  }

  /// The bytes of the elements, little-endian and in row-major order.
  public func bytes() -> [UInt8] { payload.byteArray() }

  // MARK: Filled

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(shape, 0, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(shape, 1, dtype: dtype)
  }

  /// A tensor of one repeated number.
  ///
  /// It takes no memory until it is read.
  public static func full(_ shape: Shape, _ value: Double, dtype: DType = .float32) -> Tensor {
    Tensor(Payload(filledWith: value, shape: shape, dtype: dtype))
  }

  /// The integers `0 ..< count`, as `int64` unless said otherwise.
  public static func arange(_ count: Int, dtype: DType = .int64) -> Tensor {
    Tensor(Array(0..<Swift.max(count, 0))).cast(to: dtype)
  }

  /// Numbers from `start` up to but not including `end`, `step` apart.
  ///
  /// There are `ceil((end - start) / step)` of them, number `i` being `start + i * step`.
  public static func arange(
    _ start: Double, _ end: Double, step: Double = 1, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let count = Int(exactly: ((end - start) / step).rounded(.up)) else {
      programmingError(
        "arange", "there is no range from \(start) to \(end) in steps of \(step)", file: file,
        line: line)
    }
    return Tensor((0..<Swift.max(count, 0)).map { start + Double($0) * step }, dtype: dtype)
  }

  /// `count` numbers in equal steps from `start` to `end`, both included.
  public static func linspace(
    _ start: Double, _ end: Double, count: Int, dtype: DType = .float32
  ) -> Tensor {
    if count < 0 { programmingError("linspace", "the count must not be negative, but is \(count)") }
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    let values = (0..<count).map {
      $0 > 0 && $0 == count - 1 ? end : start + Double($0) * step
    }
    return Tensor(values, dtype: dtype)
  }

  /// `count` numbers from `base` to the power `start` to `base` to the power `end`, in equal ratios.
  public static func logspace(
    _ start: Double, _ end: Double, count: Int, base: Double = 10, dtype: DType = .float32
  ) -> Tensor {
    let exponents = linspace(start, end, count: count, dtype: .float64)
    return pow(Tensor(base, dtype: .float64), exponents).cast(to: dtype)
  }

  /// Zeros with the shape and dtype of another tensor.
  public static func zeros(like other: Tensor) -> Tensor { zeros(other.shape, dtype: other.dtype) }

  /// Ones with the shape and dtype of another tensor.
  public static func ones(like other: Tensor) -> Tensor { ones(other.shape, dtype: other.dtype) }

  /// One repeated number with the shape and dtype of another tensor.
  public static func full(like other: Tensor, _ value: Double) -> Tensor {
    full(other.shape, value, dtype: other.dtype)
  }

  /// The identity matrix: ones on the diagonal and zeros elsewhere.
  ///
  /// Shapes: `[n, n]`, or `[n, columns]`.
  public static func eye(_ n: Int, columns: Int? = nil, dtype: DType = .float32) -> Tensor {
    if n < 0 || columns ?? 0 < 0 {
      programmingError("eye", "sizes must not be negative, but are \(n) and \(columns ?? n)")
    }
    return (arange(n).expandingDimension(at: -1) .== arange(columns ?? n)).cast(to: dtype)
  }
}
