// Products over chosen axes, brought into the form of matrix products.

/// Stops unless all operands of a product have the same floating dtype, which `matmul` needs.
func requireOneFloatingType(
  _ name: String, _ operands: [Tensor], _ file: StaticString, _ line: UInt
) {
  for operand in operands
  where operand.dtype != operands[0].dtype || !operand.dtype.isFloatingPoint {
    programmingError(
      name, "needs tensors of one floating dtype, not \(operands[0].dtype) and \(operand.dtype)",
      file: file, line: line)
  }
}

/// A tensor whose axes have labels, for products that name axes.
struct LabelledTensor {
  let tensor: Tensor
  let labels: [Int]

  /// The elements at equal indices of axes with equal labels, which become one axis.
  var withoutRepetition: LabelledTensor {
    for (second, label) in labels.enumerated() {
      guard let first = labels.firstIndex(of: label), first < second else { continue }
      let others = labels.indices.filter { $0 != first && $0 != second }
      let diagonals = tensor.permuted(others + [first, second]).diagonalElements
      return LabelledTensor(tensor: diagonals, labels: others.map { labels[$0] } + [label])
        .withoutRepetition
    }
    return self
  }

  /// Summed over every label that is not wanted.
  func summed(keeping wanted: Set<Int>) -> LabelledTensor {
    let axes = labels.indices.filter { !wanted.contains(labels[$0]) }
    if axes.isEmpty { return self }
    return LabelledTensor(tensor: tensor.sum(axes: axes), labels: labels.filter(wanted.contains))
  }

  /// The axes in the order of `order`; labels that are missing get an axis of size 1.
  func arranged(_ order: [Int]) -> Tensor {
    let present = order.filter(labels.contains)
    var result = tensor.permuted(present.map { labels.firstIndex(of: $0)! })
    for (axis, label) in order.enumerated() where !labels.contains(label) {
      result = result.expandingDimension(at: axis)
    }
    return result
  }

  /// Without axes of size 1 that `other` has in full size: the product broadcasts them.
  private func withoutStretched(by other: LabelledTensor) -> LabelledTensor {
    var result = self
    for (axis, label) in labels.enumerated().reversed() {
      guard tensor.shape[axis] == 1, let at = other.labels.firstIndex(of: label),
        other.tensor.shape[at] != 1
      else { continue }
      result = LabelledTensor(
        tensor: result.tensor.squeezed(axis), labels: result.labels.filter { $0 != label })
    }
    return result
  }

  /// The product of two tensors, summed over the labels that are not wanted.
  func times(_ other: LabelledTensor, keeping wanted: Set<Int>) -> LabelledTensor {
    // A label that only one of them has and nobody wants is summed before.
    let (first, second) = (withoutStretched(by: other), other.withoutStretched(by: self))
    let a = first.summed(keeping: wanted.union(second.labels))
    let b = second.summed(keeping: wanted.union(first.labels))
    let common = a.labels.filter(b.labels.contains)
    let (batch, inner) = (common.filter(wanted.contains), common.filter { !wanted.contains($0) })
    let (left, right) = (
      a.labels.filter { !common.contains($0) }, b.labels.filter { !common.contains($0) }
    )
    let result = batch + left + right
    if inner.isEmpty {
      return LabelledTensor(tensor: a.arranged(result) * b.arranged(result), labels: result)
    }
    func sizes(_ x: LabelledTensor, _ labels: [Int]) -> [Int] {
      labels.map { x.tensor.shape[x.labels.firstIndex(of: $0)!] }
    }
    func count(_ sizes: [Int]) -> Int { sizes.reduce(1, &*) }
    let (batchSizes, leftSizes) = (sizes(a, batch), sizes(a, left))
    let (innerSize, rightSizes) = (count(sizes(a, inner)), sizes(b, right))
    let front = batch.isEmpty ? [] : [count(batchSizes)]
    let x = a.arranged(batch + left + inner)
      .reshaped(Shape(unchecked: front + [count(leftSizes), innerSize]))
    // The other order where that is how the elements lie: then nothing is copied.
    let isTurned = b.labels.last.map(inner.contains) ?? false
    let y =
      isTurned
      ? b.arranged(batch + right + inner)
        .reshaped(Shape(unchecked: front + [count(rightSizes), innerSize])).transposed()
      : b.arranged(batch + inner + right)
        .reshaped(Shape(unchecked: front + [innerSize, count(rightSizes)]))
    let product = matmul(x, y).reshaped(Shape(unchecked: batchSizes + leftSizes + rightSizes))
    return LabelledTensor(tensor: product, labels: result)
  }
}

