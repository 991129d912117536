import Adjoint

/// All steps of one layer in one direction, as one operation of the tape.
///
/// Recorded step by step, every step would add a gradient of the size of the weights, and one of the
/// size of all inputs for the part it reads. Here the sweep back collects the gradients of the gates,
/// and one product over all steps makes of them the gradient of the weights.
///
/// `RecurrentSteps` does the steps. The formula does, step by step, where derivatives are recorded for
/// further ones, and where a mask stops some sequences early.
struct Recurrence {
  let formula: any RecurrentFormula
  /// Where sequences still go on, bool `[n, 1]` for every step; elsewhere the states stay.
  let mask: [Tensor]?
  /// Whether the last step comes first.
  let isReversed: Bool

  /// What the operation depends on.
  struct Operands {
    /// The input's share of the gates: `[steps, n, gates * hidden]`.
    var x: Tensor
    /// `[gates * hidden, hidden]`.
    var weight: Tensor
    /// The first states, `[n, hidden]` each.
    var states: [Tensor]
    /// What is added to all gates, and to the products with the hidden state: `[gates * hidden]`.
    var biases: [Tensor]

    var list: [Tensor] { [x, weight] + states + biases }

    init(x: Tensor, weight: Tensor, states: [Tensor], biases: [Tensor]) {
      (self.x, self.weight, self.states, self.biases) = (x, weight, states, biases)
    }

    init(_ list: [Tensor], stateCount: Int) {
      (x, weight) = (list[0], list[1])
      states = Array(list[2..<2 + stateCount])
      biases = Array(list[(2 + stateCount)...])
    }
  }

  /// The hidden states after every step, `[steps, n, hidden]`, and the last states.
  func callAsFunction(_ operands: Operands) -> (outputs: Tensor, states: [Tensor]) {
    let count = operands.x.shape[0]
    // A recorded view tells whether anything is recorded here: then a sweep may come.
    let isRecorded = operands.list.contains { $0.expandingDimension(at: 0).isTracked }
    let tiles = RecurrentSteps(formula.kind, isReversed: isReversed)
    var tiled: RecurrentSteps.Run?
    var steps: [RecurrentStep] = []
    let result = withCustomDerivative(at: operands.list) { list in
      if mask == nil {
        let operands = Operands(list, stateCount: formula.stateCount)
        let run = tiles.forward(
          x: operands.x, weight: operands.weight, states: operands.states,
          biases: operands.biases, keepsActivations: isRecorded)
        if isRecorded { tiled = run }
        return run.result
      }
      let run = unrolled(
        Operands(list, stateCount: formula.stateCount), keepsActivations: isRecorded)
      if isRecorded { steps = run.steps }
      return run.result
    } gradients: { g, list, result in
      let operands = Operands(list, stateCount: formula.stateCount)
      if let tiled, !result.isTracked {
        let found = tiles.backward(
          g, tiled, x: operands.x, weight: operands.weight, states: operands.states)
        return collected(found.x, found.product, found.states, operands) { product in
          ofWeights(product, result, operands)
        }
      }
      // Second derivatives need the activations as functions of the operands.
      let known =
        result.isTracked ? unrolled(operands, keepsActivations: true).steps : steps
      return gradients(g, operands, known)
    }
    let last = result[isReversed ? 0 : count - 1]
    if formula.stateCount == 1 { return (result, [last]) }
    return (result.sliced(0..<count, axis: 0), [last, result[count]])
  }

  private func order(_ count: Int) -> [Int] {
    isReversed ? Array((0..<count).reversed()) : Array(0..<count)
  }

