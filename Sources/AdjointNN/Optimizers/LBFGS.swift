import Adjoint

/// L-BFGS: a quasi-Newton method whose curvature comes from the last steps.
///
/// The direction is d = -H g, where H is built from the last `historySize` differences of weights, s,
/// and gradients, y, by the two-loop recursion, starting from H = (yᵀs / yᵀy) I. The first direction
/// is -g, with the step min(1, 1 / ‖g‖₁) η; later steps are η, or what the line search finds.
///
/// It needs the loss of the same data several times, so a step takes a closure:
///
/// ```swift
/// let optimizer = LBFGS(lineSearch: .strongWolfe)
/// for _ in 0..<10 {
///   let loss = optimizer.update(model) { square(model(x) - y).mean() }
/// }
/// ```
///
/// Source: Liu and Nocedal, "On the limited memory BFGS method", 1989; the line search is that of
/// PyTorch, after Schmidt's minFunc.
public final class LBFGS: Optimizer {
  /// How the length of a step is found.
  public enum LineSearch: Sendable {
    /// The learning rate is the length.
    case none
    /// Until the strong Wolfe conditions hold, with c₁ = 1e-4 and c₂ = 0.9.
    case strongWolfe
  }

  /// The length η of a step, with which a line search begins.
  public var learningRate: Double {
    didSet {
      guard let problem = outside(.notNegative, "learningRate", learningRate) else { return }
      programmingError("LBFGS", problem)
    }
  }
  /// The most iterations in one `update`.
  public let maximumIterations: Int
  /// The most evaluations of the loss in one `update`; a line search that has begun is finished.
  public let maximumEvaluations: Int
  /// No element of a gradient above this ends an update.
  public let gradientTolerance: Double
  /// A change of the loss and of the weights below this ends an update.
  public let changeTolerance: Double
  /// How many steps are remembered.
  public let historySize: Int
  /// How the length of a step is found.
  public let lineSearch: LineSearch

  private var memory = CurvatureMemory()

  /// L-BFGS with the settings of PyTorch by default; most problems want the line search.
  public init(
    learningRate: Double = 1, maximumIterations: Int = 20, maximumEvaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100,
    lineSearch: LineSearch = .none, file: StaticString = #fileID, line: UInt = #line
  ) {
    // A quarter more evaluations than iterations, or as many as there are numbers.
    let (sum, isTooMuch) = maximumIterations.addingReportingOverflow(maximumIterations / 4)
    let evaluations = maximumEvaluations ?? (isTooMuch ? Int.max : sum)
    let problem =
      outside(.notNegative, "learningRate", learningRate)
      ?? outside(.notNegative, "gradientTolerance", gradientTolerance)
      ?? outside(.notNegative, "changeTolerance", changeTolerance)
      ?? notPositive("maximumIterations", maximumIterations)
      ?? notPositive("maximumEvaluations", evaluations)
      ?? notPositive("historySize", historySize)
    if let problem { programmingError("LBFGS", problem, file: file, line: line) }
    self.learningRate = learningRate
    self.maximumIterations = maximumIterations
    self.maximumEvaluations = evaluations
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// One iteration with a gradient that is known, without a line search; `fit` uses it.
  ///
  /// The gradient must be that of all data. Every parameter needs one.
  public func update(_ parameters: [Parameter], _ gradients: Gradients) {
    if case .strongWolfe = lineSearch {
      programmingError(
        "LBFGS",
        "a line search needs the loss: call update(model) { loss } instead of passing "
          + "gradients")
    }
    let point = FlatParameters(parameters)
    let gradient = point.flattened(gradients)
    if gradient.elementCount == 0 || abs(gradient).max().scalar <= gradientTolerance { return }
    let (direction, length) = next(gradient)
    if dot(gradient, direction).scalar > -changeTolerance { return }
    memory.length = length
    point.move(along: direction, by: length)
  }

  /// Iterates until one of the limits is reached.
  ///
  /// - Parameters:
  ///   - module: what is trained.
  ///   - loss: the loss as it is with the present weights, the same function every time.
  /// - Returns: the loss before the update.
  @discardableResult
  public func update(
    _ module: some Module, file: StaticString = #fileID, line: UInt = #line,
    _ loss: () throws -> Tensor
  ) rethrows -> Double {
    try update(module.trainableParameters, file: file, line: line, loss)
  }

  /// Iterates until one of the limits is reached, for some parameters.
  @discardableResult
  public func update(
    _ parameters: [Parameter], file: StaticString = #fileID, line: UInt = #line,
    _ loss: () throws -> Tensor
  ) rethrows -> Double {
    let point = FlatParameters(parameters)
    func evaluate() throws -> LineSearchPoint {
      let (value, gradients) = try valueWithGradients(
        of: parameters, file: file, line: line, loss)
      return LineSearchPoint(value: value.scalar, gradient: point.flattened(gradients))
    }
    var here = try evaluate()
    let first = here.value
    var evaluations = 1
    if point.isEmpty || here.largestSlope <= gradientTolerance { return first }
    for iteration in 1...maximumIterations {
      let before = here.value
      var (direction, length) = next(here.gradient)
      let slope = dot(here.gradient, direction).scalar
      if slope > -changeTolerance { break }
      if case .strongWolfe = lineSearch {
        let start = point.values
        let search = StrongWolfe(
          start: here, direction: direction, slope: slope,
          maximumEvaluations: maximumEvaluations - evaluations)
        let found = try search.run(from: length) { length in
          defer { point.set(start) }
          point.move(along: direction, by: length)
          return try evaluate()
        }
        (here, length) = (found.point, found.length)
        evaluations += found.evaluations
        point.move(along: direction, by: length)
      } else {
        point.move(along: direction, by: length)
        if iteration < maximumIterations {
          here = try evaluate()
          evaluations += 1
        }
      }
      memory.length = length
      if iteration == maximumIterations || evaluations >= maximumEvaluations
        || here.largestSlope <= gradientTolerance
        || Swift.abs(length) * Adjoint.abs(direction).max().scalar <= changeTolerance
        || Swift.abs(here.value - before) < changeTolerance
      {
        break
      }
    }
    return first
  }

  /// The direction for a gradient, and the length to begin with.
  private func next(_ gradient: Tensor) -> (direction: Tensor, length: Double) {
    let span = Profiling.beginUpdate()
    defer { span?.end() }
    let isFirst = memory.isEmpty
    let direction = memory.direction(for: gradient, historySize: historySize)
    let length = isFirst ? min(1, 1 / abs(gradient).sum().scalar) * learningRate : learningRate
    return (direction, length)
  }

  // MARK: State

  /// The last steps, and `learningRate`: see ``Optimizer``.
  ///
  /// They concern all parameters together, so the names are not those of parameters.
  public func stateDictionary(for module: some Module) -> [String: Tensor] {
    var dictionary = memory.stateDictionary
    dictionary["learningRate"] = Tensor(learningRate, dtype: .float64)
    return dictionary
  }

  /// Continues where the optimizer that gave the dictionary stopped: see ``Optimizer``.
  public func load(
    stateDictionary: [String: Tensor], for module: some Module
  ) throws(StateMismatch) {
    var reader = StateReader(stateDictionary)
    let rate = reader.number("learningRate", in: .notNegative)
    let flat = FlatParameters(module.trainableParameters).values
    let found = CurvatureMemory(&reader, like: flat, historySize: historySize)
    try reader.finish()
    learningRate = rate ?? learningRate
    memory = found
  }
}
