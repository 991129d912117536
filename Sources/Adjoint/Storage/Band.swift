import CAdjoint

/// A matrix along one axis whose rows are weighted sums of neighbouring elements.
///
/// Averages of windows and all kinds of interpolation are such matrices along each axis, and so are
/// their transposes: one operation is its own derivative.
struct Band: Sendable {
  /// The size of the axis, and for each result the first element and the weights of the sum.
  let size: Int
  let starts: [Int32]
  let offsets: [Int32]
  let weights: [Double]

  var count: Int { starts.count }

  init(size: Int, rows: [(start: Int, weights: [Double])]) {
    self.size = size
    starts = rows.map { Int32($0.start) }
    offsets = rows.reduce(into: [0]) { $0.append($0.last! + Int32($1.weights.count)) }
    weights = rows.flatMap(\.weights)
  }

  /// The matrix the other way round.
  ///
  /// Windows are in order, so its rows have no holes either.
  var transposed: Band {
    var rows: [(start: Int, weights: [Double])] = Array(repeating: (0, []), count: size)
    for row in 0..<count {
      for at in Int(offsets[row])..<Int(offsets[row + 1]) {
        let element = Int(starts[row]) + at - Int(offsets[row])
        if rows[element].weights.isEmpty { rows[element].start = row }
        // A window that skips the element has weight 0 for it.
        let missing = row - rows[element].start - rows[element].weights.count
        rows[element].weights += Array(repeating: 0, count: missing) + [weights[at]]
      }
    }
    return Band(size: count, rows: rows)
  }

  /// Calls `body` with the matrix as the kernel reads it for columns.
  fileprivate func withRows<Result>(
    _ dtype: DType, _ body: (UnsafePointer<adj_band>) -> Result
  ) -> Result {
    let typed = Tensor(Payload(weights, shape: [weights.count])).cast(to: dtype).payload
    return starts.withUnsafeBufferPointer { starts in
      offsets.withUnsafeBufferPointer { offsets in
        var band = adj_band()
        band.count = Int64(count)
        (band.starts, band.offsets) = (starts.baseAddress, offsets.baseAddress)
        band.weights = UnsafeRawPointer(typed.address)
        return withExtendedLifetime(typed) { body(&band) }
      }
    }
  }

  /// Calls `body` with the matrix as the kernel reads it for rows.
  ///
  /// If all sums are short they get one width. A shorter sum takes its last element several times with parts of its weight, not another
  /// one with weight 0, which might be infinite.
  fileprivate func withColumns<Result>(
    _ dtype: DType, _ body: (UnsafePointer<adj_band>) -> Result
  ) -> Result {
    let lengths: [Int] = (0..<count).map { Int(offsets[$0 + 1]) - Int(offsets[$0]) }
    guard let width = lengths.max(), width <= 4, lengths.min() != 0 else {
      return withRows(dtype, body)
    }
    var indices = Array(repeating: Int32(0), count: width * count)
    var terms = Array(repeating: 0.0, count: width * count)
    for row in 0..<count {
      var left = 1.0
      for tap in 0..<width {
        let own = min(tap, lengths[row] - 1)
        if tap >= lengths[row] - 1 && tap < width - 1 { left /= 2 }
        indices[tap * count + row] = starts[row] + Int32(own)
        terms[tap * count + row] = weights[Int(offsets[row]) + own] * left
      }
    }
    let typed = Tensor(Payload(terms, shape: [terms.count])).cast(to: dtype).payload
    return indices.withUnsafeBufferPointer { indices in
      var band = adj_band()
      (band.count, band.width) = (Int64(count), Int64(width))
      band.indices = indices.baseAddress
      band.weights = UnsafeRawPointer(typed.address)
      return withExtendedLifetime(typed) { body(&band) }
    }
  }
}

extension Payload {
  /// The bands applied to the last axes, one for each; nil leaves an axis as it is.
  func banded(_ bands: [Band?]) -> Payload {
    if bands.count == 3, let first = bands[0] {
      // The first of three axes by itself, with the other two as one.
      let last = Shape(unchecked: shape.suffix(2)).elementCount
      let outer = Shape(unchecked: shape.dropLast(3))
      let flat = contiguous.viewed(as: Shape(unchecked: outer + [shape[outer.rank], last]))
      let shaped = Shape(unchecked: outer + [first.count] + shape.suffix(2))
      return flat.banded([first, nil]).viewed(as: shaped).banded(Array(bands.suffix(2)))
    }
    let down = bands.count == 1 ? nil : bands[bands.count - 2]
    guard let across = bands.last, down != nil || across != nil else { return self }
    let span = Profiling.begin("weighted windows", shape, dtype)
    defer { span?.end() }
    let source = contiguous
    source.force()
    let columns = shape[shape.rank - 1]
    let rows = shape.rank > 1 ? shape[shape.rank - 2] : 1
    var sizes = shape
    sizes[shape.rank - 1] = across?.count ?? columns
    if let down { sizes[shape.rank - 2] = down.count }
    let width = sizes[shape.rank - 1]
    return Payload(shape: sizes, dtype: dtype) { out in
      if sizes.elementCount == 0 { return }
      Self.withKernelForms(down, across, dtype) { down, across in
        let total = sizes.elementCount / width
        parallel(total, grain: max((1 << 14) / max(columns, width), 1)) { begin, end in
          withUnsafeTemporaryAllocation(
            byteCount: columns * dtype.byteCount + 64, alignment: 64
          ) {
            adj_bands(
              dtype.code, out, source.address, $0.baseAddress, down, across, Int64(rows),
              Int64(columns), Int64(begin), Int64(end))
          }
        }
      }
      withExtendedLifetime(source) {}
    }
  }

  private static func withKernelForms(
    _ down: Band?, _ across: Band?, _ dtype: DType,
    _ body: (UnsafePointer<adj_band>?, UnsafePointer<adj_band>?) -> Void
  ) {
    func inner(_ down: UnsafePointer<adj_band>?) {
      if let across { across.withColumns(dtype) { body(down, $0) } } else { body(down, nil) }
    }
    if let down { down.withRows(dtype) { inner($0) } } else { inner(nil) }
  }

  /// This contiguous payload with another shape of as many elements.
  func viewed(as shape: Shape) -> Payload {
    Payload(viewOf: self, offset: 0, shape: shape, strides: shape.rowMajorStrides)
  }
}
