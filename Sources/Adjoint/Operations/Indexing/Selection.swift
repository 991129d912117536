/// What a list of indices means for a tensor of one shape: a region that integers and ranges describe,
/// and tensors that pick within it.
struct Selection {
  /// A mask or a tensor of indices, for one or several axes of the region.
  private struct Pick {
    let axes: Range<Int>
    /// Positions in those axes as one.
    let positions: Tensor
    let mask: Tensor?
  }

  private var region: Region
  private var picks: [Pick] = []
  private let file: StaticString
  private let line: UInt

  init(_ indices: [any TensorIndex], of shape: Shape, _ file: StaticString, _ line: UInt) {
    (self.file, self.line) = (file, line)
    region = Region(allOf: shape)
    region.axes = []
    let entries = indices.map(\.axisIndex)
    let named = entries.reduce(0) { $0 + $1.axisCount }
    if named > shape.rank {
      fail("there are indices for \(named) axes, but shape \(shape) has rank \(shape.rank)")
    }
    if entries.count(where: \.isRest) > 1 { fail("... stands more than once") }
    var axis = 0
    func keep(_ count: Int) {
      for _ in 0..<count {
        region.axes.append(Region.Axis(count: shape[axis], along: axis))
        axis += 1
      }
    }
    for entry in entries {
      switch entry.kind {
      case .at(let index):
        let place = index < 0 ? index &+ shape[axis] : index
        if place < 0 || place >= shape[axis] {
          fail(
            "index \(index) is out of range for axis \(axis) of shape \(shape), which has "
              + "\(shape[axis]) elements")
        }
        region.origin[axis] = place
        axis += 1
      case .span:
        keep(1)
        region.narrow(
          axis: region.axes.count - 1, to: entry, named: axis - 1, "subscript", file, line)
      case .newAxis: region.axes.append(Region.Axis(count: 1))
      case .rest: keep(shape.rank - named)
      case .tensor(let indices):
        picks.append(pick(indices, region.axes.count, of: shape, axis))
        keep(entry.axisCount)
      }
    }
    keep(shape.rank - axis)
  }

  /// One integer: the most frequent subscript, without looking for anything else.
  init(_ index: Int, of shape: Shape, _ file: StaticString, _ line: UInt) {
    guard let size = shape.first, index < size, index >= -size else {
      self.init([index], of: shape, file, line)  // says what is wrong
      return
    }
    var region = Region(allOf: shape)
    region.axes.removeFirst()
    region.origin[0] = index < 0 ? index + size : index
    self.init(region, file, line)
  }

  private init(_ region: Region, _ file: StaticString, _ line: UInt) {
    (self.region, self.file, self.line) = (region, file, line)
  }

  private func pick(_ indices: Tensor, _ place: Int, of shape: Shape, _ axis: Int) -> Pick {
    let axes = place..<place + (indices.dtype == .bool ? indices.rank : 1)
    guard indices.dtype == .bool else {
      return Pick(
        axes: axes,
        positions: indices.checkedIndices(
          below: shape[axis], "subscript", "elements along axis \(axis) of \(shape)", file, line,
          fromTheEnd: true), mask: nil)
    }
    let masked = Shape(unchecked: shape[axis..<axis + indices.rank])
    if indices.rank == 0 || masked != indices.shape {
      fail(
        "a mask of shape \(indices.shape) does not fit shape \(shape) from axis \(axis) on: it needs "
          + "the same sizes")
    }
    return Pick(axes: axes, positions: Tensor(indices.payload.truePositions), mask: indices)
  }

  private func fail(_ message: String) -> Never {
    programmingError("subscript", message, file: file, line: line)
  }

  // MARK: Reading

  func read(_ x: Tensor) -> Tensor {
    let part = region.isAll ? x : x.selected("subscript", region)
    if picks.isEmpty { return part }
    if picks.count == 1 {
      return joined(part).gathering(picks[0].positions, axis: picks[0].axes.lowerBound)
    }
    let together = positionsInStep
    let found = inFront(joined(part)).gathering(together)
    let places = Array(0..<together.rank)
    return found.movingAxes(places, to: places.map { $0 + destination })
  }

  /// The part with the axes of each mask as one.
  private func joined(_ part: Tensor) -> Tensor {
    picks.reversed().reduce(part) { x, pick in
      pick.axes.count == 1
        ? x : x.flattened(from: pick.axes.lowerBound, to: pick.axes.upperBound - 1)
    }
  }

