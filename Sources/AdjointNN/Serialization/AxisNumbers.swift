import Adjoint

/// The numbers of a `PerAxis` in a form that files hold: `2` or `[2, 1]`.
struct AxisNumbers: Equatable, Sendable, CustomStringConvertible {
  private let numbers: [Int]
  private let isOneForAll: Bool

  init(_ perAxis: PerAxis) {
    // Its description is the numbers as they were written, which is all it tells of itself.
    let text = perAxis.description
    isOneForAll = !text.hasPrefix("[")
    numbers = text.split { !"-0123456789".contains($0) }.compactMap { Int($0) }
  }

  var perAxis: PerAxis { isOneForAll ? PerAxis(numbers[0]) : PerAxis(numbers) }
  var description: String { isOneForAll ? "\(numbers[0])" : "\(numbers)" }

  /// The numbers for so many spatial axes.
  func values(_ axes: Int) -> [Int] {
    isOneForAll ? Array(repeating: numbers[0], count: axes) : numbers
  }

  /// Why these are no numbers for a setting; nil if they are.
  /// - Parameter axes: the number of spatial axes; nil where only the input tells.
  func problem(_ name: String, axes: Int?, atLeast least: Int) -> String? {
    if !isOneForAll, let axes, numbers.count != axes {
      return "\(name) \(self) has \(numbers.count) numbers for \(axes) spatial axes"
    }
    if numbers.isEmpty { return "\(name) has no numbers" }
    if let small = numbers.first(where: { $0 < least }) {
      return "\(name) \(self): \(small) is not at least \(least)"
    }
    return numbers.first { $0 > Int(Int32.max) }.map { "\(name) \(self): \($0) is too large" }
  }
}

extension AxisNumbers: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      (numbers, isOneForAll) = ([number], true)
    } else {
      (numbers, isOneForAll) = (try container.decode([Int].self), false)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if isOneForAll { try container.encode(numbers[0]) } else { try container.encode(numbers) }
  }
}

/// A choice that files hold by its name.
struct Named<Choice: CaseIterable & Sendable>: Codable, Sendable {
  let choice: Choice

  init(_ choice: Choice) { self.choice = choice }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let choice = Choice.allCases.first(where: { "\($0)" == name }) else {
      let known = Choice.allCases.map { "\($0)" }.joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(name)\" is none of \(known)")
    }
    self.choice = choice
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(choice)")
  }
}
