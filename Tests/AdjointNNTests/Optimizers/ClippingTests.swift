import Adjoint
import AdjointNN
import Testing

struct ClippingTests {
  private static let clippings: [(String, GradientClipping)] = [
    ("value", .value(0.5)), ("global norm", .globalNorm(1.5)),
    ("global norm, large", .globalNorm(100)), ("norm", .norm(1.5)),
    ("adaptive", .adaptive(factor: 0.3)),
    ("adaptive, large epsilon", .adaptive(factor: 0.5, epsilon: 2)),
  ]
  private static let names = ["weight", "bias", "scale", "kernel"]

  private func gradients(_ values: [[Double]], _ problem: WavyProblem) -> Gradients {
    let tensors = zip(problem.parameters, values).map {
      Tensor($1, shape: $0.shape, dtype: .float64)
    }
    return Gradients(tensors, of: problem.parameters)
  }

  @Test(arguments: clippings)
  func `Clipped gradients are those of PyTorch or of the paper`(
    _ name: String, _ clipping: GradientClipping
  ) throws {
    let expected = try #require(OptimizerReference.shared?.clippings[name])
    let problem = try WavyProblem()
    #expect(problem.namedParameters.map(\.name) == Self.names)
    let before = gradients(expected.before, problem)
    let after = before.clipped(clipping)
    for (parameter, values) in zip(problem.parameters, expected.after) {
      try expectClose(after[parameter], values, shape: parameter.shape, tolerance: 1e-14)
    }
    if let norm = expected.norm { #expect(abs(before.globalNorm - norm) < 1e-14 * norm) }
  }

  @Test func `Every clipping of the reference is tested`() throws {
    let keys = try #require(OptimizerReference.shared).clippings.keys
    #expect(Set(keys) == Set(Self.clippings.map(\.0)))
  }

  @Test func `An optimizer clips before its step`() throws {
    let (a, b) = (try WavyProblem(), try WavyProblem())
    let (clipping, plain) = (SGD(learningRate: 0.1), SGD(learningRate: 0.1))
    clipping.clipping = .globalNorm(0.1)
    _ = a.step(clipping)
    let (_, gradients) = valueWithGradients(of: b) { b.loss() }
    #expect(gradients.globalNorm > 0.2)
    plain.update(b, gradients.clipped(.globalNorm(0.1)))
    #expect(a.numbers == b.numbers)
  }

  @Test func `A norm that is not a number shows, and reaches all gradients`() throws {
    let problem = try WavyProblem()
    let values = [[Double]](arrayLiteral: [.nan] + Array(repeating: 1, count: 11))
    let bad = Gradients(
      [Tensor(values[0], shape: [4, 3], dtype: .float64), Tensor.ones([4], dtype: .float64)],
      of: [problem.weight, problem.bias])
    #expect(bad.globalNorm.isNaN)
    #expect(bad.clipped(.globalNorm(1))[problem.bias]?.scalars.allSatisfy(\.isNaN) == true)
  }

  @Test func `Gradients are scaled and averaged`() throws {
    let problem = try WavyProblem()
    let (_, g) = valueWithGradients(of: problem) { problem.loss() }
    let (_, double) = valueWithGradients(of: problem) { problem.loss() * 2 }
    let mean = Gradients.mean([g, double, g * 3])
    for parameter in problem.parameters {
      try expectClose((g * 2)[parameter], double[parameter]?.scalars ?? [])
      try expectClose(mean[parameter], double[parameter]?.scalars ?? [])
    }
    #expect(abs((g * 3).globalNorm - 3 * g.globalNorm) < 1e-12)
  }
}
