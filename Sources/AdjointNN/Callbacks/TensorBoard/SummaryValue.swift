import Adjoint
import Foundation

/// A named number or histogram: the message `Summary.Value`.
enum SummaryValue {
  case scalar(String, Double)
  case histogram(String, Tensor)

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    switch self {
    case .scalar(let tag, let value):
      message.add(1, text: tag)
      message.add(2, float: Float(value))
    case .histogram(let tag, let values):
      message.add(1, text: tag)
      message.add(5, message: SummaryValue.histogram(of: values))
    }
    return message
  }

  /// The message `HistogramProto` with 30 buckets of equal width.
  private static func histogram(of values: Tensor) -> ProtobufMessage {
    let numbers = values.cast(to: .float64).scalars.filter(\.isFinite)
    var message = ProtobufMessage()
    guard let low = numbers.min(), let high = numbers.max() else { return message }
    let count = low == high ? 1 : 30
    let width = (high - low) / Double(count)
    var buckets = Array(repeating: 0.0, count: count)
    for number in numbers {
      let place = width > 0 ? (number - low) / width : 0
      buckets[min(count - 1, Int(place))] += 1
    }
    message.add(1, double: low)
    message.add(2, double: high)
    message.add(3, double: Double(numbers.count))
    message.add(4, double: numbers.reduce(0, +))
    message.add(5, double: numbers.reduce(0) { $0 + $1 * $1 })
    message.add(6, doubles: (1...count).map { $0 == count ? high : low + Double($0) * width })
    message.add(7, doubles: buckets)
    return message
  }
}
