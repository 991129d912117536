import CAdjoint

/// What a reduction needs to know: which axes go, and the operand seen as [outer, length, inner].
struct ReductionPlan {
  /// The reduced axes in increasing order, from 0.
  let axes: [Int]
  /// The number of elements that become one.
  let length: Int
  private let operand: Tensor
  private let name: StaticString
  private let file: StaticString
  private let line: UInt

  init(
    _ x: Tensor, _ axes: [Int]?, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) {
    if let axes {
      var found = axes.map { x.checkedAxis($0, name, file, line) }
      if found.count > 1 {
        found.sort()
        if zip(found, found.dropFirst()).contains(where: ==) {
          programmingError(
            "\(name)", "axes \(found) name an axis twice", file: file, line: line)
        }
      }
      self.axes = found
    } else {
      self.axes = Array(0..<x.rank)
    }
    length = self.axes.reduce(1) { $0 &* x.shape[$1] }
    operand = x.detached
    (self.name, self.file, self.line) = (name, file, line)
  }

  /// The shape with the reduced axes at size 1.
  var kept: Shape {
    var shape = operand.shape
    for axis in axes { shape[axis] = 1 }
    return shape
  }

  /// The shape without the reduced axes.
  var removed: Shape {
    Shape(unchecked: others.map { operand.shape[$0] })
  }

  /// The axes that stay.
  private var others: [Int] { operand.shape.indices.filter { !axes.contains($0) } }

  func shape(keepingDimensions: Bool) -> Shape { keepingDimensions ? kept : removed }

  /// Stops the program where there is a result to give and nothing to make it from.
  func requireElements() {
    if length == 0 && removed.elementCount > 0 {
      programmingError(
        "\(name)", "has no value over axes \(axes) of shape \(operand.shape): they are empty",
        file: file, line: line)
    }
  }

  /// The reduction; `empty` is its value of nothing, if it has one.
  func run(_ op: adj_reduction, dtype: DType, empty: Double?, keepingDimensions: Bool) -> Tensor {
    let shape = shape(keepingDimensions: keepingDimensions)
    if length == 0 {
      if let empty { return Tensor.full(shape, empty, dtype: dtype) }
      requireElements()
    }
    if shape.elementCount == 0 { return Tensor.zeros(shape, dtype: dtype) }
    // Neighbouring axes are one axis; others are brought to the end first.
    var source = operand
    var inner = 1
    if let first = axes.first, let last = axes.last {
      if last - first + 1 == axes.count {
        inner = Shape(unchecked: operand.shape[(last + 1)...]).elementCount
      } else {
        source = operand.permuted(others + axes)
      }
    }
    return Tensor(
      source.payload.contiguous.reduced(
        op, outer: shape.elementCount / inner, length: length, inner: inner, shape: shape,
        dtype: dtype))
  }

  /// A result or its gradient back in the operand's shape.
  func stretched(_ g: Tensor) -> Tensor { g.reshaped(kept).broadcast(to: operand.shape) }

  /// The operand, or a tensor like it, with the reduced axes as one last axis.
  func rows(_ x: Tensor) -> Tensor {
    x.permuted(others + axes).reshaped(Shape(unchecked: Array(removed) + [length]))
  }

  /// The gradient of a result that is one of the elements: equal ones share it evenly.
  func shared(_ g: Tensor, among x: Tensor, equalTo y: Tensor) -> Tensor {
    let hit = (x .== stretched(y)).cast(to: g.dtype)
    let ties = hit.sum(axes: axes, keepingDimensions: true)
    return stretched(g) * (hit / ties)
  }
}

extension Tensor {
  /// The axis as a number from 0; one that the tensor does not have stops the program.
  func checkedAxis(
    _ axis: Int, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Int {
    guard let found = shape.normalized(axis: axis) else {
      programmingError(
        "\(name)", "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
    }
    return found
  }

  /// Stops the program unless the elements are floats.
  func requireFloating(_ name: StaticString, _ file: StaticString, _ line: UInt) {
    if !dtype.isFloatingPoint {
      programmingError(
        "\(name)", "needs a floating dtype, not \(dtype); cast first", file: file, line: line)
    }
  }
}
