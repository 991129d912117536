import Adjoint
import Foundation
import Testing

/// What an operation gives at a point where systems disagree, and its derivative there.
///
/// docs/conventions.md shows the same table; a test compares the two line by line.
struct Convention: Sendable, CustomStringConvertible {
  let text: String
  let input: [Double]
  let value: [Double]
  /// The gradient of the sum of the result; nil for what has no derivative.
  var derivative: [Double]?
  let function: @Sendable (Tensor) -> Tensor

  init(
    _ text: String, at input: [Double], gives value: [Double], derivative: [Double]? = nil,
    _ function: @escaping @Sendable (Tensor) -> Tensor
  ) {
    (self.text, self.input, self.value) = (text, input, value)
    (self.derivative, self.function) = (derivative, function)
  }

  var description: String { text }

  /// The line of the table in the documentation.
  var line: String {
    func list(_ numbers: [Double]) -> String {
      numbers.map { $0 == $0.rounded() && $0.isFinite ? String(Int($0)) : "\($0)" }
        .joined(separator: ", ")
    }
    return "| \(text) | \(list(value)) | \(derivative.map(list) ?? "") |"
  }

  private static let inf = Double.infinity
  private static let nan = Double.nan

  static let table =
    kinks + ties + poles + powers + branches + extremes + nothing + counting
    + linearAlgebra
    + network
    + reducing
    + elementary

  private static let kinks = [
    Convention("`relu` at 0", at: [0], gives: [0], derivative: [0]) { relu($0) },
    Convention("`abs` at 0", at: [0], gives: [0], derivative: [0]) { abs($0) },
    Convention("`sign` at 0", at: [0], gives: [0], derivative: [0]) { sign($0) },
    Convention("`floor`, `ceil` of 1", at: [1, 1], gives: [1, 1], derivative: [0, 0]) {
      concatenated([floor($0[..<1]), ceil($0[1...])])
    },
    Convention("`round` of 0.5, 1.5, -2.5", at: [0.5, 1.5, -2.5], gives: [0, 2, -2]) { round($0) },
  ]

  private static let ties = [
    Convention("`max` of 1, 3, 3", at: [1, 3, 3], gives: [3], derivative: [0, 0.5, 0.5]) {
      $0.max()
    },
    Convention(
      "`min` along an axis of 1, 1, 3", at: [1, 1, 3], gives: [1], derivative: [0.5, 0.5, 0]
    ) {
      $0.min(axes: [0])
    },
    Convention("`maximum` of two equal inputs", at: [2, 2], gives: [2], derivative: [0.5, 0.5]) {
      maximum($0[0], $0[1])
    },
    Convention("`minimum` of two equal inputs", at: [2, 2], gives: [2], derivative: [0.5, 0.5]) {
      minimum($0[0], $0[1])
    },
    Convention("`argMax` of 1, 3, 3", at: [1, 3, 3], gives: [1]) { $0.argMax() },
  ]

  private static let poles = [
    Convention("`sqrt` at 0", at: [0], gives: [0], derivative: [inf]) { sqrt($0) },
    Convention("`sqrt` at -1", at: [-1], gives: [nan], derivative: [nan]) { sqrt($0) },
    Convention("`log` at 0", at: [0], gives: [-inf], derivative: [inf]) { log($0) },
    Convention("`log` at -1", at: [-1], gives: [nan], derivative: [-1]) { log($0) },
    Convention("`reciprocal` at 0", at: [0], gives: [inf], derivative: [-inf]) { reciprocal($0) },
    Convention("1 / 0, 0 / 0", at: [1, 0], gives: [inf, nan], derivative: [inf, inf]) { $0 / 0 },
    Convention("`asin`, `acos` at 1", at: [1, 1], gives: [asin(1.0), 0], derivative: [inf, -inf]) {
      concatenated([asin($0[..<1]), acos($0[1...])])
    },
  ]

  private static let powers = [
    Convention("`pow(x, 0)` at 0", at: [0], gives: [1], derivative: [0]) { pow($0, 0) },
    Convention("`pow(x, 0)` at NaN", at: [nan], gives: [1], derivative: [0]) { pow($0, 0) },
    Convention("`pow(0, y)` at 0, 2", at: [0, 2], gives: [1, 0], derivative: [0, 0]) { pow(0, $0) },
    Convention("`pow(0, y)` at -1", at: [-1], gives: [inf], derivative: [-inf]) { pow(0, $0) },
    Convention("`pow(x, 2)` at -3, 0", at: [-3, 0], gives: [9, 0], derivative: [-6, 0]) {
      pow($0, 2)
    },
    Convention("`pow(-2, y)` at 2", at: [2], gives: [4], derivative: [nan]) { pow(-2, $0) },
    Convention("`pow(x, 0.5)` at 0, -1", at: [0, -1], gives: [0, nan], derivative: [inf, nan]) {
      pow($0, 0.5)
    },
  ]

