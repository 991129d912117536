import Adjoint

/// x / (k + alpha / n * sum of x^2 over the n channels around each one)^beta.
///
/// Shapes: `[batch, channels, a, ...]` and the same.
///
/// Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
/// neural networks", NIPS 2012; like PyTorch it divides alpha by n.
public final class LocalResponseNorm: SavableLayer, ConfiguredLayer {
  let settings: Settings

  /// A normalisation by neighbouring channels.
  /// - Parameters:
  ///   - size: n, the number of channels.
  ///   - alpha: how much the neighbours' squares count.
  ///   - beta: the exponent of the divisor.
  ///   - k: what is added to their sum.
  public init(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Settings(size: size, alpha: alpha, beta: beta, k: k)
    self.settings = Self.checked(settings, file, line)
  }

  /// The settings.
  public var details: [String] {
    let s = settings
    return ["size \(s.size)", "alpha \(s.alpha)", "beta \(s.beta)", "k \(s.k)"]
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank < 3 {
      fail("an input of shape \(x.shape) does not fit: expected [batch, channels, a, ...]")
    }
    requireDType(x, of: nil)
    let site = CallSite.current
    return localResponseNorm(
      x, size: settings.size, alpha: settings.alpha, beta: settings.beta, k: settings.k,
      file: site.file, line: site.line)
  }

  struct Settings: Codable {
    let size: Int
    let alpha: Double
    let beta: Double
    let k: Double
  }
  static func problem(with settings: Settings) -> String? {
    unless(
      (1...Int(Int32.max)).contains(settings.size),
      "the size must be at least 1, not \(settings.size)")
  }
  init(decoded settings: Settings) { self.settings = settings }
}
