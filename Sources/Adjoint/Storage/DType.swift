import CAdjoint

/// The type of a tensor's elements.
///
/// Only `float32` and `float64` carry gradients. Operands of one operation have the same dtype;
/// `Tensor.cast(to:)` converts, and literals adopt the dtype of the other operand.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  /// IEEE 754 single precision, the default.
  case float32
  /// IEEE 754 double precision.
  case float64
  /// Signed 64-bit integers, the type of indices.
  case int64
  /// Signed 32-bit integers.
  case int32
  /// Unsigned bytes: images, labels.
  case uint8
  /// Truth values of one byte, the result of comparisons.
  case bool

  /// Whether tensors of this dtype can carry gradients.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }

  /// The name as NumPy and PyTorch spell it, such as `float32`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "int64"
    case .int32: "int32"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// The number the C kernels know the dtype by; `DType`'s order is theirs.
  var code: Int32 { Int32(rawValue) }
}

/// A Swift type whose values a tensor can be made from and read back as.
public protocol TensorScalar: Sendable {
  /// The dtype of a tensor made from values of this type.
  static var dtype: DType { get }
}

extension Float: TensorScalar {
  /// Always `float32`.
  public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
  /// Always `float64`.
  public static var dtype: DType { .float64 }
}

extension Int: TensorScalar {
  /// Always `int64`.
  public static var dtype: DType { .int64 }
}

extension Int64: TensorScalar {
  /// Always `int64`.
  public static var dtype: DType { .int64 }
}

extension Int32: TensorScalar {
  /// Always `int32`.
  public static var dtype: DType { .int32 }
}

extension UInt8: TensorScalar {
  /// Always `uint8`.
  public static var dtype: DType { .uint8 }
}

extension Bool: TensorScalar {
  /// Always `bool`.
  public static var dtype: DType { .bool }
}

extension DType {
  /// The bits of `value` as one element of this dtype; integers saturate and NaN becomes 0, as in a
  /// cast.
  func bits(of value: Double) -> UInt64 {
    switch self {
    case .float32: UInt64(Float(value).bitPattern)
    case .float64: value.bitPattern
    case .int64: UInt64(bitPattern: Int64(saturating: value))
    case .int32: UInt64(UInt32(bitPattern: Int32(clamping: Int64(saturating: value))))
    case .uint8: UInt64(UInt8(clamping: Int64(saturating: value)))
    case .bool: value != 0 ? 1 : 0
    }
  }
}

extension DType {
  /// Whether a whole number is one of this dtype's values; floats and bools take any.
  func holds(_ value: Double) -> Bool {
    switch self {
    case .float32, .float64, .bool: true
    case .int64: Int64(exactly: value) != nil
    case .int32: Int32(exactly: value) != nil
    case .uint8: UInt8(exactly: value) != nil
    }
  }
}

extension Int64 {
  /// `value` toward zero, the nearest limit where it does not fit, 0 for NaN: never a trap.
  init(saturating value: Double) {
    self = value.isNaN ? 0 : Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }
}