  private static let branches = [
    Convention(
      "`where(x > 0, sqrt(x), 0)` at 0, -1", at: [0, -1], gives: [0, 0], derivative: [nan, nan]
    ) {
      `where`($0 .> 0, sqrt($0), 0)
    },
    Convention(
      "`where(x > 0, sqrt(where(x > 0, x, 1)), 0)` at 0, -1", at: [0, -1], gives: [0, 0],
      derivative: [0, 0]
    ) { `where`($0 .> 0, sqrt(`where`($0 .> 0, $0, 1)), 0) },
    Convention("`relu` of NaN", at: [nan], gives: [nan], derivative: [1]) { relu($0) },
    Convention(
      "`maximum`, `minimum` of NaN and 1", at: [nan, nan], gives: [nan, nan], derivative: [1, 1]
    ) {
      concatenated([maximum($0[..<1], 1), minimum(1, $0[1...])])
    },
    Convention("`max` of 1, NaN, 2", at: [1, nan, 2], gives: [nan], derivative: [nan, nan, nan]) {
      $0.max()
    },
    Convention("`argMax`, `argMin` of 1, NaN, 2", at: [1, nan, 2], gives: [1, 1]) {
      stacked([$0.argMax(), $0.argMin()])
    },
    Convention("NaN `.==` NaN, `.!=`, `.<`", at: [nan], gives: [0, 1, 0]) {
      concatenated([$0 .== $0, $0 .!= $0, $0 .< $0])
    },
  ]

  private static let extremes = [
    Convention(
      "`logSumExp` of -inf, -inf", at: [-inf, -inf], gives: [-inf], derivative: [nan, nan]
    ) {
      $0.logSumExp()
    },
    Convention("`logSumExp` of inf, 1", at: [inf, 1], gives: [inf], derivative: [nan, 0]) {
      $0.logSumExp()
    },
    Convention(
      "`logSumExp` of 1000, -1e300", at: [1000, -1e300], gives: [1000], derivative: [1, 0]
    ) {
      $0.logSumExp()
    },
    Convention("`softmax` of 1000, -1000", at: [1000, -1000], gives: [1, 0], derivative: [0, 0]) {
      softmax($0)
    },
    Convention("`softmax` of 0, -inf", at: [0, -inf], gives: [1, 0], derivative: [0, 0]) {
      softmax($0)
    },
    Convention(
      "`softmax` of -inf, -inf", at: [-inf, -inf], gives: [nan, nan], derivative: [nan, nan]
    ) {
      softmax($0)
    },
    Convention(
      "`logSoftmax` of 1000, -1000", at: [1000, -1000], gives: [0, -2000], derivative: [-1, 1]
    ) {
      logSoftmax($0)
    },
    Convention(
      "`softplus` at 1000, -1000", at: [1000, -1000], gives: [1000, 0], derivative: [1, 0]
    ) {
      softplus($0)
    },
    Convention("`sigmoid` at 1000, -1000", at: [1000, -1000], gives: [1, 0], derivative: [0, 0]) {
      sigmoid($0)
    },
    Convention("`tanh` at inf", at: [inf], gives: [1], derivative: [0]) { tanh($0) },
    Convention(
      "`softmaxCrossEntropy` of logits 1000, 0 for class 1", at: [1000, 0], gives: [1000],
      derivative: [1, -1]
    ) { softmaxCrossEntropy(logits: $0.reshaped(1, 2), labels: Tensor([1] as [Int])) },
  ]

  private static let nothing = [
    Convention("`sum` of nothing", at: [], gives: [0], derivative: []) { $0.sum() },
    Convention("`mean` of nothing", at: [], gives: [nan], derivative: []) { $0.mean() },
    Convention("`logSumExp` of nothing", at: [], gives: [-inf], derivative: []) { $0.logSumExp() },
    Convention("`matmul` over an inner size of 0", at: [], gives: [0, 0], derivative: []) {
      matmul(Tensor.zeros([2, 0], dtype: .float64), $0)
    },
    Convention("`softmaxCrossEntropy` of no rows", at: [], gives: [nan], derivative: []) {
      softmaxCrossEntropy(logits: $0.reshaped([0, 3]), labels: Tensor([] as [Int]))
    },
  ]

  private static let counting = [
    Convention(
      "cast of NaN, inf, -1e30, 2.9 to `int32`", at: [nan, inf, -1e30, 2.9],
      gives: [0, 2147483647, -2147483648, 2]
    ) { $0.cast(to: .int32) },
    Convention("cast of 300, -1, 255.9 to `uint8`", at: [300, -1, 255.9], gives: [255, 0, 255]) {
      $0.cast(to: .uint8)
    },
    Convention("cast of NaN, 0, -0.1 to `bool`", at: [nan, 0, -0.1], gives: [1, 0, 1]) {
      $0.cast(to: .bool)
    },
    Convention("`uint8` 200 + 100", at: [200, 100], gives: [44]) {
      $0.cast(to: .uint8)[0] + $0.cast(to: .uint8)[1]
    },
    Convention("`sum` of `uint8` 200, 200 (as `int64`)", at: [200, 200], gives: [400]) {
      $0.cast(to: .uint8).sum()
    },
  ]
}

@Suite("Conventions")
struct ConventionsTests {
  @Test(
    "values and derivatives at awkward points are those of the table", arguments: Convention.table)
  func holds(_ convention: Convention) {
    let x = Tensor(convention.input, dtype: .float64).tracked()
    let y = convention.function(x)
    expectClose(y.detached, convention.value)
    guard let derivative = convention.derivative else { return }
    expectClose(gradients(of: y.sum(), withRespectTo: [x])[0], derivative)
  }

  @Test("the documented table is this one")
  func isDocumented() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/conventions.md").standardizedFileURL
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(
      String.init)
    let documented = lines.filter { $0.hasPrefix("| ") && !$0.hasPrefix("| case") }
    let tested = Convention.table.map(\.line)
    for line in documented where !tested.contains(line) {
      Issue.record("documented but not tested: \(line)")
    }
    for line in tested where !documented.contains(line) {
      Issue.record("tested but not documented: \(line)")
    }
  }
}
