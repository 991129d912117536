import Adjoint

/// A loss and its gradient at some weights.
struct LineSearchPoint {
  let value: Double
  let gradient: Tensor

  var largestSlope: Double { abs(gradient).max().scalar }
}

/// The search for a length of a step that lowers the loss enough and leaves a slope small enough.
///
/// The strong Wolfe conditions are f(t) ≤ f(0) + c₁ t f'(0) and |f'(t)| ≤ -c₂ f'(0).
/// Source: Nocedal and Wright, "Numerical optimization", algorithms 3.5 and 3.6, with the cubic
/// interpolation and the safeguards of PyTorch.
struct StrongWolfe {
  let start: LineSearchPoint
  let direction: Tensor
  let slope: Double
  let maximumEvaluations: Int

  private static let decrease = 1e-4
  private static let flatness = 0.9
  private static let smallestBracket = 1e-9

  /// What is known about one length.
  private struct Trial {
    var length: Double
    var point: LineSearchPoint
    var slope: Double
    var value: Double { point.value }
  }

  func run(
    from length: Double, _ evaluate: (Double) throws -> LineSearchPoint
  ) rethrows -> (point: LineSearchPoint, length: Double, evaluations: Int) {
    var evaluations = 0
    func tried(_ length: Double) throws -> Trial {
      evaluations += 1
      let point = try evaluate(length)
      return Trial(length: length, point: point, slope: dot(point.gradient, direction).scalar)
    }
    func isTooHigh(_ trial: Trial) -> Bool {
      trial.value > start.value + Self.decrease * trial.length * slope
    }
    func isFlat(_ trial: Trial) -> Bool { abs(trial.slope) <= -Self.flatness * slope }

    let origin = Trial(length: 0, point: start, slope: slope)
    var previous = origin
    var latest = try tried(length)
    var rounds = 0
    var bracket: (low: Trial, high: Trial)?
    while rounds < maximumEvaluations {
      let isWorse = isTooHigh(latest) || (rounds > 1 && latest.value >= previous.value)
      if !isWorse && isFlat(latest) { return (latest.point, latest.length, evaluations) }
      if isWorse || latest.slope >= 0 {
        bracket = (previous, latest)
        break
      }
      let least = latest.length + 0.01 * (latest.length - previous.length)
      let next = Self.minimum(previous, latest, in: (least, latest.length * 10))
      previous = latest
      latest = try tried(next)
      rounds += 1
    }
    // Where the evaluations have run out, the better end is taken.
    var (low, high) = bracket ?? (origin, latest)
    if high.value < low.value { swap(&low, &high) }
    let reach = Adjoint.abs(direction).max().scalar
    var wasSlow = false
    while rounds < maximumEvaluations {
      if Swift.abs(high.length - low.length) * reach < Self.smallestBracket { break }
      var next = Self.minimum(low, high)
      let (least, most) = (min(low.length, high.length), max(low.length, high.length))
      let margin = 0.1 * (most - least)
      if min(most - next, next - least) < margin {
        if wasSlow || next >= most || next <= least {
          next =
            Swift.abs(next - most) < Swift.abs(next - least) ? most - margin : least + margin
          wasSlow = false
        } else {
          wasSlow = true
        }
      } else {
        wasSlow = false
      }
      latest = try tried(next)
      rounds += 1
      if isTooHigh(latest) || latest.value >= low.value {
        high = latest
        if high.value < low.value { swap(&low, &high) }
      } else {
        let isDone = isFlat(latest)
        if !isDone && latest.slope * (high.length - low.length) >= 0 { high = low }
        low = latest
        if isDone { break }
      }
    }
    return (low.point, low.length, evaluations)
  }

  /// The minimum of the cubic through two trials, between bounds, which are theirs if not given.
  private static func minimum(
    _ a: Trial, _ b: Trial, in bounds: (least: Double, most: Double)? = nil
  ) -> Double {
    let (least, most) = bounds ?? (min(a.length, b.length), max(a.length, b.length))
    let chord = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length)
    let discriminant = chord * chord - a.slope * b.slope
    if !(discriminant >= 0) { return (least + most) / 2 }
    let root = discriminant.squareRoot()
    let (left, right) = a.length <= b.length ? (a, b) : (b, a)
    let share = (right.slope + root - chord) / (right.slope - left.slope + 2 * root)
    let place = right.length - (right.length - left.length) * share
    return min(max(place, least), most)
  }
}
