import Adjoint

/// What a kind of recurrent network computes in one step, and the derivative of that.
///
/// Gates are given as parts `[n, hidden]`: those that come from the input, and the products of the
/// previous hidden state with the weights. The first state is the hidden one, which is the output.
protocol RecurrentFormula: Sendable {
  /// The same formula in tiles, for all steps.
  var kind: RecurrentSteps.Kind { get }
  /// How many parts the weights have.
  var gateCount: Int { get }
  /// How many tensors a step hands on to the next.
  var stateCount: Int { get }

  /// The next states, and what `backward` wants to know of them.
  func forward(_ x: [Tensor], _ product: [Tensor], _ states: [Tensor]) -> RecurrentStep

  /// The gradients of the gates and, where a state acts beside the product, of the states before.
  func backward(_ gradients: [Tensor], _ step: RecurrentStep) -> RecurrentGradients
}

/// One step of a recurrent network.
struct RecurrentStep {
  /// The states before the step.
  let previous: [Tensor]
  /// The states after it.
  var states: [Tensor]
  /// Gates and the like, as the formula chooses.
  let activations: [Tensor]
}

/// The gradients of what goes into a step.
struct RecurrentGradients {
  /// Those of the gates' inputs.
  let x: [Tensor]
  /// Those of the products with the hidden state, where they differ from those of the inputs.
  var product: [Tensor]?
  /// Those of the previous states beside the product; nil for zero.
  let states: [Tensor?]
}

/// h' = tanh(a) or relu(a) of the one gate a.
struct RNNFormula: RecurrentFormula {
  let activation: RNN.Activation
  var kind: RecurrentSteps.Kind { activation == .tanh ? .tanh : .relu }
  let gateCount = 1
  let stateCount = 1

  func forward(_ x: [Tensor], _ product: [Tensor], _ states: [Tensor]) -> RecurrentStep {
    let sum = x[0] + product[0]
    let hidden = activation == .tanh ? tanh(sum) : relu(sum)
    return RecurrentStep(previous: states, states: [hidden], activations: [hidden])
  }

  func backward(_ gradients: [Tensor], _ step: RecurrentStep) -> RecurrentGradients {
    let (g, hidden) = (gradients[0], step.activations[0])
    let slope = activation == .tanh ? g * (1 - square(hidden)) : `where`(hidden .> 0, g, 0)
    return RecurrentGradients(x: [slope], states: [nil])
  }
}

/// c' = f c + i g and h' = o tanh(c'), with the gates i, f, g, o in the order of PyTorch.
struct LSTMFormula: RecurrentFormula {
  let kind = RecurrentSteps.Kind.lstm
  let gateCount = 4
  let stateCount = 2

  func forward(_ x: [Tensor], _ product: [Tensor], _ states: [Tensor]) -> RecurrentStep {
    let input = sigmoid(x[0] + product[0])
    let forget = sigmoid(x[1] + product[1])
    let candidate = tanh(x[2] + product[2])
    let output = sigmoid(x[3] + product[3])
    let cell = forget * states[1] + input * candidate
    let bounded = tanh(cell)
    return RecurrentStep(
      previous: states, states: [output * bounded, cell],
      activations: [input, forget, candidate, output, bounded])
  }

  func backward(_ gradients: [Tensor], _ step: RecurrentStep) -> RecurrentGradients {
    let (input, forget) = (step.activations[0], step.activations[1])
    let (candidate, output) = (step.activations[2], step.activations[3])
    let bounded = step.activations[4]
    let cell = gradients[1] + gradients[0] * output * (1 - square(bounded))
    return RecurrentGradients(
      x: [
        cell * candidate * (input * (1 - input)),
        cell * step.previous[1] * (forget * (1 - forget)),
        cell * input * (1 - square(candidate)),
        gradients[0] * bounded * (output * (1 - output)),
      ], states: [nil, cell * forget])
  }
}

/// h' = (1 - z) n + z h with n = tanh(x_n + r p_n), the gates r, z, n in the order of PyTorch.
struct GRUFormula: RecurrentFormula {
  let kind = RecurrentSteps.Kind.gru
  let gateCount = 3
  let stateCount = 1

  func forward(_ x: [Tensor], _ product: [Tensor], _ states: [Tensor]) -> RecurrentStep {
    let reset = sigmoid(x[0] + product[0])
    let update = sigmoid(x[1] + product[1])
    let candidate = tanh(x[2] + reset * product[2])
    let hidden = (1 - update) * candidate + update * states[0]
    return RecurrentStep(
      previous: states, states: [hidden], activations: [reset, update, candidate, product[2]])
  }

  func backward(_ gradients: [Tensor], _ step: RecurrentStep) -> RecurrentGradients {
    let (reset, update) = (step.activations[0], step.activations[1])
    let (candidate, product) = (step.activations[2], step.activations[3])
    let g = gradients[0]
    let dUpdate = g * (step.previous[0] - candidate) * (update * (1 - update))
    let dCandidate = g * (1 - update) * (1 - square(candidate))
    let dReset = dCandidate * product * (reset * (1 - reset))
    return RecurrentGradients(
      x: [dReset, dUpdate, dCandidate], product: [dReset, dUpdate, dCandidate * reset],
      states: [g * update])
  }
}