/// The products of several tensors, two at a time, in the order that needs the fewest multiplications.
///
/// Up to six tensors every order is tried; beyond that the cheapest pair comes first each time.
func contracted(_ operands: [LabelledTensor], keeping wanted: [Int]) -> LabelledTensor {
  var sizes: [Int: Double] = [:]
  for operand in operands {
    for (axis, label) in operand.labels.enumerated() {
      sizes[label] = Swift.max(sizes[label] ?? 0, Double(operand.tensor.shape[axis]))
    }
  }
  var rest = operands
  while rest.count > 1 {
    let (first, second) = ContractionOrder(rest.map { Set($0.labels) }, Set(wanted), sizes).next
    let b = rest.remove(at: second)
    let a = rest.remove(at: first)
    let others = rest.reduce(into: Set(wanted)) { $0.formUnion($1.labels) }
    rest.insert(a.times(b, keeping: others), at: first)
  }
  return rest[0].summed(keeping: Set(wanted))
}

/// Which two of several labelled tensors to multiply next.
private struct ContractionOrder {
  private let labels: [Set<Int>]
  private let wanted: Set<Int>
  private let sizes: [Int: Double]

  init(_ labels: [Set<Int>], _ wanted: Set<Int>, _ sizes: [Int: Double]) {
    (self.labels, self.wanted, self.sizes) = (labels, wanted, sizes)
  }

  /// The positions of the two, the smaller first.
  var next: (Int, Int) {
    if labels.count == 2 { return (0, 1) }
    if labels.count > 6 { return cheapestPair }
    var best: [Int: (cost: Double, pair: (Int, Int))] = [:]
    /// The cost of the product of all tensors of a set, and the pair it starts with.
    func plan(_ set: Int) -> (cost: Double, pair: (Int, Int)) {
      if let known = best[set] { return known }
      let members = labels.indices.filter { set >> $0 & 1 == 1 }
      var found = (cost: Double.infinity, pair: (members[0], members[0]))
      if members.count == 1 { found.cost = 0 }
      // Every way to cut the set in two; the first member stays on one side.
      var part = (set - 1) & set
      while part > 0 {
        defer { part = (part - 1) & set }
        if part >> members[0] & 1 == 0 { continue }
        let (left, right) = (plan(part), plan(set & ~part))
        let cost = left.cost + right.cost + multiplications(part, set & ~part)
        if cost < found.cost {
          let isPair = part.nonzeroBitCount == 1 && set.nonzeroBitCount == 2
          let pair =
            isPair ? (members[0], members[1]) : part.nonzeroBitCount > 1 ? left.pair : right.pair
          found = (cost, pair)
        }
      }
      best[set] = found
      return found
    }
    return plan((1 << labels.count) - 1).pair
  }

  private var cheapestPair: (Int, Int) {
    var best = (cost: Double.infinity, pair: (0, 1))
    for first in labels.indices {
      for second in first + 1..<labels.count {
        let cost = multiplications(1 << first, 1 << second)
        if cost < best.cost { best = (cost, (first, second)) }
      }
    }
    return best.pair
  }

  /// The labels of the product of a set: what is wanted or occurs outside.
  private func result(_ set: Int) -> Set<Int> {
    var (inside, outside) = (Set<Int>(), wanted)
    for (index, labels) in labels.enumerated() {
      if set >> index & 1 == 1 { inside.formUnion(labels) } else { outside.formUnion(labels) }
    }
    return set.nonzeroBitCount == 1 ? inside : inside.intersection(outside)
  }

  private func multiplications(_ a: Int, _ b: Int) -> Double {
    result(a).union(result(b)).reduce(1) { $0 * Swift.max(sizes[$1] ?? 1, 1) }
  }
}
