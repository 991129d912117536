import Adjoint

/// How much each row counts in training, by its class.
struct ClassWeights {
  private let table: Tensor
  private let file: StaticString
  private let line: UInt

  /// Nil if there are no weights.
  init?(_ weights: [Int: Double], _ file: StaticString, _ line: UInt) {
    guard let last = weights.keys.max() else { return nil }
    (self.file, self.line) = (file, line)
    for (label, weight) in weights where label < 0 || label > 1 << 20 || !(weight >= 0) {
      programmingError(
        "fit", "the class weight \(weight) of class \(label) has no meaning", file: file, line: line
      )
    }
    // Labels beyond the table share its last entry, the weight of classes that are not named.
    table = Tensor((0...last + 1).map { weights[$0] ?? 1 }, dtype: .float32)
  }

  /// The weight of every row, for targets `[n]` or `[n, 1]` of labels or `[n, classes]` one-hot rows.
  func callAsFunction(_ target: Tensor) -> Tensor {
    let rows = target.shape[0]
    if target.rank > 2 {
      programmingError(
        "fit", "class weights need targets [n], [n, 1] or [n, classes], not \(target.shape)",
        file: file, line: line)
    }
    let isOneHot = target.rank == 2 && target.shape[1] != 1
    let labels = isOneHot ? target.argMax(axis: 1) : target.reshaped([rows]).cast(to: .int64)
    let limit = Tensor([table.elementCount - 1], shape: [])
    return table.gathering(minimum(labels, limit), file: file, line: line)
  }

  /// The batch with weights that take in the class weights.
  func applied(to batch: [Tensor]) -> [Tensor] {
    let weights = self(batch[1])
    let all = batch.count == 3 ? weights * batch[2].cast(to: .float32) : weights
    return [batch[0], batch[1], all]
  }
}
