import Adjoint

// Losses that bring vectors together or keep them apart. The parts are the vectors.

/// How much nearer a vector should be to one vector than to another.
///
/// `max(0, |anchor - positive| - |anchor - negative| + margin)` with norms of the order p.
/// `epsilon` is added to every difference, as in PyTorch, so that equal vectors have a derivative.
///
/// Shapes: all three `[..., n]`; the parts are `[...]`. Source: Balntas et al., "Learning local
/// feature descriptors with triplets and shallow convolutional neural networks" (2016).
/// - Parameters:
///   - anchor: the vectors that are compared.
///   - positive: vectors they should be near to.
///   - negative: vectors they should be far from.
///   - margin: by how much the distances should differ.
///   - p: the order of the norm.
///   - epsilon: what is added to differences.
///   - swap: whether the distance of positive and negative counts where it is the smaller one.
///   - reduction: how the parts become the result.
public func tripletMarginLoss(
  anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, p: Double = 2,
  epsilon: Double = 1e-6, swap: Bool = false, reduction: Loss.Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let inputs = LossInputs("tripletMarginLoss", file, line)
  inputs.requireAlike([("anchor", anchor), ("positive", positive), ("negative", negative)])
  requireVectors(anchor, inputs)
  func distance(_ a: Tensor, _ b: Tensor) -> Tensor {
    (a - b + epsilon).norm(order: p, axes: [-1], file: file, line: line)
  }
  var far = distance(anchor, negative)
  if swap { far = minimum(far, distance(positive, negative)) }
  return reduction.reduce(relu(distance(anchor, positive) - far + margin))
}

/// 1 - cos(a, b) for vectors that belong together, max(0, cos(a, b) - margin) for others.
///
/// Shapes: vectors `[..., n]`; targets of their dtype `[...]`, 1 or -1, as are the parts.
public func cosineEmbeddingLoss(
  _ a: Tensor, _ b: Tensor, target: Tensor, margin: Double = 0,
  reduction: Loss.Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let inputs = LossInputs("cosineEmbeddingLoss", file, line)
  inputs.requireAlike([("first input", a), ("second", b)])
  requireVectors(a, inputs)
  if target.dtype != a.dtype || Array(target.shape) != Array(a.shape.dropLast()) {
    inputs.fail(
      "the target must be \(a.dtype) \(Array(a.shape.dropLast())) for vectors \(a.shape), not "
        + "\(target.dtype) \(target.shape)")
  }
  inputs.requireSigns(target)
  let cosine = cosineSimilarity(a, b)
  return reduction.reduce(`where`(target .> 0, 1 - cosine, relu(cosine - margin)))
}

private func requireVectors(_ x: Tensor, _ inputs: LossInputs) {
  if x.rank == 0 { inputs.fail("needs vectors [..., n], not single numbers") }
}
