import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

struct LossTests {
  private let reference: Reference
  private let logits: Tensor
  private let classes: Tensor
  private let soft: Tensor

  init() throws {
    reference = try Reference.read()
    logits = Tensor(reference.logits, shape: [5, 4])
    classes = Tensor(reference.classes, shape: [5])
    soft = Tensor(reference.soft, shape: [5, 4])
  }

  private func check(
    _ expected: Reference.Value, _ loss: (Tensor) -> Tensor, tolerance: Double = 1e-12
  ) throws {
    let (value, gradient) = valueWithGradient(at: logits, loss)
    try expectClose(value, [expected.value], shape: [], tolerance: tolerance)
    try expectClose(gradient, expected.gradient, shape: [5, 4], tolerance: tolerance)
  }

  @Test func `Cross-entropies agree with PyTorch, in value and gradient`() throws {
    try check(reference.crossEntropy) { Loss.softmaxCrossEntropy($0, classes) }
    try check(reference.softCrossEntropy) { Loss.softmaxCrossEntropy($0, soft) }
    let rows = oneHot(classes, count: 4, dtype: .float64)
    try check(reference.crossEntropy) { Loss.softmaxCrossEntropy($0, rows) }
  }

  @Test func `The cross-entropy of probabilities is the same function as that of logits`() throws {
    try check(reference.crossEntropy) { Loss.categoricalCrossEntropy(softmax($0), classes) }
    try check(reference.softCrossEntropy) { Loss.categoricalCrossEntropy(softmax($0), soft) }
  }

  @Test func `The squared error agrees with PyTorch`() throws {
    try check(reference.squaredError) { Loss.meanSquaredError($0, soft) }
  }

  @Test func `A probability that underflowed has a large finite loss and no gradient`() {
    let p = Tensor([[0.0, 1.0]])
    let (value, gradient) = valueWithGradient(at: p) {
      Loss.categoricalCrossEntropy($0, Tensor([0] as [Int]))
    }
    #expect(abs(value.scalar - 87.3365) < 1e-3)
    #expect(gradient.scalars == [0, 0])
    let unknown = Loss.categoricalCrossEntropy(Tensor([[.nan, 1]]), Tensor([0] as [Int]))
    #expect(unknown.scalar.isNaN)
  }

  @Test func `A stack that ends with softmax is judged by its logits`() {
    // The probabilities would be 1 and 0 in float32; the loss is 1000 all the same.
    let model = Sequential { Softmax() }
    let found = model.evaluate(
      Tensor([[1000.0, 0.0]]), Tensor([1] as [Int]), loss: .categoricalCrossEntropy,
      metrics: [.accuracy], verbose: .silent)
    #expect(found.loss == 1000)
    #expect(found.accuracy == 0)
  }

  @Test func `A model of one's own can offer its logits, or not`() {
    final class Classifier: Layer {
      let body = Sequential { ReLU() }
      let offersLogits: Bool
      init(offersLogits: Bool) { self.offersLogits = offersLogits }
      func forward(_ x: Tensor) -> Tensor { softmax(body(x)) }
      var beforeSoftmax: (any Layer)? { offersLogits ? body : nil }
    }
    func loss(_ model: Classifier) -> Double {
      model.evaluate(
        Tensor([[1000.0, 0.0]]), Tensor([1] as [Int]), loss: .categoricalCrossEntropy,
        verbose: .silent
      ).loss
    }
    #expect(loss(Classifier(offersLogits: true)) == 1000)
    #expect(abs(loss(Classifier(offersLogits: false)) - 87.3365) < 1e-3)
  }

  @Test func `Accuracy takes probabilities or logits, and integers or one-hot rows`() {
    let predictions = Tensor([[0.1, 0.9], [0.8, 0.2], [-3, -4]])
    let classes = Tensor([1, 1, 0] as [UInt8])
    #expect(Metric.accuracy(predictions, classes) == 2.0 / 3)
    #expect(Metric.accuracy(predictions, oneHot(classes, count: 2)) == 2.0 / 3)
  }

  @Test func `A metric of one's own gets the model's output, also where the loss takes logits`() {
    let confidence = Metric("confidence") { prediction, _ in prediction.max(axes: [1]) }
    let found = Sequential { Softmax() }.evaluate(
      Tensor([[1.0, 1.0], [1000.0, 0.0]]), Tensor([1, 0] as [Int]), loss: .categoricalCrossEntropy,
      metrics: [confidence, .accuracy], verbose: .silent)
    #expect(found["confidence"] == 0.75)
    #expect(found.accuracy == 0.5)
  }
}
