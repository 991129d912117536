import Adjoint

/// How well each vector finds its own partner among all partners of the batch.
///
/// The cross-entropy of cos(a_i, b_j) / temperature with the right answer j = i. Further negatives
/// are partners of none. With `symmetric` it is the mean of both directions, as images and texts are
/// brought together.
///
/// Shapes: vectors `[n, d]`, negatives `[m, d]`; the parts are `[n]`.
///
/// Source: van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding"
/// (2018); the symmetric form is that of Radford et al., CLIP (2021).
/// - Parameters:
///   - anchor: the vectors that look for a partner.
///   - positive: their partners, in the same order.
///   - negatives: further vectors that are no partners.
///   - temperature: the smaller, the more the nearest wrong partners count.
///   - symmetric: whether partners look for the anchors, too; not with negatives.
///   - reduction: how the parts become the result.
public func infoNCELoss(
  anchor: Tensor, positive: Tensor, negatives: Tensor? = nil, temperature: Double = 0.1,
  symmetric: Bool = false, reduction: Loss.Reduction = .mean, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let inputs = LossInputs("infoNCELoss", file, line)
  inputs.requireAlike([("anchor", anchor), ("positive", positive)])
  requirePositive(inputs.name, "temperature", temperature, file, line)
  if anchor.rank != 2 { inputs.fail("needs vectors [n, d], not \(anchor.shape)") }
  if let negatives {
    if symmetric { inputs.fail("the symmetric form takes no negatives") }
    if negatives.dtype != anchor.dtype || negatives.rank != 2
      || negatives.shape[1] != anchor.shape[1]
    {
      inputs.fail(
        "negatives must be \(anchor.dtype) [m, \(anchor.shape[1])], not \(negatives.dtype) "
          + "\(negatives.shape)")
    }
  }
  func directions(_ x: Tensor) -> Tensor { x.normalized(axis: 1) }
  let partners = negatives.map { concatenated([positive, $0], axis: 0) } ?? positive
  let logits = matmul(directions(anchor), directions(partners).transposed()) / temperature
  let labels = Tensor.arange(anchor.shape[0])
  let loss = Loss.crossEntropy().reduced(.none)
  let parts = loss(logits, labels, file: file, line: line)
  if !symmetric { return reduction.reduce(parts) }
  let back = loss(logits.transposed(), labels, file: file, line: line)
  return reduction.reduce(0.5 * (parts + back))
}
