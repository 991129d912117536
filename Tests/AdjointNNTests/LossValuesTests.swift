import Adjoint
import AdjointNN
import Foundation
import Testing

/// What PyTorch computes; see Fixtures/make_losses.py.
struct LossReference: Decodable, Sendable {
  struct Array: Decodable { let value: [Double], shape: [Int] }
  struct Result: Decodable {
    let value: [Double]
    let shape: [Int]
    let gradients: [[Double]]
  }
  struct Case: Decodable {
    let inputs: [String]
    let mean, sum, none: Result
  }

  let inputs: [String: Array]
  let cases: [String: Case]

  static let shared = Swift.Result {
    try JSONDecoder().decode(LossReference.self, from: Data(contentsOf: fixture("losses.json")))
  }

  /// An input by its name; labels are integers.
  func tensor(_ name: String) throws -> Tensor {
    let array = try #require(inputs[name])
    let tensor = Tensor(array.value, shape: Shape(array.shape))
    return name.lowercased().hasSuffix("labels") ? tensor.cast(to: .int64) : tensor
  }
}

/// A loss as a function of the tensors it is differentiated by.
struct LossRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// What tells the other inputs by their names.
  typealias Named = (String) throws -> Tensor
  let run: @Sendable (_ points: [Tensor], Loss.Reduction, Named) throws -> Tensor

  init(
    _ name: String,
    _ run: @escaping @Sendable (_ points: [Tensor], Loss.Reduction, Named) throws -> Tensor
  ) {
    (testDescription, self.run) = (name, run)
  }

  /// A loss against a named target, or one that is differentiated by too.
  init(_ name: String, _ target: String? = nil, _ loss: @escaping @Sendable (Tensor) -> Loss) {
    self.init(name) { points, reduction, named in
      let loss = loss(try named("weights")).reduced(reduction)
      return loss(points[0], try target.map(named) ?? points[1])
    }
  }
}

struct LossValuesTests {
  static let rows =
    [
      LossRow("meanSquaredError") { _ in .meanSquaredError },
      LossRow("meanAbsoluteError") { _ in .meanAbsoluteError },
      LossRow("huber 0.5") { _ in .huber(delta: 0.5) },
      LossRow("huber 1.0") { _ in .huber() },
      LossRow("huber 2.0") { _ in .huber(delta: 2) },
      LossRow("smoothL1 0.5") { _ in .smoothL1(beta: 0.5) },
      LossRow("smoothL1 1.0") { _ in .smoothL1() },
      LossRow("smoothL1 2.0") { _ in .smoothL1(beta: 2) },
      LossRow("logCosh") { _ in .logCosh },
      LossRow("binaryCrossEntropy") { _ in .binaryCrossEntropy },
      LossRow("binaryCrossEntropyWithLogits") { _ in .binaryCrossEntropyWithLogits() },
      LossRow("binaryCrossEntropyWithLogits weighted", "soft") {
        .binaryCrossEntropyWithLogits(positiveWeight: $0)
      },
      LossRow("multiLabelSoftMargin", "multiHot") { _ in .multiLabelSoftMargin },
      LossRow("negativeLogLikelihood", "labels") { _ in .negativeLogLikelihood() },
      LossRow("negativeLogLikelihood weighted", "labels") {
        .negativeLogLikelihood(classWeights: $0, ignoredLabel: 0)
      },
      LossRow("negativeLogLikelihood image", "imageLabels") {
        .negativeLogLikelihood(classWeights: $0, ignoredLabel: 2)
      },
      LossRow("softmaxCrossEntropy", "labels") { _ in .softmaxCrossEntropy },
    ] + moreRows

