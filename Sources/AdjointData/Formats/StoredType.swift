import Adjoint

/// The element types of safetensors that have a place in a tensor, by increasing alignment as in
/// the reference implementation, whose files are ordered by it.
enum StoredType: CaseIterable, Comparable {
  case bool, u8, f16, bf16, i32, f32, f64, i64

  init(_ dtype: DType) {
    switch dtype {
    case .bool: self = .bool
    case .uint8: self = .u8
    case .int32: self = .i32
    case .int64: self = .i64
    case .float32: self = .f32
    case .float64: self = .f64
    }
  }

  init?(named name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  var name: String { "\(self)".uppercased() }

  var byteCount: Int {
    switch self {
    case .bool, .u8: 1
    case .f16, .bf16: 2
    case .i32, .f32: 4
    case .f64, .i64: 8
    }
  }

  /// The tensor of these little-endian bytes; the 16-bit floats become float32, which holds each of
  /// their values.
  func tensor(_ data: ArraySlice<UInt8>, shape: Shape) -> Tensor {
    func widened(_ value: (UInt16) -> Float) -> Tensor {
      let values = stride(from: data.startIndex, to: data.endIndex, by: 2).map {
        value(UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)
      }
      return Tensor(values, shape: shape)
    }
    func copied(_ dtype: DType) -> Tensor { Tensor(bytes: Array(data), shape: shape, dtype: dtype) }
    switch self {
    case .bool: return copied(.bool)
    case .u8: return copied(.uint8)
    case .f16: return widened { Float(Float16(bitPattern: $0)) }
    case .bf16: return widened { Float(bitPattern: UInt32($0) << 16) }
    case .i32: return copied(.int32)
    case .f32: return copied(.float32)
    case .f64: return copied(.float64)
    case .i64: return copied(.int64)
    }
  }
}
