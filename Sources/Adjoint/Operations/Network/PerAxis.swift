/// One number for all spatial axes, or one for each: `2` or `[2, 1]`.
public struct PerAxis: Sendable, Equatable, CustomStringConvertible {
  private let numbers: [Int]
  private let isOneForAll: Bool

  /// The same number for all axes.
  public init(_ number: Int) { (numbers, isOneForAll) = ([number], true) }

  /// One number for each axis.
  public init(_ numbers: [Int]) { (self.numbers, isOneForAll) = (numbers, false) }

  /// The numbers as they were written.
  public var description: String { isOneForAll ? "\(numbers[0])" : "\(numbers)" }

  /// The numbers for `count` axes; another count, or a number below `least`, stops the program.
  func values(
    _ count: Int, atLeast least: Int, _ what: String, _ operation: String, _ file: StaticString,
    _ line: UInt
  ) -> [Int] {
    let values = isOneForAll ? Array(repeating: numbers[0], count: count) : numbers
    if values.count != count {
      programmingError(
        operation, "\(what) \(self) has \(values.count) numbers for \(count) spatial axes",
        file: file, line: line)
    }
    if let wrong = values.first(where: { $0 < least || $0 > Int(Int32.max) }) {
      let bound = wrong < least ? "at least \(least)" : "below 2^31"
      programmingError(
        operation, "\(what) \(self): \(wrong) is not \(bound)", file: file, line: line)
    }
    return values
  }
}

extension PerAxis: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// `2` is 2 along every axis.
  public init(integerLiteral number: Int) { self.init(number) }
  /// `[2, 1]` is 2 along the first spatial axis and 1 along the second.
  public init(arrayLiteral numbers: Int...) { self.init(numbers) }
}

/// Zeros around the input of a convolution.
public enum ConvolutionPadding: Sendable, Equatable {
  /// None: every window lies inside the input.
  case valid
  /// As many as make the result as large as the input, an odd one behind; for stride 1.
  case same
  /// So many on both sides of each axis.
  case zeros(PerAxis)
}

extension ConvolutionPadding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// `1` is one zero on both sides of every axis.
  public init(integerLiteral number: Int) { self = .zeros(PerAxis(number)) }
  /// `[1, 2]` is one zero on both sides of the first axis and two of the second.
  public init(arrayLiteral numbers: Int...) { self = .zeros(PerAxis(numbers)) }
}
