import Adjoint

/// The element types that files hold, by increasing alignment as in the reference implementation of
/// safetensors, whose files are ordered by it.
///
/// Each is read into the smallest dtype that has all its values; for 64-bit unsigned integers there
/// is none, so they become int64 as long as the values fit.
enum StoredType: CaseIterable, Comparable {
  case bool, u8, i8
  case f8e5m2, f8e4m3, f8e8m0, f8e4m3fnuz, f8e5m2fnuz
  case i16, u16, f16, bf16
  case i32, u32, f32
  case f64, i64, u64

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

  /// How many bytes an element takes in the file.
  var byteCount: Int {
    switch self {
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .f64, .i64, .u64: 8
    }
  }

  /// The dtype of the tensors that are made of such elements.
  var dtype: DType {
    switch self {
    case .bool: .bool
    case .u8: .uint8
    case .i8, .i16, .u16, .i32: .int32
    case .u32, .i64, .u64: .int64
    case .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .f16, .bf16, .f32: .float32
    case .f64: .float64
    }
  }

  /// Whether little-endian bytes of the file are the bytes of the tensor.
  var isOwn: Bool { StoredType(dtype) == self }

  /// A value that the dtype does not have.
  struct Misfit: Error {
    /// The element's number in the file.
    let index: Int
    let message: String
  }

  /// The tensor of these bytes.
  ///
  /// Throws for a bool other than 0 and 1, and for an unsigned integer from 2^63 on.
  func tensor(
    _ data: ArraySlice<UInt8>, shape: Shape, isBigEndian: Bool = false
  ) throws(Misfit) -> Tensor {
    if self == .bool { try Self.checkTruthValues(data) }
    let bytes = Array(data)
    if isOwn && (!isBigEndian || byteCount == 1) {
      return Tensor(bytes: bytes, shape: shape, dtype: dtype)
    }
    switch self {
    case .bool, .u8: return Tensor(bytes: bytes, shape: shape, dtype: dtype)
    case .i8: return Tensor(bytes.map { Int32(Int8(bitPattern: $0)) }, shape: shape)
    case .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz:
      let values = eightBitFloats
      return Tensor(bytes.map { values[Int($0)] }, shape: shape)
    case .i16:
      return widened(bytes, isBigEndian, shape) { Int32(Int16(bitPattern: $0)) }
    case .u16: return widened(bytes, isBigEndian, shape) { (bits: UInt16) in Int32(bits) }
    case .f16:
      let values = sixteenBitFloats
      return widened(bytes, isBigEndian, shape) { (bits: UInt16) in values[Int(bits)] }
    case .bf16:
      return widened(bytes, isBigEndian, shape) { (bits: UInt16) in
        Float(bitPattern: UInt32(bits) << 16)
      }
    case .u32: return widened(bytes, isBigEndian, shape) { (bits: UInt32) in Int64(bits) }
    case .i32: return widened(bytes, isBigEndian, shape) { Int32(bitPattern: $0) }
    case .f32: return widened(bytes, isBigEndian, shape) { Float(bitPattern: $0) }
    case .f64: return widened(bytes, isBigEndian, shape) { Double(bitPattern: $0) }
    case .i64: return widened(bytes, isBigEndian, shape) { Int64(bitPattern: $0) }
    case .u64:
      let tensor = widened(bytes, isBigEndian, shape) { Int64(bitPattern: $0) }
      if let index = tensor.scalars(as: Int64.self).firstIndex(where: { $0 < 0 }) {
        let value = UInt64(bitPattern: tensor.scalars(as: Int64.self)[index])
        throw Misfit(index: index, message: "\(value) does not fit into int64")
      }
      return tensor
    }
  }

  /// Any other byte would be a truth value that is not equal to true.
  static func checkTruthValues(_ data: ArraySlice<UInt8>) throws(Misfit) {
    if let place = data.firstIndex(where: { $0 > 1 }) {
      throw Misfit(
        index: place - data.startIndex, message: "a BOOL is 0 or 1, found \(data[place])")
    }
  }

  /// One value for each group of bytes, of which the first is the lowest or the highest.
  private func widened<Bits: FixedWidthInteger & UnsignedInteger, Scalar: TensorScalar>(
    _ bytes: [UInt8], _ isBigEndian: Bool, _ shape: Shape, _ value: (Bits) -> Scalar
  ) -> Tensor {
    let width = Bits.bitWidth / 8
    var values: [Scalar] = []
    values.reserveCapacity(bytes.count / width)
    for start in stride(from: 0, to: bytes.count, by: width) {
      var bits: Bits = 0
      for place in 0..<width {
        let byte = bytes[isBigEndian ? start + place : start + width - 1 - place]
        bits = bits &<< 8 | Bits(truncatingIfNeeded: byte)
      }
      values.append(value(bits))
    }
    return Tensor(values, shape: shape)
  }

  /// The value of each byte as a float of eight bits.
  ///
  /// Sources: the Open Compute Project's "8-bit floating point specification" and "Microscaling
  /// formats"; for the types whose only zero is positive, <https://arxiv.org/abs/2206.02915>.
  private var eightBitFloats: [Float] {
    (0..<256).map { byte in
      let (sign, rest): (Float, Int) = (byte < 128 ? 1 : -1, byte & 127)
      func value(fractionBits: Int, bias: Int) -> Float {
        let (exponent, fraction) = (rest >> fractionBits, rest & ((1 << fractionBits) - 1))
        let unit = Float(
          sign: .plus, exponent: max(exponent, 1) - bias - fractionBits, significand: 1)
        return sign * unit * Float(exponent == 0 ? fraction : fraction + (1 << fractionBits))
      }
      switch self {
      case .f8e4m3: return rest == 127 ? .nan : value(fractionBits: 3, bias: 7)
      case .f8e4m3fnuz: return byte == 128 ? .nan : value(fractionBits: 3, bias: 8)
      case .f8e5m2fnuz: return byte == 128 ? .nan : value(fractionBits: 2, bias: 16)
      case .f8e8m0:
        return byte == 255 ? .nan : Float(sign: .plus, exponent: byte - 127, significand: 1)
      default:
        if rest > 124 { return .nan }
        return rest == 124 ? sign * .infinity : value(fractionBits: 2, bias: 15)
      }
    }
  }
}

/// The value of each float of sixteen bits: processors without the conversion take 50 times as long
/// for the smallest ones.
private let sixteenBitFloats = (0...UInt16.max).map { Float(Float16(bitPattern: $0)) }
