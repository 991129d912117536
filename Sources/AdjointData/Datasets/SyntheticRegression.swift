import Adjoint

extension Synthetic {
  /// A noisy sine wave: y = sin(2 pi frequency x) + noise, x spread evenly over the range.
  ///
  /// Shapes: x `[count, 1]`, y `[count, 1]`.
  public static func sine(
    count: Int = 100, in range: ClosedRange<Double> = 0...1, frequency: Double = 1,
    noise: Double = 0, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Examples {
    check("sine", count: count, file: file, line: line)
    let x = Tensor.uniform([count, 1], in: range, dtype: .float64)
    let clean = sin(x * (2 * .pi * frequency))
    let (y, _) = finished(
      "sine", clean, clean, shuffled: false, noise: noise, dtype: dtype, file: file, line: line)
    return (x.cast(to: dtype), y)
  }

  /// A linear function of normally distributed features.
  ///
  /// It is scikit-learn's `make_regression` with all features informative.
  ///
  /// y = x coefficients + bias + noise, coefficients drawn from 0 to 100.
  ///
  /// Shapes: x `[count, features]`, y `[count]`, coefficients `[features]`.
  public static func regression(
    count: Int = 100, features: Int = 10, bias: Double = 0, noise: Double = 0,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> (x: Tensor, y: Tensor, coefficients: Tensor) {
    check("regression", count: count, file: file, line: line)
    check("regression", count: features, atLeast: 1, file: file, line: line)
    let x = Tensor.normal([count, features], dtype: .float64)
    let coefficients = Tensor.uniform([features], in: 0...100, dtype: .float64)
    let clean = matmul(x, coefficients) + bias
    let (y, _) = finished(
      "regression", clean, clean, shuffled: false, noise: noise, dtype: dtype, file: file,
      line: line)
    return (x.cast(to: dtype), y, coefficients.cast(to: dtype))
  }

  /// A rolled-up sheet in space: scikit-learn's `make_swiss_roll`.
  ///
  /// `x = (t cos t, h, t sin t)` with t from 1.5 pi to 4.5 pi and h from 0 to 21; y is t, the place
  /// along the roll.
  ///
  /// Shapes: x `[count, 3]`, y `[count]`.
  public static func swissRoll(
    count: Int = 100, noise: Double = 0, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Examples {
    check("swissRoll", count: count, file: file, line: line)
    let t = Tensor.uniform([count], in: 1.5 * .pi...4.5 * .pi, dtype: .float64)
    let height = Tensor.uniform([count], in: 0...21, dtype: .float64)
    let x = stacked([t * cos(t), height, t * sin(t)], axis: -1)
    let (points, place) = finished(
      "swissRoll", x, t, shuffled: false, noise: noise, dtype: dtype, file: file, line: line)
    return (points, place.cast(to: dtype))
  }
}
