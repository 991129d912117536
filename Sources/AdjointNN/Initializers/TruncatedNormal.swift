import Adjoint

extension Initializer {
  /// Normal, without what is beyond two standard deviations from the mean.
  ///
  /// As in Keras and PyTorch the standard deviation is that of the whole normal distribution; that
  /// of the values is 0.88 times as large.
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double
  ) -> Initializer {
    Initializer { shape, dtype in
      // The distribution function of the standard normal distribution at -2 and 2.
      let bounds = 0.02275013194817921...0.9772498680518208
      let standard = normalQuantile(Tensor.uniform(shape, in: bounds, dtype: dtype))
      // Rounding may lead over the edge.
      return clamp(standard, min: -2, max: 2) * standardDeviation + mean
    }
  }
}