  /// The picked axes of the joined part.
  private var pickedAxes: [Int] {
    var gone = 0
    return picks.map { pick in
      defer { gone += pick.axes.count - 1 }
      return pick.axes.lowerBound - gone
    }
  }

  /// Where the axes of the indices go: in place of the picked axes, or first where these stand apart.
  private var destination: Int {
    let axes = pickedAxes
    return axes.last! - axes[0] == axes.count - 1 ? axes[0] : 0
  }

  /// The order of the joined part's axes that puts the picked ones first.
  private func order(_ rank: Int) -> [Int] {
    let axes = pickedAxes
    return axes + (0..<rank).filter { !axes.contains($0) }
  }

  /// The joined part with all picked axes as its first.
  private func inFront(_ joined: Tensor) -> Tensor {
    joined.permuted(order(joined.rank)).flattened(from: 0, to: picks.count - 1)
  }

  /// The positions of several picks, broadcast, in their axes taken as one.
  private var positionsInStep: Tensor {
    let sizes = picks.map { pick in
      pick.axes.reduce(1) { $0 * region.axes[$1].count }
    }
    return zip(picks, sizes).dropFirst().reduce(picks[0].positions) { found, entry in
      let next = entry.0.positions
      if found.shape.broadcast(with: next.shape) == nil {
        fail(
          "tensors of indices of shapes "
            + picks.map { "\($0.positions.shape)" }.joined(separator: ", ") + " do not broadcast")
      }
      return found * Tensor(Double(entry.1), dtype: .int64) + next
    }
  }

  // MARK: Writing

  func write(_ value: Tensor, to x: inout Tensor) {
    let value = value.dtype == x.dtype ? value : matched("subscript", x, value, file, line).1
    if picks.isEmpty {
      check(value, fits: region.shape)
      x.replace(region, with: value)
    } else {
      let part = region.isAll ? x : x.selected("subscript", region)
      let new = replaced(part, value)
      if region.isAll { x = new } else { x.replace(region, with: new) }
    }
  }

  private func check(_ value: Tensor, fits shape: Shape) {
    if value.shape.broadcast(with: shape) != shape {
      fail("a value of shape \(value.shape) cannot be stretched to \(shape)")
    }
  }

  private func replaced(_ part: Tensor, _ value: Tensor) -> Tensor {
    let joined = joined(part)
    let axis = picks[0].axes.lowerBound
    if picks.count == 1 {
      let rest = Shape(unchecked: joined.shape[(axis + 1)...])
      if let mask = picks[0].mask, value.shape.broadcast(with: rest) == rest {
        // The same for every place: no need to know which ones they are.
        let ones = Array(repeating: 1, count: rest.rank)
        return `where`(mask.reshaped(Shape(unchecked: Array(mask.shape) + ones)), value, part)
      }
      let positions = picks[0].positions
      let target = Array(joined.shape[..<axis]) + Array(positions.shape) + Array(rest)
      check(value, fits: Shape(unchecked: target))
      return joined.scattering(value, at: positions, axis: axis, mode: .set).reshaped(part.shape)
    }
    let together = positionsInStep
    let front = inFront(joined)
    let order = order(joined.rank)
    let places = Array(0..<together.rank)
    var target = order[picks.count...].map { joined.shape[$0] }
    target.insert(contentsOf: together.shape, at: destination)
    check(value, fits: Shape(unchecked: target))
    let values = value.broadcast(to: Shape(unchecked: target))
      .movingAxes(places.map { $0 + destination }, to: places)
    return front.scattering(values, at: together, mode: .set)
      .reshaped(Shape(unchecked: order.map { joined.shape[$0] }))
      .permuted(order.indices.map { axis in order.firstIndex(of: axis)! })
      .reshaped(part.shape)
  }
}

extension AxisIndex {
  /// How many axes of the tensor the index stands for.
  fileprivate var axisCount: Int {
    switch kind {
    case .at, .span: 1
    case .newAxis, .rest: 0
    case .tensor(let indices): indices.dtype == .bool ? indices.rank : 1
    }
  }

  fileprivate var isRest: Bool {
    if case .rest = kind { true } else { false }
  }
}

extension Region {
  /// Whether it is the whole tensor as it is.
  fileprivate var isAll: Bool {
    axes.count == base.rank
      && axes.indices.allSatisfy {
        axes[$0].along == $0 && axes[$0].count == base[$0] && axes[$0].step == 1
      }
  }
}
