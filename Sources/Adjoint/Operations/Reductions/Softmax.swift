/// exp(x_i) / sum_j exp(x_j) along an axis, computed without overflow.
///
/// A slice that is -infinity throughout gives NaN.
public func softmax(
  _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  rows("softmax", x, axis, logarithm: false, file, line) { g, y, axis in
    let weighted = g * y
    return weighted - y * weighted.sum(axes: [axis], keepingDimensions: true)
  }
}

/// log(softmax(x)) along an axis: x - logSumExp(x), more accurate than the logarithm of `softmax`.
public func logSoftmax(
  _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  rows("logSoftmax", x, axis, logarithm: true, file, line) { g, y, axis in
    g - exp(y) * g.sum(axes: [axis], keepingDimensions: true)
  }
}

private func rows(
  _ name: StaticString, _ x: Tensor, _ axis: Int, logarithm: Bool, _ file: StaticString,
  _ line: UInt, _ rule: @escaping (_ g: Tensor, _ y: Tensor, _ axis: Int) -> Tensor
) -> Tensor {
  checkFloating("\(name)", x, file, line)
  guard let at = x.shape.normalized(axis: axis) else {
    programmingError(
      "\(name)", "axis \(axis) is out of range for shape \(x.shape)", file: file, line: line)
  }
  if at != x.rank - 1 {
    return rows(name, x.transposed(at, -1), -1, logarithm: logarithm, file, line, rule)
      .transposed(at, -1)
  }
  let result = Tensor(x.payload.contiguous.softmaxRows(logarithm: logarithm))
  guard x.isTracked else { return result }
  return result.recorded(name, x, .gradientAndOutput { g, y in rule(g, y, at) })
}

/// The mean cross-entropy -sum_k t_k log softmax(x)_k of rows of logits against labels.
///
/// Softmax and logarithm are one operation: large logits neither overflow nor lose digits.
///
/// Shapes: `logits` are `[n, classes]`; `labels` are `[n]` integers below `classes`, or one-hot rows
/// or probabilities of the logits' shape and dtype. The result is a single number.
public func softmaxCrossEntropy(
  logits: Tensor, labels: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  func fail(_ message: String) -> Never {
    programmingError("softmaxCrossEntropy", message, file: file, line: line)
  }
  if logits.rank != 2 || !logits.dtype.isFloatingPoint {
    fail("logits must be floating and [n, classes], not \(logits.dtype) \(logits.shape)")
  }
  if labels.dtype.isFloatingPoint {
    if labels.shape != logits.shape || labels.dtype != logits.dtype {
      let areNumbers = labels.shape == [logits.shape[0]]
      fail(
        "labels as probabilities must be like the logits \(logits.dtype) \(logits.shape), not "
          + "\(labels.dtype) \(labels.shape)"
          + (areNumbers ? "; numbers of classes must be integers: cast(to: .int64)" : ""))
    }
    let entropies = (labels * logSoftmax(logits)).sum(axes: [1])
    return -entropies.mean()
  }
  if labels.shape != [logits.shape[0]] {
    let hint =
      labels.shape == logits.shape
      ? "; rows of 0 and 1 must be \(logits.dtype): cast(to: .\(logits.dtype))"
      : labels.shape == [logits.shape[0], 1] ? "; drop the last axis with squeezed(1)" : ""
    fail(
      "integer labels must be [\(logits.shape[0])] for logits \(logits.shape), not "
        + "\(labels.shape)\(hint)")
  }
  let indices = labels.checkedIndices(
    below: logits.shape[1], "softmaxCrossEntropy", "classes, from 0 on", file, line)
  let losses = Tensor(logits.payload.contiguous.crossEntropyRows(indices.payload))
  guard logits.isTracked else { return losses.mean() }
  let classes = logits.shape[1]
  return losses.recorded("softmaxCrossEntropy", logits) { g in
    let target = oneHot(indices, count: classes, dtype: g.dtype)
    return (softmax(logits) - target) * g.expandingDimension(at: 1)
  }.mean()
}

/// The softmax of the negated elements along an axis: the smallest weighs most.
public func softmin(
  _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkFloating("softmin", x, file, line)
  return softmax(-x, axis: axis, file: file, line: line)
}
