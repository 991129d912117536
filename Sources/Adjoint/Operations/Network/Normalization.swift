// Normalisation: groups of elements shifted and scaled to mean 0 and variance 1. All kinds differ
// only in which elements make a group.

/// Shifts and scales the last `dimensions` axes to mean 0 and variance 1.
///
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias
///
/// Shapes: `[..., a, b]` gives the same shape; weight and bias are `[a, b]` for `dimensions` 2, `[b]`
/// for 1. The variance is the mean squared deviation.
///
/// Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
public func layerNorm(
  _ x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, dimensions: Int = 1,
  epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = NormalizationCheck("layerNorm", x, epsilon, file, line)
  let (rows, shape) = check.rows(dimensions)
  let kind = GroupNormalizer(
    shape: rows, weights: [1, rows[2]], centred: true, epsilon: epsilon)
  return check.normalized(kind, weight, bias, shape).result
}

/// Scales the last `dimensions` axes to mean square 1.
///
/// y = x / sqrt(mean(x^2) + epsilon) * weight
///
/// Shapes: those of `layerNorm`. `epsilon` is the machine epsilon of the dtype if left out.
///
/// Source: Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
public func rmsNorm(
  _ x: Tensor, weight: Tensor? = nil, dimensions: Int = 1, epsilon: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let least = x.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
  let check = NormalizationCheck("rmsNorm", x, epsilon ?? least, file, line)
  let (rows, shape) = check.rows(dimensions)
  let kind = GroupNormalizer(
    shape: rows, weights: [1, rows[2]], centred: false, epsilon: epsilon ?? least)
  return check.normalized(kind, weight, nil, shape).result
}

/// Normalises each of `groups` groups of channels of each example to mean 0 and variance 1.
///
/// Shapes: `[batch, channels, ...]` gives the same shape; weight and bias are `[channels]`.
///
/// Source: Wu and He, "Group normalization", ECCV 2018.
public func groupNorm(
  _ x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = NormalizationCheck("groupNorm", x, epsilon, file, line)
  check.needsChannels()
  let channels = x.shape[1]
  if groups < 1 || channels % groups != 0 {
    check.fail("the \(channels) channels of \(x.shape) do not make \(groups) groups")
  }
  let area = Shape(x.shape.dropFirst(2)).elementCount
  let kind = GroupNormalizer(
    shape: [1, x.shape[0] * groups, channels / groups * area],
    weights: [groups, channels / groups], centred: true, epsilon: epsilon)
  return check.normalized(kind, weight, bias, check.channelShape).result
}

/// Normalises each channel of each example to mean 0 and variance 1.
///
/// Shapes: those of `groupNorm`, with at least one spatial axis.
///
/// Source: Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016.
public func instanceNorm(
  _ x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = NormalizationCheck("instanceNorm", x, epsilon, file, line)
  if x.rank < 3 { check.fail("needs [batch, channels, a, ...], not \(x.shape)") }
  let area = Shape(x.shape.dropFirst(2)).elementCount
  let kind = GroupNormalizer(
    shape: [1, x.shape[0] * x.shape[1], area], weights: [x.shape[1], 1], centred: true,
    epsilon: epsilon)
  return check.normalized(kind, weight, bias, check.channelShape).result
}

/// Normalises each channel over the batch and all positions, and tells the statistics.
///
/// The variance is the mean squared deviation, without Bessel's correction: what running averages want
/// is variance * n / (n - 1) for n elements of a channel. Statistics carry no gradient.
///
/// Shapes: `[batch, channels, ...]` gives the same shape and statistics of `[channels]`, as weight and
/// bias are.
///
/// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015.
public func batchNorm(
  _ x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
  file: StaticString = #fileID, line: UInt = #line
) -> (result: Tensor, mean: Tensor, variance: Tensor) {
  let check = NormalizationCheck("batchNorm", x, epsilon, file, line)
  check.needsChannels()
  let area = Shape(x.shape.dropFirst(2)).elementCount
  let kind = GroupNormalizer(
    shape: [x.shape[0], x.shape[1], area], weights: [x.shape[1], 1], centred: true,
    epsilon: epsilon)
  let (result, statistics) = check.normalized(kind, weight, bias, check.channelShape)
  let channels: Shape = [x.shape[1]]
  return (
    result, Tensor(statistics.mean).reshaped(channels),
    Tensor(statistics.variance).reshaped(channels)
  )
}

