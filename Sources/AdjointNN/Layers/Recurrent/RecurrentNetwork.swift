import Adjoint

/// What `RNN`, `LSTM` and `GRU` have in common: all but their settings and the kind of their states.
protocol RecurrentNetwork: SavableLayer, CustomReflectable {
  associatedtype Formula: RecurrentFormula
  var stack: RecurrentStack<Formula> { get }

  init(_ stack: RecurrentStack<Formula>)

  /// The formula of a network in a file.
  static func formula(from decoder: any Decoder) throws -> Formula
}

extension RecurrentNetwork {
  /// A network of settings that a programmer wrote.
  init(
    _ settings: RecurrentSettings, _ formula: Formula, _ dtype: DType, _ file: StaticString,
    _ line: UInt
  ) {
    self.init(
      RecurrentStack(
        settings, formula, initializer: nil, dtype: dtype, String(describing: Self.self),
        file: file, line: line))
  }

  /// The sizes and what is not usual.
  public var details: [String] { stack.settings.details }
  /// The sizes, such as `LSTM(128 to 256, 2 layers)`.
  public var description: String { stack.settings.description(kind) }
  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { stack.mirror(of: self) }

  /// The outputs from initial states of zero.
  public func forward(_ x: Tensor) -> Tensor {
    let found = stack.run(x, nil, lengths: nil, fail: fail)
    return stack.settings.returnsSequence ? found.output : found.last
  }

  /// The outputs of all steps and the last states, for a call at `site`.
  func run(
    _ x: Tensor, _ initial: [Tensor]?, lengths: Tensor?, at site: CallSite
  ) -> (output: Tensor, states: [Tensor]) {
    let span = beginProfiling()
    defer { span?.end() }
    return CallSite.$current.withValue(site) {
      let found = stack.run(x, initial, lengths: lengths, fail: fail)
      ShapeObserver.current?.note(self, input: x.shape, output: found.output.shape)
      return (found.output, found.states)
    }
  }
}

/// What files hold of a recurrent network.
enum RecurrentKeys: CodingKey { case settings, activation }

extension RecurrentNetwork {
  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: RecurrentKeys.self)
    try container.encode(stack.settings, forKey: .settings)
  }

  /// A network of the settings that were written, with zeros for weights.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: RecurrentKeys.self)
    let settings = try RecurrentSettings.decoded(from: container.superDecoder(forKey: .settings))
    self.init(
      RecurrentStack(
        settings, try Self.formula(from: decoder), initializer: .zeros, dtype: .float32,
        String(describing: Self.self), file: #fileID, line: #line))
  }
}
