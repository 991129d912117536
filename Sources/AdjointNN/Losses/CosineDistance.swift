import Adjoint

extension Loss {
  /// 1 - cos(prediction, target) of vectors along the last axis: 0 where they have one direction.
  ///
  /// Keras's `CosineSimilarity` is smaller by 1. A vector of zeros has the distance 1.
  ///
  /// Shapes: both `[..., n]`; the parts are `[...]`.
  public static let cosineDistance = Loss("cosineDistance", of: .any) {
    prediction, target, file, line in
    let inputs = LossInputs("cosineDistance", file, line)
    inputs.requireAlike(prediction, target)
    if prediction.rank == 0 { inputs.fail("needs vectors [..., n], not single numbers") }
    return 1 - cosineSimilarity(prediction, target)
  }
}
