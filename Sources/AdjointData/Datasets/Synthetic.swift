import Adjoint

/// Made-up data to try models on, named and parametrised as in scikit-learn's `make_...` functions.
///
/// Points are `x`, `[count, features]`; `y` has a class (int64) or a number for each, `[count]`. All
/// draws come from the scoped generator:
///
/// ```swift
/// let (x, y) = withGenerator(seed: 1) { Synthetic.moons(count: 200, noise: 0.1) }
/// ```
public enum Synthetic {
  /// Points and what belongs to each.
  public typealias Examples = (x: Tensor, y: Tensor)

  /// Shuffles the points, then adds normal noise, as scikit-learn does.
  static func finished(
    _ name: String, _ x: Tensor, _ y: Tensor, shuffled: Bool, noise: Double, dtype: DType,
    file: StaticString, line: UInt
  ) -> Examples {
    if !(noise >= 0 && noise.isFinite) || !dtype.isFloatingPoint {
      programmingError(
        name, "needs a noise of at least 0 and a floating dtype, not \(noise) and \(dtype)",
        file: file, line: line)
    }
    var (x, y) = (x.cast(to: dtype), y)
    if shuffled {
      let order = Tensor.permutation(y.shape[0])
      (x, y) = (x.gathering(order), y.gathering(order))
    }
    if noise > 0 { x += Tensor.normal(x.shape, standardDeviation: noise, dtype: dtype) }
    return (x, y)
  }

  /// Stops the program for a count that is negative or, where something is divided by it, 0.
  static func check(
    _ name: String, count: Int, atLeast least: Int = 0, file: StaticString, line: UInt
  ) {
    if count < least {
      programmingError(
        name, "needs a count of at least \(least), not \(count)", file: file, line: line)
    }
  }

  /// The class 0 for `first` points, then 1, ...
  static func classes(_ sizes: [Int]) -> Tensor {
    Tensor(sizes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) })
  }

  /// `count` numbers from 0 up to but not including `end`.
  static func halfOpen(_ end: Double, count: Int) -> Tensor {
    Tensor((0..<count).map { end * Double($0) / Double(count) }, dtype: .float64)
  }
}