/// Normalises each channel with a given mean and variance, as at inference.
///
/// Shapes: `[batch, channels, ...]` with statistics, weight and bias of `[channels]`.
public func batchNorm(
  _ x: Tensor, mean: Tensor, variance: Tensor, weight: Tensor? = nil, bias: Tensor? = nil,
  epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = NormalizationCheck("batchNorm", x, epsilon, file, line)
  check.needsChannels()
  let (shape, view) = check.channelShape
  check.fits(mean, "mean", shape)
  check.fits(variance, "variance", shape)
  let scale = rsqrt(variance + Tensor(epsilon, dtype: x.dtype)).reshaped(view)
  var result = (x - mean.reshaped(view)) * scale
  if let weight {
    check.fits(weight, "weight", shape)
    result = result * weight.reshaped(view)
  }
  if let bias {
    check.fits(bias, "bias", shape)
    result = result + bias.reshaped(view)
  }
  return result
}

// MARK: The operation

extension NormalizationCheck {
  /// The operand normalised, times the weight, plus the bias: one operation.
  fileprivate func normalized(
    _ kind: GroupNormalizer, _ weight: Tensor?, _ bias: Tensor?,
    _ shapes: (shape: Shape, view: Shape)
  ) -> (result: Tensor, GroupStatistics) {
    if let weight { fits(weight, "weight", shapes.shape) }
    if let bias { fits(bias, "bias", shapes.shape) }
    var kind = kind
    if weight == nil && bias == nil { kind.weights = [1, 1] }
    let (value, statistics) = kind.normalized(
      x.payload, weight: weight?.payload, bias: bias?.payload)
    let operands = [x, weight, bias].compactMap { $0 }
    guard Recording.isOn, operands.contains(where: \.isTracked) else {
      return (Tensor(value), statistics)
    }
    let rule = { [x, kind] (g: Tensor, _: Tensor?) -> [Tensor] in
      // The statistics depend on x, which matters only to those who differentiate again.
      if Recording.isOn {
        return recordedGradients(g, x, kind, weight, hasBias: bias != nil, shapes)
      }
      let (ofInput, sums) = kind.gradients(
        g.payload, x.payload, mean: statistics.mean, scale: statistics.scale,
        weight: weight?.payload)
      var found = [Tensor(ofInput)]
      if operands.count > 1 {
        let both = Tensor(sums).sum(axes: [0]).cast(to: g.dtype)
        if weight != nil { found.append(both[0].reshaped(shapes.shape)) }
        if bias != nil { found.append(both[1].reshaped(shapes.shape)) }
      }
      return found
    }
    let edges = operands.enumerated().compactMap { index, operand in
      operand.node.map { Node.Edge(source: $0, rule: .joint(rule, index: index)) }
    }
    return (Tensor(value, node: Node(name, value, others: edges)), statistics)
  }
}

// MARK: Second derivatives

/// The gradients of input, weight and bias as recorded functions of `g` and the operands.
private func recordedGradients(
  _ g: Tensor, _ x: Tensor, _ kind: GroupNormalizer, _ weight: Tensor?, hasBias: Bool,
  _ shapes: (shape: Shape, view: Shape)
) -> [Tensor] {
  let (view, centred) = (x.reshaped(kind.shape), kind.centred)
  let scale = inverseDeviation(view, centred: centred, epsilon: kind.epsilon)
  let y = standardized(view, scale, kind)
  let ofResult = weight.map { g * $0.reshaped(shapes.view) } ?? g
  let ofInput = standardizedBack(ofResult.reshaped(kind.shape), y, scale, centred: centred)
  var found = [ofInput.reshaped(x.shape)]
  if weight != nil {
    let products = g * y.reshaped(x.shape)
    found.append(products.summed(to: shapes.view).reshaped(shapes.shape))
  }
  if hasBias { found.append(g.summed(to: shapes.view).reshaped(shapes.shape)) }
  return found
}

