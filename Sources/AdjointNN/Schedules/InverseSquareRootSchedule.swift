extension Schedule {
  /// A straight line up to a peak, then in proportion to 1 / √t, as transformers are trained.
  ///
  /// `peak · min((t + 1) / w, √(w / (t + 1)))`, where w is `warmUpSteps`. The paper's peak is
  /// 1 / √(d w) for a model of width d.
  ///
  /// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017, section 5.3.
  public static func inverseSquareRoot(
    peak: Double, warmUpSteps: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(steps: warmUpSteps, "inverseSquareRoot", file, line)
    return Schedule { step in
      let share = (Double(step) + 1) / Double(warmUpSteps)
      return peak * min(share, (1 / share).squareRoot())
    }
  }
}
