import Adjoint
import Foundation
import Testing

@Suite("The gradient table")
struct GradientTableTests {
  @Test(
    "derivatives of orders 1 and 2 agree with central differences", arguments: GradientTable.rows)
  func agrees(_ row: GradientRow) {
    expectRight(row, row.domain.inputs(row.shapes))
  }

  @Test(
    "derivatives agree where inputs and cotangents are transposed views",
    arguments: GradientTable.rows.filter { $0.shapes.contains { $0.rank > 1 } })
  func agreesOnViews(_ row: GradientRow) {
    func reversed(_ x: Tensor) -> Tensor { x.permuted(Array((0..<x.rank).reversed())) }
    let inputs = row.domain.inputs(row.shapes).map { reversed($0.asTransposedView) }
    expectRight(row, inputs) { reversed(row.function($0.map(reversed))) }
  }

  @Test(
    "derivatives agree for constant cotangents",
    arguments: GradientTable.rows.filter { $0.operations != ["cast"] })
  func agreesUnderSum(_ row: GradientRow) {
    // The cotangent is then a broadcast view of one number, and a sum of squares needs a value too.
    expectRight(row, row.domain.inputs(row.shapes, seed: 4)) {
      let y = row.function($0)
      return (y * y).sum() + 3 * y.sum()
    }
  }

  @Test("derivatives agree where an axis has one element or none", arguments: GradientTable.rows)
  func agreesOnAwkwardSizes(_ row: GradientRow) {
    let sizes = Set(row.shapes.joined()).subtracting(row.fixedSizes).subtracting([1])
    for size in sizes.sorted() {
      for replacement in row.allowsEmpty ? [1, 0] : [1] {
        let shapes = row.shapes.map { Shape($0.map { $0 == size ? replacement : $0 }) }
        expectRight(row, row.domain.inputs(shapes), "shapes \(shapes)")
      }
    }
  }

  @Test(
    "derivatives agree for operands that broadcast",
    arguments: GradientTable.rows.filter(\.broadcasts))
  func agreesWhenBroadcasting(_ row: GradientRow) {
    let pairs: [[Shape]] = [
      [[2, 3], [3]], [[2, 1], [1, 3]], [[], [2, 3]], [[1], [2, 3]], [[4, 1, 3], [2, 1]],
      [[1, 1], [2]], [[0, 1], [1, 3]], [[], []], [[1], [0]],
    ]
    for pair in pairs + pairs.map({ $0.reversed() }) {
      expectRight(row, row.domain.inputs(pair), "shapes \(pair)")
    }
  }

  @Test(
    "derivatives add up where the same tensor is passed twice",
    arguments: GradientTable.rows.filter { $0.shapes.count == 2 && $0.shapes[0] == $0.shapes[1] })
  func addsUp(_ row: GradientRow) {
    let x = row.domain.inputs(row.shapes)[0]
    // Fractional powers need a positive base, which the first input has.
    expectRight(row, [x]) { row.function([$0[0], $0[0]]) }
  }

  @Test(
    "derivatives agree where only one input is a variable",
    arguments: GradientTable.rows.filter { $0.shapes.count > 1 })
  func agreesWithConstants(_ row: GradientRow) {
    let inputs = row.domain.inputs(row.shapes)
    for index in inputs.indices {
      expectRight(row, [inputs[index]], "input \(index) alone") { x in
        var all = inputs
        all[index] = x[0]
        return row.function(all)
      }
    }
  }

  @Test("two sweeps give the same bits", arguments: GradientTable.rows)
  func isDeterministic(_ row: GradientRow) {
    let inputs = row.domain.inputs(row.shapes)
    let (first, second) = (sweep(row.function, inputs), sweep(row.function, inputs))
    for (a, b) in zip(first, second) { expectIdentical(a, b) }
  }

  @Test("derivatives in float32 are those in float64, rounded", arguments: GradientTable.rows)
  func agreesInSinglePrecision(_ row: GradientRow) {
    if row.operations == ["cast"] { return }
    let inputs = row.domain.inputs(row.shapes).map { $0.cast(to: .float32) }
    let single = sweep(row.function, inputs)
    let double = sweep(row.function, inputs.map { $0.cast(to: .float64) })
    for (a, b) in zip(single, double) {
      expectClose(a.cast(to: .float64), b, absolute: 1e-4, relative: 1e-4)
      #expect(a.dtype == .float32)
    }
  }

  // MARK: Completeness

  @Test("every operation that records a derivative has a row")
  func recordedOperationsHaveRows() throws {
    let call = /(?:recorded|unary|binary|extreme|rows|view|Node)\(\s*"(?<name>[^"]+)"/
    var found: Set<String> = []
    for text in try sources(in: "") {
      for match in text.matches(of: call) { found.insert(String(match.name)) }
    }
    #expect(found.count > 50, "the pattern must have found the operations")
    var listed = Set(GradientTable.rows.flatMap(\.operations)).union(GradientTable.testedElsewhere)
    for (name, through) in GradientTable.reachedThrough where listed.contains(through) {
      listed.insert(name)
    }
    #expect(found.subtracting(listed) == [], "without a row in the gradient table")
  }

  @Test("every public function of tensors has a row or is listed as without derivative")
  func publicFunctionsHaveRows() throws {
    let declaration = /public (?:static )?(?:prefix )?func (?<name>[^\s(<]+)\s*\(/
    let names = GradientTable.rows.map(\.name)
    for text in try sources(in: "Operations") {
      for match in text.matches(of: declaration) {
        let name = match.name.filter { $0 != "`" }
        let isListed = GradientTable.withoutDerivative.contains(name)
        let isAssignment = ["+=", "-=", "*=", "/="].contains(name)
        #expect(isListed || isAssignment || names.contains { $0.contains(name) }, "\(name)")
      }
    }
  }

  private func sources(in folder: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Adjoint").appending(path: folder).standardizedFileURL
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    return try paths.filter { $0.hasSuffix(".swift") }.map {
      try String(contentsOf: root.appending(path: $0), encoding: .utf8)
    }
  }

  // MARK: Checks

  /// Compares at orders 1 and 2; without any element there is nothing to compare but shapes.
  private func expectRight(
    _ row: GradientRow, _ inputs: [Tensor], _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation,
    _ function: (([Tensor]) -> Tensor)? = nil
  ) {
    let f = function ?? row.function
    for (input, gradient) in zip(inputs, sweep(f, inputs)) {
      #expect(gradient.shape == input.shape, "\(row) \(comment)", sourceLocation: sourceLocation)
    }
    if inputs.allSatisfy({ $0.elementCount == 0 }) { return }
    let report = checkGradients(of: f, at: inputs, absolute: row.tolerance)
    #expect(report.passed, "\(row) \(comment): \(report)", sourceLocation: sourceLocation)
  }

  /// The gradients of `f`'s elements, weighted with random numbers.
  private func sweep(_ f: ([Tensor]) -> Tensor, _ inputs: [Tensor]) -> [Tensor] {
    let variables = inputs.map { $0.tracked() }
    let y = f(variables)
    var generator = Generator(seed: 11)
    let weights = Tensor.uniform(y.shape, in: -1...1, dtype: .float64, using: &generator)
    return gradients(of: y, withRespectTo: variables, cotangent: weights.cast(to: y.dtype))
  }
}
