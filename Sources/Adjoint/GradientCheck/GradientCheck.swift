/// What a comparison of analytic with numeric derivatives found.
public struct GradientReport: Sendable, CustomStringConvertible {
  /// One derivative: analytic and numeric value and how far apart they may be.
  public struct Element: Sendable, CustomStringConvertible {
    /// The input, by name or number.
    public let input: String
    /// The element's index in row-major order.
    public let index: Int
    /// 1 for a gradient, 2 for the gradient of a gradient.
    public let order: Int
    /// The derivative that the rules give.
    public let analytic: Double
    /// The derivative by central differences.
    public let numeric: Double
    /// The largest difference that passes.
    public let tolerance: Double

    /// The difference as a multiple of the tolerance.
    ///
    /// It is infinite where either value is not a number, even if both are: nothing has been
    /// verified then.
    public var excess: Double {
      let ratio = Swift.abs(analytic - numeric) / tolerance
      return ratio.isNaN ? .infinity : ratio
    }

    /// The element, both values, their difference and the tolerance.
    public var description: String {
      "order \(order), input \(input), element \(index): analytic \(analytic), numeric \(numeric), "
        + "difference \(Swift.abs(analytic - numeric)), tolerance \(tolerance)"
    }
  }

  /// The number of derivatives compared.
  public internal(set) var count = 0
  /// The element with the largest difference in multiples of its tolerance.
  public internal(set) var worst: Element?

  /// Whether every derivative agreed.
  ///
  /// A report without a comparison has not passed.
  public var passed: Bool { count > 0 && (worst?.excess ?? 0) <= 1 }

  /// The verdict and the worst element.
  public var description: String {
    guard let worst else { return "no derivative was compared" }
    return "\(passed ? "passed" : "FAILED"): \(count) derivatives; worst: \(worst)"
  }

  mutating func add(_ element: Element) {
    count += 1
    if element.excess >= worst?.excess ?? 0 { worst = element }
  }

  /// The findings of both reports.
  package mutating func merge(_ other: GradientReport) {
    count += other.count
    if let element = other.worst, element.excess >= worst?.excess ?? 0 { worst = element }
  }
}

/// Compares the derivatives of `f` with central differences, in double precision.
///
/// For order 1 every output is weighted with a fixed random cotangent, and every element of every
/// input is moved by +-h. For order 2 the same is done with the gradient of f. A sum instead of a
/// random cotangent would prove little: the gradient of a sum of softmax outputs is zero, right or
/// wrong.
///
/// ```swift
/// let report = checkGradients(of: { tanh($0[0] * $0[1]) }, at: [a, b])
/// print(report)  // passed: 24 derivatives; worst: ...
/// ```
/// - Parameters:
///   - f: a differentiable function; it must be smooth within h of the inputs.
///   - inputs: `float64` tensors, or tensors that are converted to it.
///   - orders: 1 for gradients, 2 for gradients of gradients.
///   - absolute: the tolerance near zero.
///   - relative: the tolerance in proportion to the derivative.
///   - seed: the seed of the cotangents.
public func checkGradients(
  of f: ([Tensor]) -> Tensor, at inputs: [Tensor], orders: ClosedRange<Int> = 1...2,
  absolute: Double = 1e-6, relative: Double = 1e-5, seed: UInt64 = 1,
  file: StaticString = #fileID, line: UInt = #line
) -> GradientReport {
  checkGradients(
    of: f, at: inputs, names: inputs.indices.map(String.init), orders: orders, absolute: absolute,
    relative: relative, seed: seed, file: file, line: line)
}

/// Compares derivatives with central differences and names inputs in the report.
package func checkGradients(
  of f: ([Tensor]) -> Tensor, at inputs: [Tensor], names: [String], orders: ClosedRange<Int>,
  absolute: Double, relative: Double, seed: UInt64, file: StaticString, line: UInt
) -> GradientReport {
  if orders.lowerBound < 1 || orders.upperBound > 2 {
    programmingError(
      "checkGradients", "orders 1 and 2 can be checked, not \(orders)", file: file, line: line)
  }
  let points = inputs.map { $0.detached.cast(to: .float64) }
  var generator = Generator(seed: seed)
  func cotangent(_ shape: Shape) -> Tensor {
    Tensor.uniform(shape, in: 0.5...1.5, dtype: .float64, using: &generator)
      * `where`(
        Tensor.bernoulli(shape, probability: 0.5, using: &generator), 1, Tensor(-1, dtype: .float64)
      )
  }
  let output = withoutRecording { f(points) }
  if output.dtype != .float64 {
    programmingError(
      "checkGradients",
      "the function gives \(output.dtype) for float64 inputs: somewhere it "
        + "converts or mixes dtypes", file: file, line: line)
  }
  let outer = cotangent(output.shape)
  let inner = points.map { cotangent($0.shape) }
  /// The function as one number.
  func value(_ x: [Tensor]) -> Tensor { (f(x) * outer).sum() }
  /// The directional derivative, itself a function with a gradient.
  func slope(_ x: [Tensor]) -> Tensor {
    let found = valueWithGradients(at: x, file: file, line: line, value).gradients
    return zip(found, inner).map { ($0 * $1).sum() }.reduce(Tensor(0, dtype: .float64), +)
  }
  var report = GradientReport()
  for order in orders {
    report.merge(
      compare(order == 1 ? value : slope, points, names, order, absolute, relative, file, line))
  }
  return report
}

private func compare(
  _ f: ([Tensor]) -> Tensor, _ points: [Tensor], _ names: [String], _ order: Int,
  _ absolute: Double, _ relative: Double, _ file: StaticString, _ line: UInt
) -> GradientReport {
  let analytic = valueWithGradients(at: points, file: file, line: line, f).gradients
  var report = GradientReport()
  for (input, point) in points.enumerated() {
    let values = point.scalars
    let derivatives = analytic[input].scalars
    for index in values.indices {
      // Cube root of the precision: truncation and rounding errors are then about equal.
      let h = 6e-6 * Swift.max(values[index].magnitude, 1)
      func moved(by step: Double) -> Double {
        var changed = values
        changed[index] += step
        var inputs = points
        inputs[input] = Tensor(changed, shape: point.shape)
        // The second-order function differentiates inside, so recording stays as it is.
        return f(inputs).scalar
      }
      let numeric = (moved(by: h) - moved(by: -h)) / (2 * h)
      let scale = Swift.max(derivatives[index].magnitude, numeric.magnitude)
      report.add(
        GradientReport.Element(
          input: names[input], index: index, order: order, analytic: derivatives[index],
          numeric: numeric, tolerance: absolute + relative * (scale.isFinite ? scale : 0)))
    }
  }
  return report
}
