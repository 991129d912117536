import Adjoint

/// What stands around the input of a convolution.
public enum PaddingMode: String, Sendable, Codable, CaseIterable {
  /// Zeros.
  case zeros
  /// The elements mirrored at the first and the last, which are not repeated.
  case reflect
  /// The first and the last element again and again.
  case replicate
  /// The elements from the other end.
  case circular

  var padding: Tensor.Padding {
    switch self {
    case .zeros: .constant(0)
    case .reflect: .reflect
    case .replicate: .replicate
    case .circular: .circular
    }
  }
}

/// A `ConvolutionPadding` in a form that files hold: `"same"`, `"valid"`, `1` or `[1, 2]`.
enum PaddingAmount: Equatable, Sendable {
  case valid, same
  case numbers(AxisNumbers)

  init(_ padding: ConvolutionPadding) {
    self =
      switch padding {
      case .valid: .valid
      case .same: .same
      case .zeros(let numbers): .numbers(AxisNumbers(numbers))
      }
  }

  var padding: ConvolutionPadding {
    switch self {
    case .valid: .valid
    case .same: .same
    case .numbers(let numbers): .zeros(numbers.perAxis)
    }
  }

  /// The elements before and after each axis, for an effective kernel size.
  func widths(_ reach: [Int]) -> [(before: Int, after: Int)] {
    switch self {
    case .valid: reach.map { _ in (0, 0) }
    case .same: reach.map { (($0 - 1) / 2, $0 - 1 - ($0 - 1) / 2) }
    case .numbers(let numbers): numbers.values(reach.count).map { ($0, $0) }
    }
  }
}

extension PaddingAmount: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try? container.decode(String.self) {
    case "valid": self = .valid
    case "same": self = .same
    case let other?:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "the padding \"\(other)\" is neither valid nor same")
    case nil: self = .numbers(try AxisNumbers(from: decoder))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .valid: try container.encode("valid")
    case .same: try container.encode("same")
    case .numbers(let numbers): try container.encode(numbers)
    }
  }
}