/// The groups of `x` without weight and bias; `scale` is their inverse deviation, recorded.
private func standardized(_ x: Tensor, _ scale: Tensor, _ kind: GroupNormalizer) -> Tensor {
  var plain = kind
  plain.weights = [1, 1]
  return Tensor(plain.normalized(x.payload).0).recorded(
    "standardized", x,
    .gradientAndOutput { g, y in standardizedBack(g, y, scale, centred: kind.centred) })
}

private func inverseDeviation(_ x: Tensor, centred: Bool, epsilon: Double) -> Tensor {
  let deviation = centred ? x - x.mean(axes: [0, 2], keepingDimensions: true) : x
  let variance = square(deviation).mean(axes: [0, 2], keepingDimensions: true)
  return rsqrt(variance + Tensor(epsilon, dtype: x.dtype))
}

/// scale * (g - mean(g) - y * mean(g * y)) over each group; not `centred`, without mean(g).
///
/// As a function of `g` this is symmetric: it is its own transpose.
private func standardizedBack(
  _ g: Tensor, _ y: Tensor, _ scale: Tensor, centred: Bool
) -> Tensor {
  let kind = GroupNormalizer(shape: g.shape, centred: centred)
  let (value, _) = kind.gradients(g.payload, y.payload, mean: nil, scale: scale.payload)
  func mean(_ x: Tensor) -> Tensor { x.mean(axes: [0, 2], keepingDimensions: true) }
  return Tensor(value).recorded(
    "standardizedBack",
    [
      (g, .gradient { standardizedBack($0, y, scale, centred: centred) }),
      (y, .gradient { -scale * ($0 * mean(g * y) + g * mean($0 * y)) }),
      (
        scale,
        .gradientAndOutput { h, result in
          (h * result).sum(axes: [0, 2], keepingDimensions: true) / scale
        }
      ),
    ])
}

// MARK: Checks

/// What all kinds of normalisation ask of their operands, with the name the user called.
private struct NormalizationCheck {
  let name: StaticString
  let x: Tensor
  let file: StaticString
  let line: UInt

  init(_ name: StaticString, _ x: Tensor, _ epsilon: Double, _ file: StaticString, _ line: UInt) {
    (self.name, self.x, self.file, self.line) = (name, x, file, line)
    if !x.dtype.isFloatingPoint { fail("needs a floating dtype, not \(x.dtype); cast first") }
    if !(epsilon >= 0) { fail("epsilon \(epsilon) is negative") }
  }

  func fail(_ message: String) -> Never {
    programmingError("\(name)", message, file: file, line: line)
  }

  func needsChannels() {
    if x.rank < 2 { fail("needs [batch, channels, ...], not \(x.shape)") }
  }

  /// The last axes as rows of [1, rows, length], and the shape of their weights.
  func rows(_ dimensions: Int) -> (Shape, (shape: Shape, view: Shape)) {
    if dimensions < 1 || dimensions > x.rank {
      fail("\(dimensions) dimensions of shape \(x.shape); needs at least one and at most all")
    }
    let shape = Shape(unchecked: x.shape.suffix(dimensions))
    let length = shape.elementCount
    let outer = Shape(unchecked: x.shape.dropLast(dimensions)).elementCount
    return ([1, outer, length], (shape, shape))
  }

  /// The shape of weights for channels, and the one that broadcasts against `x`.
  var channelShape: (shape: Shape, view: Shape) {
    var view = Shape(repeating: 1, count: x.rank)
    view[1] = x.shape[1]
    return ([x.shape[1]], view)
  }

  func fits(_ tensor: Tensor, _ what: String, _ shape: Shape) {
    if tensor.shape != shape || tensor.dtype != x.dtype {
      fail(
        "the \(what) must be \(x.dtype) \(shape) for \(x.shape), not \(tensor.dtype) "
          + "\(tensor.shape)")
    }
  }
}
