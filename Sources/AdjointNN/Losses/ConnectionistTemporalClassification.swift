import Adjoint

/// -log of the probability that a labelling without alignment came out of a sequence.
///
/// The probability is the sum over all paths that become the labels once repeated symbols are merged
/// and blanks removed. It is computed by the forward recursion in logarithms; derivatives follow from
/// its operations, so they are those of the formula. (PyTorch's are those with respect to the logits
/// before a log-softmax; through one both are equal.)
///
/// Shapes: log-probabilities `[time, n, classes]`, such as those of `logSoftmax`; labels are integers
/// `[n, labels]`, padded at will; lengths are integers `[n]`. The parts are `[n]`. As in PyTorch, the
/// mean is that of the parts divided by the numbers of their labels.
///
/// A sequence too short for its labels has an infinite loss and no gradient.
///
/// Source: Graves, Fernández, Gomez and Schmidhuber, "Connectionist temporal classification" (2006).
/// - Parameters:
///   - logProbabilities: logarithms of the probabilities of all symbols at every time.
///   - labels: the labels of every sequence.
///   - inputLengths: how many times of every sequence count; nil for all.
///   - labelLengths: how many labels of every sequence count; nil for all.
///   - blank: the symbol that stands for no label.
///   - zeroInfinity: whether an infinite loss counts as 0.
///   - reduction: how the parts become the result.
public func ctcLoss(
  logProbabilities: Tensor, labels: Tensor, inputLengths: Tensor? = nil,
  labelLengths: Tensor? = nil, blank: Int = 0, zeroInfinity: Bool = false,
  reduction: Loss.Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let problem = AlignmentProblem(
    logProbabilities, labels, inputLengths, labelLengths, blank: blank,
    LossInputs("ctcLoss", file, line))
  let losses = -problem.logLikelihoods()
  let isImpossible = losses .> Tensor(-unreachable / 2, dtype: losses.dtype)
  let impossible = Tensor(zeroInfinity ? 0 : Double.infinity, dtype: losses.dtype)
  let parts = `where`(isImpossible, impossible, losses)
  guard case .mean = reduction else { return reduction.reduce(parts) }
  return (parts / maximum(problem.labelLengths.cast(to: parts.dtype), 1)).mean()
}

/// Stands for the logarithm of zero: an infinity would make derivatives NaN.
private let unreachable = -1e30

/// Label sequences that are to be aligned with symbols in time.
private struct AlignmentProblem {
  let labelLengths: Tensor
  private let logProbabilities: Tensor
  private let inputLengths: Tensor
  /// The labels with blanks before, between and after them, `[n, 2 labels + 1]`.
  private let symbols: Tensor
  /// 0 where a path may come from the label before without a blank between them.
  private let skipping: Tensor

  init(
    _ logProbabilities: Tensor, _ labels: Tensor, _ inputLengths: Tensor?, _ labelLengths: Tensor?,
    blank: Int, _ inputs: LossInputs
  ) {
    let shape = logProbabilities.shape
    inputs.requireFloating(logProbabilities, "prediction")
    if shape.count != 3 || labels.rank != 2 || labels.dtype.isFloatingPoint
      || labels.shape[0] != shape[1] || shape[0] == 0
    {
      inputs.fail(
        "log-probabilities \(shape) and labels \(labels.dtype) \(labels.shape) do not fit: needs "
          + "[time, n, classes] and integers [n, labels]")
    }
    let (count, width, classes) = (shape[1], labels.shape[1], shape[2])
    if !(0..<classes).contains(blank) {
      inputs.fail("the blank \(blank) is not in 0 ..< \(classes)")
    }
    func lengths(_ given: Tensor?, _ limit: Int, _ what: String) -> Tensor {
      let all = given ?? Tensor(Array(repeating: limit, count: count), shape: [count])
      let isRight = !all.dtype.isFloatingPoint && all.shape == [count]
      let values = isRight ? all.cast(to: .int64) : all
      if !isRight || values.scalars.contains(where: { $0 < 0 || $0 > Double(limit) }) {
        inputs.fail("\(what) must be integers [\(count)] in 0 ... \(limit), not \(all)")
      }
      return values
    }
    self.inputLengths = lengths(inputLengths, shape[0], "inputLengths")
    self.labelLengths = lengths(labelLengths, width, "labelLengths")
    // What is beyond a sequence's labels is never reached; blanks there are valid symbols.
    let isLabel =
      Tensor.arange(width) .< self.labelLengths.expandingDimension(at: 1)
    let empty = Tensor([blank], shape: [])
    let known = `where`(isLabel, labels.cast(to: .int64), empty)
    inputs.requireLabels(known, below: classes)
    if (isLabel .& (known .== empty)).sum().scalar > 0 {
      inputs.fail("the blank \(blank) is among the labels")
    }
    let blanks = Tensor.zeros([count, width, 1], dtype: .int64) + empty
    let pairs = concatenated([blanks, known.expandingDimension(at: 2)], axis: 2)
    let last = Tensor.zeros([count, 1], dtype: .int64) + empty
    symbols = concatenated([pairs.reshaped([count, 2 * width]), last], axis: 1)
    let length = 2 * width + 1
    let before = symbols.padded([(2, 0)], with: .constant(Double(blank)))[0..., 0..<length]
    let isFree = (symbols .!= empty) .& (symbols .!= before)
    let dtype = logProbabilities.dtype
    skipping = `where`(isFree, Tensor(0, dtype: dtype), Tensor(unreachable, dtype: dtype))
    self.logProbabilities = maximum(logProbabilities, unreachable)
  }

  /// The logarithms of the probabilities of the labels, `[n]`.
  func logLikelihoods() -> Tensor {
    let length = symbols.shape[1]
    let (dtype, times) = (logProbabilities.dtype, logProbabilities.shape[0])
    func emitted(_ time: Int) -> Tensor {
      logProbabilities[time].gatheringAlongAxis(symbols, axis: 1)
    }
    let isStart = Tensor.arange(length) .< Tensor([2] as [Int], shape: [])
    let nowhere = Tensor(unreachable, dtype: dtype)
    let isEmpty = inputLengths .== Tensor([0] as [Int], shape: [])
    var alpha = `where`(isStart, emitted(0), nowhere)
    for time in 1..<max(1, times) {
      func moved(_ steps: Int) -> Tensor {
        alpha.padded([(steps, 0)], with: .constant(unreachable))[0..., 0..<length]
      }
      let ways = stacked([alpha, moved(1), moved(2) + skipping], axis: 0)
      let next = ways.logSumExp(axes: [0]) + emitted(time)
      let isOver = (inputLengths .<= Tensor([time], shape: [])).expandingDimension(at: 1)
      alpha = `where`(isOver, alpha, next)
    }
    let ends = (2 * labelLengths).expandingDimension(at: 1)
    let one = Tensor([1] as [Int], shape: [])
    let atBlank = alpha.gatheringAlongAxis(ends, axis: 1).squeezed(1)
    let atLabel = alpha.gatheringAlongAxis(maximum(ends - one, ends * 0), axis: 1).squeezed(1)
    let hasLabels = labelLengths .> Tensor([0] as [Int], shape: [])
    let all = logAddExp(atBlank, `where`(hasLabels, atLabel, nowhere))
    // Nothing has come out of a sequence without times: right where there are no labels.
    return `where`(isEmpty, `where`(hasLabels, nowhere, Tensor(0, dtype: dtype)), all)
  }
}
