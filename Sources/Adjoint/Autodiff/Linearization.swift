/// A function of tensors, recorded at a point: its derivative there as a linear map in both
/// directions.
struct Linearization {
  /// The result, in the graph.
  let output: Tensor
  /// The inputs as variables of this function alone.
  private let variables: [Tensor]
  /// Whether the function depends on variables from outside.
  private let isNested: Bool

  init(
    _ name: String, at inputs: [Tensor], _ file: StaticString, _ line: UInt,
    _ f: ([Tensor]) throws -> Tensor
  ) rethrows {
    (variables, output) = try Recording.$isOn.withValue(true) {
      let variables = inputs.map { $0.tracked(file: file, line: line) }
      return (variables, try f(variables))
    }
    if !output.dtype.isFloatingPoint {
      programmingError(
        name,
        "the function gives \(output.dtype) \(output.shape); only floating tensors have "
          + "derivatives", file: file, line: line)
    }
    var meetsOlderNodes = false
    if let root = output.node {
      let sweep = Sweep(to: variables.map { $0.node! }, from: root)
      meetsOlderNodes = sweep.meetsOlderNodes
      sweep.leave()
    }
    isNested = meetsOlderNodes
  }

  /// The value, in the graph only if somebody outside can ask for its derivatives.
  var value: Tensor { isNested && Recording.isOn ? output : output.detached }

  /// The transposed Jacobians times a cotangent.
  func pulledBack(_ cotangent: Tensor) -> [Tensor] {
    let records = Recording.isOn && (isNested || cotangent.isTracked)
    return sweep(output, to: variables, seed: cotangent, records: records)
  }

  /// The sum of the Jacobians times tangents.
  func pushedForward(_ tangents: [Tensor]) -> Tensor {
    let (cotangent, pulled) = transposed()
    let slope = innerProduct("jvp", pulled, tangents)
    let records = Recording.isOn && (isNested || tangents.contains(where: \.isTracked))
    return sweep(slope, to: [cotangent], seed: Tensor.ones([]), records: records)[0]
  }

  /// The columns of the Jacobian for input number `index`, one for each cotangent of that input.
  func columns(of index: Int, _ tangents: some Sequence<Tensor>) -> [Tensor] {
    let (cotangent, pulled) = transposed()
    return tangents.map {
      sweep(pulled[index], to: [cotangent], seed: $0, records: isNested && Recording.isOn)[0]
    }
  }

  /// The pullback as a function in the graph: linear in its argument, so that its own pullback is
  /// the Jacobian itself, wherever the argument is.
  private func transposed() -> (cotangent: Tensor, pulled: [Tensor]) {
    let cotangent = Tensor.zeros(output.shape, dtype: output.dtype).tracked()
    return (cotangent, sweep(output, to: variables, seed: cotangent, records: true))
  }

  private func sweep(
    _ y: Tensor, to targets: [Tensor], seed: Tensor, records: Bool
  ) -> [Tensor] {
    guard let root = y.node else { return targets.map { Tensor.zeros($0.shape, dtype: $0.dtype) } }
    var sweep = Sweep(to: targets.map { $0.node! }, from: root)
    return Recording.$isOn.withValue(records) { sweep.run(seed: seed) }
  }
}

/// A stand-in for the sum of all products `a * b`, of which only the derivative is ever asked for.
///
/// Nothing is computed, and what the elements of `a` still wait for stays undone. The gradient that
/// comes in must be 1. The edges to `b` let a sweep see what the derivative depends on.
func innerProduct(_ name: StaticString, _ a: [Tensor], _ b: [Tensor]) -> Tensor {
  let pairs = zip(a, b).flatMap { x, y in
    [(x, Rule.gradient { _ in y }), (y, .gradient { _ in x })]
  }
  return Recording.$isOn.withValue(true) { Tensor.zeros([]).recorded(name, pairs) }
}