  private static let moreRows = [
    LossRow("crossEntropy", "labels") {
      .crossEntropy(labelSmoothing: 0.1, classWeights: $0, ignoredLabel: 0)
    },
    LossRow("crossEntropy smooth", "labels") { _ in .crossEntropy(labelSmoothing: 0.2) },
    LossRow("crossEntropy soft", "soft") { .crossEntropy(labelSmoothing: 0.1, classWeights: $0) },
    LossRow("crossEntropy image", "imageLabels") { _ in .crossEntropy(ignoredLabel: 1) },
    LossRow("klDivergence") { _ in .klDivergence },
    LossRow("poisson", "counts") { _ in .poisson() },
    LossRow("poisson full", "counts") { _ in .poisson(full: true) },
    LossRow("poisson rates", "counts") { _ in .poisson(logInput: false) },
    LossRow("squaredHinge", "signs") { _ in .squaredHinge },
    LossRow("softMargin", "signs") { _ in .softMargin },
    LossRow("hingeEmbedding", "signs") { _ in .hingeEmbedding(margin: 0.7) },
    LossRow("multiMargin", "labels") { _ in .multiMargin() },
    LossRow("multiMargin squared", "labels") {
      .multiMargin(power: 2, margin: 0.8, classWeights: $0)
    },
    LossRow("multiLabelMargin", "multiHot") { _ in .multiLabelMargin },
    gaussian(full: false),
    gaussian(full: true),
    triplet(p: 2, swap: false),
    triplet(p: 1, swap: true),
    triplet(p: 3, swap: false),
    LossRow("marginRanking") { points, reduction, named in
      marginRankingLoss(
        points[0], points[1], target: try named("signs"), margin: 0.3, reduction: reduction)
    },
    LossRow("cosineEmbedding") { points, reduction, named in
      cosineEmbeddingLoss(
        points[0], points[1], target: try named("rowSigns"), margin: -0.6, reduction: reduction)
    },
  ]

  private static func gaussian(full: Bool) -> LossRow {
    LossRow("gaussian \(full)") { points, reduction, _ in
      gaussianNegativeLogLikelihoodLoss(
        mean: points[0], variance: points[1], target: points[2], full: full, reduction: reduction)
    }
  }

  private static func triplet(p: Double, swap: Bool) -> LossRow {
    LossRow("triplet \(p) \(swap)") { points, reduction, _ in
      tripletMarginLoss(
        anchor: points[0], positive: points[1], negative: points[2], margin: 2, p: p, swap: swap,
        reduction: reduction)
    }
  }

  private let reference: LossReference

  init() throws { reference = try LossReference.shared.get() }

  @Test func `Every loss of the fixture has a row, and every row a loss`() {
    #expect(Set(Self.rows.map(\.testDescription)) == Set(reference.cases.keys))
    #expect(Self.rows.count == reference.cases.count)
  }

  @Test(arguments: rows)
  func `Values and gradients of every reduction agree with PyTorch`(_ row: LossRow) throws {
    try reference.expectAgreement(of: row)
  }

  @Test(arguments: rows)
  func `Derivatives agree with differences, in order 1 and 2`(_ row: LossRow) throws {
    try reference.expectDerivatives(of: row)
  }

  @Test(arguments: rows)
  func `Losses work in single precision`(_ row: LossRow) throws {
    try reference.expectSinglePrecision(of: row)
  }
}

extension LossReference {
  /// Values and gradients of every reduction are PyTorch's.
  func expectAgreement(of row: LossRow) throws {
    let found = try #require(cases[row.testDescription])
    let points = try found.inputs.map(tensor)
    let all: [(Loss.Reduction, LossReference.Result)] = [
      (.mean, found.mean), (.sum, found.sum), (.none, found.none),
    ]
    for (reduction, expected) in all {
      let value = try row.run(points, reduction, tensor)
      try expectClose(value, expected.value, shape: Shape(expected.shape), tolerance: 1e-11)
      let weights = Tensor.arange(value.elementCount).cast(to: .float64) + 1
      for index in points.indices {
        let (_, gradient) = try valueWithGradient(at: points[index]) { point in
          var points = points
          points[index] = point
          let value = try row.run(points, reduction, tensor)
          return (value * weights.reshaped(value.shape)).sum()
        }
        try expectClose(gradient, expected.gradients[index], tolerance: 1e-10)
      }
    }
  }

  /// Derivatives of orders 1 and 2 agree with differences.
  func expectDerivatives(of row: LossRow) throws {
    let found = try #require(cases[row.testDescription])
    let points = try found.inputs.map(tensor)
    for reduction in [Loss.Reduction.mean, .sum, .none] {
      let report = checkGradients(
        of: { points in
          do { return try row.run(points, reduction, tensor) } catch {
            Issue.record(error)
            return Tensor(0)
          }
        }, at: points)
      #expect(report.passed, "\(report)")
    }
  }

  func expectSinglePrecision(of row: LossRow) throws {
    let found = try #require(cases[row.testDescription])
    let single: LossRow.Named = { name in
      let found = try tensor(name)
      return found.dtype == .float64 ? found.cast(to: .float32) : found
    }
    let value = try row.run(try found.inputs.map(single), .none, single)
    #expect(value.dtype == .float32)
    try expectClose(value, found.none.value, shape: Shape(found.none.shape), tolerance: 1e-5)
  }
}
