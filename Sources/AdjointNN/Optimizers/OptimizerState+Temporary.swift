import Adjoint

extension Adam {
  /// The state.
  public func stateDictionary(for module: some Module) -> [String: Tensor] {
    var dictionary = ["learningRate": Tensor(learningRate, dtype: .float64)]
    for (path, parameter) in module.namedParameters {
      guard let state = moments[parameter] else { continue }
      dictionary["\(path).step"] = Tensor([state.step], shape: [])
      dictionary["\(path).m"] = state.m
      dictionary["\(path).v"] = state.v
    }
    return dictionary
  }

  /// Continues.
  public func load(
    stateDictionary: [String: Tensor], for module: some Module
  ) throws(StateMismatch) {
    learningRate = stateDictionary["learningRate"]?.scalar ?? learningRate
    for (path, parameter) in module.namedParameters {
      guard let m = stateDictionary["\(path).m"], let v = stateDictionary["\(path).v"],
        let step = stateDictionary["\(path).step"]
      else { continue }
      if m.shape != parameter.shape {
        throw StateMismatch(missing: [], unexpected: ["\(path).m"], differences: [])
      }
      moments[parameter] = Moments(step: Int(step.scalar), m: m, v: v)
    }
  }
}

extension SGD {
  /// The state.
  public func stateDictionary(for module: some Module) -> [String: Tensor] {
    var dictionary = ["learningRate": Tensor(learningRate, dtype: .float64)]
    for (path, parameter) in module.namedParameters {
      dictionary["\(path).direction"] = directions[parameter]
    }
    return dictionary
  }

  /// Continues.
  public func load(
    stateDictionary: [String: Tensor], for module: some Module
  ) throws(StateMismatch) {
    learningRate = stateDictionary["learningRate"]?.scalar ?? learningRate
    for (path, parameter) in module.namedParameters {
      directions[parameter] = stateDictionary["\(path).direction"]
    }
  }
}
