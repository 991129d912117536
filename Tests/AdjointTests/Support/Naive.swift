import Adjoint

/// An array computed in the plainest way: every operation a loop over multi-dimensional indices.
///
/// It is the reference for views, broadcasting and the order of evaluation. Arithmetic is that of
/// `Double`, so results of the basic operations must agree to the last bit.
struct Naive {
  let shape: [Int]
  /// The elements in row-major order.
  var values: [Double]

  init(shape: [Int], values: [Double]) {
    (self.shape, self.values) = (shape, values)
  }

  init(shape: [Int], _ element: (_ index: [Int]) -> Double) {
    self.shape = shape
    values = []
    var index = [Int](repeating: 0, count: shape.count)
    for _ in 0..<shape.reduce(1, *) {
      values.append(element(index))
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
        axis -= 1
      }
    }
  }

  /// Numbers of few digits, of both signs, with some zeros.
  init(randomOf shape: [Int], using generator: inout Generator) {
    self.init(shape: shape) { _ in Double(Int.random(in: -40...40, using: &generator)) / 16 }
  }

  subscript(index: [Int]) -> Double {
    var position = 0
    for (axis, at) in index.enumerated() { position = position * shape[axis] + at }
    return values[position]
  }

  func map(_ f: (Double) -> Double) -> Naive { Naive(shape: shape, values: values.map(f)) }

  func permuted(_ axes: [Int]) -> Naive {
    Naive(shape: axes.map { shape[$0] }) { index in
      var original = index
      for (to, from) in axes.enumerated() { original[from] = index[to] }
      return self[original]
    }
  }

  func sliced(_ range: Range<Int>, axis: Int) -> Naive {
    var sizes = shape
    sizes[axis] = range.count
    return Naive(shape: sizes) { index in
      var original = index
      original[axis] += range.lowerBound
      return self[original]
    }
  }

  func broadcast(to target: [Int]) -> Naive {
    if target == shape { return self }
    return Naive(shape: target) { index in
      let own = index.suffix(shape.count)
      return self[zip(own, shape).map { $1 == 1 ? 0 : $0 }]
    }
  }

  /// The largest element along an axis that stays with size 1.
  func max(axis: Int) -> Naive {
    var sizes = shape
    sizes[axis] = 1
    return Naive(shape: sizes) { index in
      var best = -Double.infinity
      for at in 0..<shape[axis] {
        var place = index
        place[axis] = at
        best = Swift.max(best, self[place])
      }
      return best
    }
  }

  /// The shape two or more arrays are broadcast to.
  static func common(_ shapes: [[Int]]) -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    let padded = shapes.map { Array(repeating: 1, count: rank - $0.count) + $0 }
    return (0..<rank).map { axis in padded.map { $0[axis] }.first { $0 != 1 } ?? 1 }
  }

  static func combined(_ arrays: [Naive], _ f: ([Double]) -> Double) -> Naive {
    let shape = common(arrays.map(\.shape))
    let stretched = arrays.map { $0.broadcast(to: shape).values }
    let values = (0..<shape.reduce(1, *)).map { at in f(stretched.map { $0[at] }) }
    return Naive(shape: shape, values: values)
  }

  var tensor: Tensor { Tensor(values, shape: Shape(shape)) }
}
