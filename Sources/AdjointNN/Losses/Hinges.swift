import Adjoint

// Losses of targets 1 and -1 of the prediction's shape and dtype. The parts are the elements.

extension Loss {
  /// max(0, 1 - t x)² of every score x for a target t of 1 or -1.
  public static let squaredHinge = Loss("squaredHinge", of: .any) {
    prediction, target, file, line in
    let inputs = LossInputs("squaredHinge", file, line)
    inputs.requireAlike(prediction, target)
    inputs.requireSigns(target)
    return square(relu(1 - target * prediction))
  }

  /// log(1 + e^(-t x)) of every score x for a target t of 1 or -1, without overflow.
  public static let softMargin = Loss("softMargin", of: .any) { prediction, target, file, line in
    let inputs = LossInputs("softMargin", file, line)
    inputs.requireAlike(prediction, target)
    inputs.requireSigns(target)
    return softplus(-(target * prediction))
  }

  /// A distance x for the target 1, max(0, margin - x) for the target -1.
  public static func hingeEmbedding(margin: Double = 1) -> Loss {
    Loss("hingeEmbedding", of: .any) { prediction, target, file, line in
      let inputs = LossInputs("hingeEmbedding", file, line)
      inputs.requireAlike(prediction, target)
      inputs.requireSigns(target)
      return `where`(target .> 0, prediction, relu(margin - prediction))
    }
  }
}

/// max(0, margin - t (a - b)): how far two scores are from the right order.
///
/// Shapes: all three alike; a target is 1 where `a` is to be larger, else -1. The parts are the
/// elements.
public func marginRankingLoss(
  _ a: Tensor, _ b: Tensor, target: Tensor, margin: Double = 0,
  reduction: Loss.Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let inputs = LossInputs("marginRankingLoss", file, line)
  inputs.requireAlike([("first input", a), ("second", b), ("target", target)])
  inputs.requireSigns(target)
  return reduction.reduce(relu(margin - target * (a - b)))
}