  /// The steps in the order of time; the result has the last cell state behind the hidden ones.
  private func unrolled(
    _ operands: Operands, keepsActivations: Bool
  ) -> (steps: [RecurrentStep], result: Tensor) {
    let rows = operands.x.unstacked()
    let weight = operands.weight.transposed()
    let biases = operands.biases.map { $0.split(into: formula.gateCount) }
    var found = [RecurrentStep?](repeating: nil, count: rows.count)
    var outputs = rows
    var states = operands.states
    for time in order(rows.count) {
      var x = rows[time].split(into: formula.gateCount, axis: 1)
      var product = matmul(states[0], weight).split(into: formula.gateCount, axis: 1)
      if let bias = biases.first { x = zip(x, bias).map { $0 + $1 } }
      if biases.count > 1 { product = zip(product, biases[1]).map { $0 + $1 } }
      var step = formula.forward(x, product, states)
      if let mask {
        step.states = zip(step.states, states).map { `where`(mask[time], $0, $1) }
      }
      // The gates first: where one program has no room for everything, the next one reads them.
      materialize(step.activations)
      materialize(step.states)
      states = step.states
      outputs[time] = states[0]
      if keepsActivations { found[time] = step }
    }
    let parts = (outputs + states.dropFirst()).map { $0.expandingDimension(at: 0) }
    return (found.compactMap(\.self), concatenated(parts))
  }

  /// The gradients of the operands, in their order.
  private func gradients(
    _ g: Tensor, _ operands: Operands, _ steps: [RecurrentStep]
  ) -> [Tensor?] {
    let rows = g.unstacked()
    var states: [Tensor?] = [nil]
    for row in rows[steps.count...] { states.append(row) }
    var ofInputs: [Tensor] = []
    var ofProducts: [Tensor] = []
    for time in order(steps.count).reversed() {
      let step = steps[time]
      let hidden = states[0].map { rows[time] + $0 } ?? rows[time]
      var gradients = [hidden] + states.dropFirst().compactMap(\.self)
      var kept: [Tensor] = []
      if let mask {
        kept = gradients.map { `where`(mask[time], 0, $0) }
        gradients = gradients.map { `where`(mask[time], $0, 0) }
      }
      let found = formula.backward(gradients, step)
      let direct = found.states.compactMap(\.self)
      materialize(found.x + (found.product ?? []) + direct + kept)
      let x = concatenated(found.x, axis: 1)
      let product = found.product.map { concatenated($0, axis: 1) } ?? x
      ofInputs.append(x)
      if found.product != nil { ofProducts.append(product) }
      states = found.states
      let through = matmul(product, operands.weight)
      states[0] = states[0].map { through + $0 } ?? through
      for (index, gradient) in kept.enumerated() { states[index] = states[index]! + gradient }
    }
    /// The gradients in the order of time.
    func joined(_ parts: [Tensor]) -> Tensor { stacked(isReversed ? parts : parts.reversed()) }
    let dx = joined(ofInputs)
    let dProduct = ofProducts.isEmpty ? dx : joined(ofProducts)
    let previous = stacked(steps.map { $0.previous[0] })
    return collected(dx, dProduct, states, operands) { weightGradient($0, previous) }
  }

  /// The gradients of the operands from those of the gates.
  private func collected(
    _ dx: Tensor, _ dProduct: Tensor, _ states: [Tensor?], _ operands: Operands,
    ofWeights: (Tensor) -> Tensor
  ) -> [Tensor?] {
    let ofBiases = [dx, dProduct].prefix(operands.biases.count).map { $0.sum(axes: [0, 1]) }
    return [dx, ofWeights(dProduct)] + states + ofBiases
  }

  /// The gradient of the weights, where the hidden states before the steps are results but for the first.
  private func ofWeights(_ product: Tensor, _ result: Tensor, _ operands: Operands) -> Tensor {
    let count = product.shape[0]
    let first = isReversed ? count - 1 : 0
    let ofFirst = weightGradient(product[first], operands.states[0])
    if count == 1 { return ofFirst }
    let (later, before) =
      isReversed
      ? (product[..<(count - 1)], result[1..<count]) : (product[1...], result[..<(count - 1)])
    return weightGradient(later, before) + ofFirst
  }

  /// The sum over all rows of product^T previous.
  private func weightGradient(_ product: Tensor, _ previous: Tensor) -> Tensor {
    matmul(
      product.reshaped(-1, product.shape.last!).transposed(),
      previous.reshaped(-1, previous.shape.last!))
  }
}
