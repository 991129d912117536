import CAdjoint

// Draws whose number of random words is not known in advance, and how they move with a parameter.

extension Tensor {
  /// A draw by rejection over `shape`, to which the parameters are broadcast.
  static func sampled(
    _ sampler: adj_sampler, _ shape: Shape, _ a: Tensor, _ b: Tensor? = nil,
    using generator: inout Generator
  ) -> Tensor {
    func prepared(_ x: Tensor) -> Payload {
      (x.elementCount == 1 ? x.detached : x.detached.broadcast(to: shape)).payload
    }
    let position = generator.reserve(shape.elementCount)
    return Tensor(
      Payload.sampled(
        sampler, shape: shape, prepared(a), prepared(b ?? a), seed: generator.seed,
        position: position))
  }

  /// The logarithms of gamma-distributed numbers of rate 1.
  ///
  /// Their derivative is implicit: how a draw moves with the concentration while its rank among all
  /// draws stays the same (Figurnov, Mohamed and Mnih, 2018).
  static func logGammaDraw(
    _ shape: Shape, _ concentration: Tensor, using generator: inout Generator
  ) -> Tensor {
    let result = sampled(ADJ_DRAW_LOG_GAMMA, shape, concentration, using: &generator)
    guard concentration.isTracked else { return result }
    let a = concentration.broadcast(to: shape)
    return result.recorded(
      "logGammaDraw", a, .gradientAndOutput { g, y in g * logGammaSlope(a, y) })
  }

  private static func logGammaSlope(_ a: Tensor, _ y: Tensor) -> Tensor {
    let result = Tensor(Payload.logGammaSlopes(a.payload, y.payload))
    let rule = Rule.gradient { _ in
      programmingError(
        "sample", "draws of gamma, beta and t distributions have first derivatives only")
    }
    return result.recorded("logGammaSlope", [(a, rule), (y, rule)])
  }
}
