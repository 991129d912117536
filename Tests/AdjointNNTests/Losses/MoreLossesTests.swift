import Adjoint
import AdjointNN
import Foundation
import Testing

/// Against Fixtures/make_more_losses.py.
struct MoreLossesTests {
  static let rows: [LossRow] =
    [
      LossRow("hinge", "signs") { _ in .hinge },
      LossRow("cosineDistance") { _ in .cosineDistance },
      LossRow("focal 0.0", "labels") { _ in .focal(gamma: 0) },
      LossRow("focal 0.5", "labels") { _ in .focal(gamma: 0.5) },
      LossRow("focal 1.0", "labels") { _ in .focal(gamma: 1) },
      LossRow("focal 2.0", "labels") { _ in .focal() },
      LossRow("focal weighted", "labels") { .focal(classWeights: $0) },
      LossRow("focal image", "imageLabels") { _ in .focal() },
      LossRow("binaryFocal") { _ in .binaryFocalWithLogits() },
      LossRow("binaryFocal plain") { _ in .binaryFocalWithLogits(alpha: nil, gamma: 0.5) },
      LossRow("dice", "maskTargets") { _ in .dice() },
      LossRow("dice rows") { _ in .dice(epsilon: 1) },
    ] + functions

  private static let functions: [LossRow] = [
    LossRow("infoNCE") { points, reduction, _ in
      infoNCELoss(anchor: points[0], positive: points[1], reduction: reduction)
    },
    LossRow("infoNCE symmetric") { points, reduction, _ in
      infoNCELoss(
        anchor: points[0], positive: points[1], temperature: 0.5, symmetric: true,
        reduction: reduction)
    },
    LossRow("infoNCE negatives") { points, reduction, _ in
      infoNCELoss(
        anchor: points[0], positive: points[1], negatives: points[2], temperature: 0.2,
        reduction: reduction)
    },
    ctc("ctc", "sequenceLabels", "inputLengthLabels", "labelLengthLabels"),
    ctc(
      "ctc impossible", "sequenceLabels", "shortLengthLabels", "allLengthLabels",
      zeroInfinity: true),
    ctc("ctc last blank", "lastBlankLabels", "inputLengthLabels", "allLengthLabels", blank: 4),
  ]

  private static func ctc(
    _ name: String, _ labels: String, _ lengths: String, _ labelLengths: String, blank: Int = 0,
    zeroInfinity: Bool = false
  ) -> LossRow {
    LossRow(name) { points, reduction, named in
      ctcLoss(
        logProbabilities: logSoftmax(points[0], axis: 2), labels: try named(labels),
        inputLengths: try named(lengths), labelLengths: try named(labelLengths), blank: blank,
        zeroInfinity: zeroInfinity, reduction: reduction)
    }
  }

  private static let shared = Result {
    try JSONDecoder().decode(
      LossReference.self, from: Data(contentsOf: moreFixture("more_losses.json")))
  }
  private let reference: LossReference

  init() throws { reference = try Self.shared.get() }

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

  @Test func `A sequence that cannot give its labels has an infinite loss and no gradient`() {
    let x = random([3, 1, 3])
    let labels = Tensor([[1, 1]] as [[Int]])
    func loss(_ x: Tensor, times: Int) -> Tensor {
      ctcLoss(
        logProbabilities: logSoftmax(x, axis: 2), labels: labels,
        inputLengths: Tensor([times] as [Int]))
    }
    #expect(loss(x, times: 3).scalar.isFinite)
    #expect(loss(x, times: 2).scalar == .infinity)
    #expect(loss(x, times: 0).scalar == .infinity)
    let (_, gradient) = valueWithGradient(at: x) { loss($0, times: 2) }
    #expect(gradient.scalars.allSatisfy { $0 == 0 })
    let none = ctcLoss(
      logProbabilities: logSoftmax(x, axis: 2), labels: labels, inputLengths: Tensor([0] as [Int]),
      labelLengths: Tensor([0] as [Int]))
    #expect(none.scalar == 0)
  }

  @Test func `Probabilities of zero are borne by CTC`() {
    let zero = -Double.infinity
    let logs = Tensor(
      [[[zero, 0, zero]], [[0, zero, zero]], [[zero, 0, zero]]], dtype: .float64)
    let sure = ctcLoss(logProbabilities: logs, labels: Tensor([[1, 1]] as [[Int]]))
    #expect(abs(sure.scalar) < 1e-12)
    let never = ctcLoss(logProbabilities: logs, labels: Tensor([[2]] as [[Int]]))
    #expect(never.scalar == .infinity)
  }

  @Test func `Wrong inputs are named`() async {
    let blank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctcLoss(logProbabilities: Tensor.zeros([4, 1, 3]), labels: Tensor([[0]] as [[Int]]))
    }
    #expect(errors(blank).contains("ctcLoss: the blank 0 is among the labels"))
    let length = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctcLoss(
        logProbabilities: Tensor.zeros([4, 1, 3]), labels: Tensor([[1]] as [[Int]]),
        inputLengths: Tensor([5] as [Int]))
    }
    #expect(errors(length).contains("ctcLoss: inputLengths must be integers [1] in 0 ... 4"))
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctcLoss(logProbabilities: Tensor.zeros([4, 3]), labels: Tensor([[1]] as [[Int]]))
    }
    #expect(errors(shapes).contains("needs [time, n, classes] and integers [n, labels]"))
    let gamma = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.focal(gamma: -1)
    }
    #expect(errors(gamma).contains("focal: gamma must be 0 or more and finite, not -1.0"))
    let negatives = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2, 3])
      _ = infoNCELoss(anchor: x, positive: x, negatives: Tensor.zeros([2, 4]))
    }
    #expect(errors(negatives).contains("infoNCELoss: negatives must be float32 [m, 3]"))
    let dice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.dice()(Tensor.zeros([2]), Tensor.zeros([2]))
    }
    #expect(errors(dice).contains("dice: needs [n, elements] or [n, classes, ...], not [2]"))
  }
}

/// A file of the folder of fixtures, from a folder beside it.
func moreFixture(_ name: String, file: String = #filePath) -> URL {
  URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures").appending(path: name)
}
