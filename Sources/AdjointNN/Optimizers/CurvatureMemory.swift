import Adjoint

/// What L-BFGS knows about the curvature: the last differences of weights and of gradients.
struct CurvatureMemory {
  /// A step of the weights and the change of the gradient that came with it.
  private struct Pair {
    let step: Tensor
    let change: Tensor
    /// 1 / stepᵀ change.
    let inverse: Double

    init(_ step: Tensor, _ change: Tensor) {
      (self.step, self.change) = (step, change)
      inverse = 1 / dot(change, step).scalar
    }
  }

  private var history: [Pair] = []
  private var scale = 1.0
  private var direction: Tensor?
  private var gradient: Tensor?
  /// How far the last step went along its direction.
  var length = 0.0

  init() {}

  /// Whether there was no step yet.
  var isEmpty: Bool { direction == nil }

  /// The direction for a gradient: the last step is remembered, and the oldest forgotten.
  mutating func direction(for new: Tensor, historySize: Int) -> Tensor {
    if let direction, let gradient {
      let (step, change) = (length * direction, new - gradient)
      let curvature = dot(change, step).scalar
      if curvature > 1e-10 {
        materialize([step, change])
        if history.count == historySize { history.removeFirst() }
        history.append(Pair(step, change))
        scale = curvature / dot(change, change).scalar
      }
    }
    gradient = new
    let result = solved(-new)
    materialize([result])
    direction = result
    return result
  }

  /// The product of the inverse curvature with a vector, by the two-loop recursion.
  private func solved(_ vector: Tensor) -> Tensor {
    var q = vector
    var shares: [Double] = []
    for pair in history.reversed() {
      let share = dot(pair.step, q).scalar * pair.inverse
      q = q - share * pair.change
      shares.append(share)
    }
    q = q * scale
    for (pair, share) in zip(history, shares.reversed()) {
      let back = dot(pair.change, q).scalar * pair.inverse
      q = q + (share - back) * pair.step
    }
    return q
  }

  // MARK: State

  var stateDictionary: [String: Tensor] {
    guard let direction, let gradient else { return [:] }
    var dictionary = [
      "direction": direction, "gradient": gradient, "length": Tensor(length, dtype: .float64),
      "scale": Tensor(scale, dtype: .float64), "history": Tensor([history.count], shape: []),
    ]
    for (index, pair) in history.enumerated() {
      dictionary["history.\(index).step"] = pair.step
      dictionary["history.\(index).change"] = pair.change
    }
    return dictionary
  }

  /// The memory of a dictionary; what does not fit is noted by the reader.
  init(_ reader: inout StateReader, like flat: Tensor, historySize: Int) {
    if !reader.contains("direction") && !reader.contains("history") { return }
    direction = reader.tensor("direction", like: flat)
    gradient = reader.tensor("gradient", like: flat)
    length =
      reader.number("length", in: -Double.greatestFiniteMagnitude...(.greatestFiniteMagnitude)) ?? 0
    scale = reader.number("scale", in: .notNegative) ?? 1
    let count = reader.count("history") ?? 0
    if count > historySize {
      reader.differ("history", "at most \(historySize)", "\(count)")
      return
    }
    for index in 0..<count {
      guard let step = reader.tensor("history.\(index).step", like: flat),
        let change = reader.tensor("history.\(index).change", like: flat)
      else { return }
      history.append(Pair(step, change))
    }
  }
}

/// Parameters as one vector.
struct FlatParameters {
  private let parameters: [Parameter]

  init(_ parameters: [Parameter]) { self.parameters = parameters }

  var isEmpty: Bool { parameters.allSatisfy { $0.shape.elementCount == 0 } }

  var values: Tensor { flattened(parameters.map { $0.value.detached }) }

  /// The gradients as one vector, zeros for parameters that have none.
  func flattened(_ gradients: Gradients) -> Tensor {
    flattened(parameters.map { gradients[$0]?.detached ?? Tensor.zeros(like: $0.value.detached) })
  }

  private func flattened(_ tensors: [Tensor]) -> Tensor {
    if tensors.isEmpty { return Tensor.zeros([0]) }
    return concatenated(tensors.map { $0.reshaped(-1) }, axis: 0)
  }

  func set(_ vector: Tensor) {
    var start = 0
    for parameter in parameters {
      let count = parameter.shape.elementCount
      parameter.value = vector[start..<start + count].reshaped(parameter.shape)
      start += count
    }
  }

  func move(along direction: Tensor, by length: Double) { set(values + length * direction) }
}
