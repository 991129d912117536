import Adjoint

/// How often each class was taken for each class.
///
/// ```swift
/// var matrix = ConfusionMatrix()
/// matrix.update(model.predict(x), labels)
/// print(matrix.counts)        // row: the right class; column: the prediction
/// ```
///
/// Shapes: predictions `[n, classes]`, of which the largest counts, with targets `[n]` integers or
/// `[n, classes]` one-hot rows; or predictions `[n]` or `[n, 1]` of the probability of class 1, with
/// targets 0 or 1 of that shape or `[n]`.
public struct ConfusionMatrix: Sendable {
  /// The number of classes; 0 until the first batch.
  public private(set) var classCount = 0
  /// A single probability above it means class 1.
  public let threshold: Double
  private var cells: [Int] = []

  /// A matrix of no predictions yet.
  public init(threshold: Double = 0.5) { self.threshold = threshold }

  /// The counts, int64 `[classes, classes]`: rows are the right classes, columns the predictions.
  public var counts: Tensor { Tensor(cells, shape: [classCount, classCount]) }

  /// Takes in the predictions and targets of a batch.
  public mutating func update(
    _ prediction: Tensor, _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    func fail(_ message: String) -> Never {
      programmingError("ConfusionMatrix", message, file: file, line: line)
    }
    let rows = prediction.shape.first ?? 0
    let isSingle = prediction.rank == 1 || prediction.rank == 2 && prediction.shape[1] == 1
    let fits = target.shape == [rows] || target.shape == prediction.shape
    if !(isSingle || prediction.rank == 2) || !fits {
      fail(
        "predictions \(prediction.shape) and targets \(target.shape) do not fit: needs [n, classes] "
          + "with [n] or [n, classes], or [n] with [n]")
    }
    let count = isSingle ? 2 : prediction.shape[1]
    if classCount == 0 {
      classCount = count
      cells = Array(repeating: 0, count: count * count)
    }
    if count != classCount { fail("there were \(classCount) classes, now there are \(count)") }
    let guesses =
      isSingle
      ? (prediction.reshaped([rows]) .> Tensor(threshold, dtype: prediction.dtype)).cast(to: .int64)
      : prediction.argMax(axis: 1)
    let truths =
      isSingle || target.rank == 1
      ? target.reshaped([rows]).cast(to: .int64) : target.argMax(axis: 1)
    let bound = Tensor([count], shape: [])
    if ((truths .< 0) .| (truths .>= bound)).sum().scalar > 0 {
      fail("a label is not in 0 ..< \(count), the number of classes")
    }
    let places = truths * bound + guesses
    let found = places.binCount(minimumCount: count * count).scalars(as: Int.self)
    for (index, number) in found.enumerated() { cells[index] += number }
  }

  subscript(_ truth: Int, _ guess: Int) -> Int { cells[truth * classCount + guess] }

  /// The cells, row by row.
  var accumulated: [Double] {
    get { cells.map(Double.init) }
    set {
      let side = Int(Double(newValue.count).squareRoot())
      let counts = newValue.compactMap { Int(exactly: $0) }
      guard side * side == newValue.count, counts.count == newValue.count else { return }
      (classCount, cells) = (side, counts)
    }
  }
}
