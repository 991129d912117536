import Adjoint

/// The means and variances of channels that a layer gathers in training and uses at inference.
///
/// In a state dictionary they are `running_mean`, `running_var` and `num_batches_tracked`, as in
/// PyTorch.
struct RunningStatistics {
  let mean: Buffer
  let variance: Buffer
  let batches: Buffer

  init(channels: Int, dtype: DType) {
    mean = Buffer(Tensor.zeros([channels], dtype: dtype))
    variance = Buffer(Tensor.full([channels], 1, dtype: dtype))
    batches = Buffer(Tensor(0, dtype: .int64))
  }

  /// Takes a batch into account.
  /// - Parameters:
  ///   - variance: the mean squared deviation of `count` elements of each channel.
  ///   - momentum: the weight of the batch; nil for the mean of all batches counted.
  func update(mean: Tensor, variance: Tensor, count: Int, momentum: Double?) {
    let weight = momentum ?? 1 / batches.value.scalar
    // Bessel's correction: the running variance is an estimate for other data.
    let correction = Double(count) / Double(count - 1)
    let newMean = (1 - weight) * self.mean.value + weight * mean.detached
    let newVariance = (1 - weight) * self.variance.value + weight * correction * variance.detached
    materialize([newMean, newVariance])
    (self.mean.value, self.variance.value) = (newMean, newVariance)
  }
}

/// The parameters and statistics of a normalisation of channels, under PyTorch's names.
struct ChannelState {
  let weight: Parameter?
  let bias: Parameter?
  let statistics: RunningStatistics?

  /// Weights of 1 and biases of 0 for `channels` channels.
  init(_ settings: ChannelNormSettings, _ dtype: DType) {
    let channels = settings.channels
    weight = settings.isAffine ? Parameter(Tensor.full([channels], 1, dtype: dtype)) : nil
    bias = settings.isAffine ? Parameter(Tensor.zeros([channels], dtype: dtype)) : nil
    statistics =
      settings.tracksStatistics ? RunningStatistics(channels: channels, dtype: dtype) : nil
  }

  /// Names and values for a mirror.
  var children: [(label: String?, value: Any)] {
    var children: [(label: String?, value: Any)] = []
    if let weight { children.append(("weight", weight)) }
    if let bias { children.append(("bias", bias)) }
    if let statistics {
      children.append(("running_mean", statistics.mean))
      children.append(("running_var", statistics.variance))
      children.append(("num_batches_tracked", statistics.batches))
    }
    return children
  }
}

/// What batch and instance normalisation are made from.
struct ChannelNormSettings: Codable {
  let channels: Int
  let epsilon: Double
  /// Nil for the mean of all batches.
  var momentum: Double?
  let isAffine: Bool
  let tracksStatistics: Bool

  var problem: String? {
    firstProblem(
      unless(channels >= 1, "there is nothing to normalise in \(channels) channels"),
      unless(epsilon >= 0, "epsilon \(epsilon) is negative"),
      unless(
        momentum.map { (0...1).contains($0) } ?? true,
        "momentum must be in 0 ... 1, not \(momentum ?? 0)"))
  }

  /// The settings that are not the usual ones, for summaries.
  func details(affine: Bool, tracking: Bool, momentum usual: Double = 0.1) -> [String] {
    var details = ["\(channels) channels"]
    if epsilon != 1e-5 { details.append("epsilon \(epsilon)") }
    if tracksStatistics && momentum != usual {
      details.append(momentum.map { "momentum \($0)" } ?? "mean of all batches")
    }
    if isAffine != affine { details.append(isAffine ? "affine" : "not affine") }
    if tracksStatistics != tracking {
      details.append(tracksStatistics ? "running statistics" : "no running statistics")
    }
    return details
  }
}
