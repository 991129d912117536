import Adjoint

/// What layers that pool the positions of each channel have in common: all but what they take of
/// them.
protocol PoolingLayer: ConfiguredLayer where Settings: PoolingWindows {
  static var spatialAxes: Int { get }

  /// The result for an input of the right rank.
  func pooled(_ x: Tensor, at site: CallSite) -> Tensor
}

/// The windows of a layer that pools.
protocol PoolingWindows {
  func problem(axes: Int) -> String?
  var details: [String] { get }
}

extension PoolingLayer {
  static func problem(with settings: Settings) -> String? { settings.problem(axes: spatialAxes) }

  /// The windows.
  public var details: [String] { settings.details }

  /// What is taken of each window.
  public func forward(_ x: Tensor) -> Tensor {
    requireChannels(x, axes: Self.spatialAxes...Self.spatialAxes)
    return pooled(x, at: CallSite.current)
  }
}
