import CAdjoint

/// How an operation is told from others while it is recorded: without making a string.
enum OperationName: Hashable {
  case literal(StaticString)
  /// The instructions of a pointwise program.
  case instructions([UInt16])

  static func == (a: OperationName, b: OperationName) -> Bool {
    switch (a, b) {
    case (.literal(let a), .literal(let b)): a.utf8Start == b.utf8Start
    case (.instructions(let a), .instructions(let b)): a == b
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .literal(let name): hasher.combine(name.utf8Start)
    case .instructions(let operations): hasher.combine(operations)
    }
  }

  /// The name as a table shows it: several instructions are listed, each kind once, with their number.
  var text: String {
    switch self {
    case .literal(let name): return "\(name)"
    case .instructions(let operations):
      if operations.count == 1 { return instructionNames[Int(operations[0])] }
      var kinds: [String] = []
      for operation in operations {
        let name = instructionNames[Int(operation)]
        if !kinds.contains(name) { kinds.append(name) }
      }
      var (text, shown) = (kinds[0], 1)
      while shown < kinds.count, text.count + 2 + kinds[shown].count <= Self.room {
        text += ", " + kinds[shown]
        shown += 1
      }
      return text + (shown < kinds.count ? ", …" : "") + " (\(operations.count))"
    }
  }

  /// Names beyond so many letters are left out.
  private static let room = 21
}

/// The instructions as the functions and operators of tensors are called, in the order of `adj_op`.
private let instructionNames = [
  "negate", "abs", "sign", "square", "relu", "sqrt", "rsqrt", "reciprocal", "floor", "ceil",
  "round", "trunc", "add", "subtract", "multiply", "divide", "floorDivide", "remainder", "fmod",
  "copySign", "maximum", "minimum", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "cbrt",
  "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "sigmoid", "softplus", "erf", "erfc", "erfinv", "lgamma", "digamma", "trigamma", "polygamma",
  "atan2", "hypot", "pow", "equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual",
  "and", "or", "xor", "shiftLeft", "shiftRight", "not", "where", "cast", "cast", "cast", "cast",
  "cast", "cast", "uniform", "normal",
]
