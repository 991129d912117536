import Adjoint

/// What Adam and the rules after it have in common: settings with the same ranges and, unless they
/// say otherwise, the same state.
protocol MomentRule: UpdateRule {
  var beta1: Double { get }
  var beta2: Double { get }
  var epsilon: Double { get }
  var weightDecay: Double { get }
}

extension MomentRule {
  /// m and v.
  public func initialState(of weight: Tensor) -> [String: Tensor] {
    ["m": Tensor.zeros(like: weight), "v": Tensor.zeros(like: weight)]
  }

  /// A setting out of its range.
  public var problem: String? { problemWithMoments }

  /// The same, for rules with further settings.
  var problemWithMoments: String? {
    outside(.decay, "beta1", beta1) ?? outside(.decay, "beta2", beta2)
      ?? outside(.notNegative, "epsilon", epsilon)
      ?? outside(.notNegative, "weightDecay", weightDecay)
  }
}
