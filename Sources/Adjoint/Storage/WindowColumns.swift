import CAdjoint
import Glibc

// The windows of a convolution written out, and the sum of windows: im2col and col2im.

extension ConvolutionPlan {
  /// All that each tap of the kernel sees: [batch, inputs * taps, positions].
  func columns(_ x: Payload) -> Payload {
    let span = Profiling.begin("im2col", inputShape, x.dtype, bytes: columnsBytes(x.dtype))
    defer { span?.end() }
    let (source, table) = (x.contiguous, TapTable(self, isTransposed: false))
    source.force()
    let (area, taps) = (spatial(\.input), spatial(\.kernel))
    let count = spatial(\.output)
    let size = x.dtype.byteCount
    let strides = table.destinationSizes.strides(times: SIMD3(repeating: 1))
    let steps = table.sourceSizes.strides(times: table.sourceSteps)
    return Payload(shape: [batch, inputs * taps, count], dtype: x.dtype) { out in
      if count == 0 { return }
      forEachPlane(work: taps * count) { plane in
        let to = out + plane * taps * count * size
        memset(to, 0, taps * count * size)
        forEachTap(table) { tap, low, counts, place in
          copyBox(
            size, Shape(unchecked: []).appending(counts),
            to: to + (tap * count + low.position(in: table.destinationSizes)) * size,
            Shape(unchecked: []).appending(strides),
            from: source.address + (plane * area + place) * size,
            Shape(unchecked: []).appending(steps))
        }
      }
      withExtendedLifetime(source) {}
    }
  }

  /// The transpose of `columns`: every element the sum of what the windows have for it.
  func image(_ columns: Payload) -> Payload {
    let span = Profiling.begin(
      "col2im", inputShape, columns.dtype, flops: Double(columns.shape.elementCount),
      bytes: columnsBytes(columns.dtype))
    defer { span?.end() }
    let (source, table) = (columns.contiguous, TapTable(self, isTransposed: false))
    source.force()
    let (area, taps) = (spatial(\.input), spatial(\.kernel))
    let count = spatial(\.output)
    let (dtype, size) = (columns.dtype, columns.dtype.byteCount)
    let strides = table.destinationSizes.strides(times: SIMD3(repeating: 1))
    let steps = table.sourceSizes.strides(times: table.sourceSteps)
    return Payload(shape: inputShape, dtype: dtype) { out in
      if area == 0 { return }
      forEachPlane(work: taps * count) { plane in
        let to = out + plane * area * size
        memset(to, 0, area * size)
        forEachTap(table) { tap, low, counts, place in
          let from = (plane * taps + tap) * count + low.position(in: table.destinationSizes)
          Shape(unchecked: []).appending(counts).withDimensions { shape in
            Shape(unchecked: []).appending(steps).withDimensions { steps in
              Shape(unchecked: []).appending(strides).withDimensions { strides in
                adj_add_box(
                  dtype.code, 3, shape, to + place * size, steps, source.address + from * size,
                  strides)
              }
            }
          }
        }
      }
      withExtendedLifetime(source) {}
    }
  }

  /// All windows and the image.
  private func columnsBytes(_ dtype: DType) -> Int {
    let windows = batch * inputs * spatial(\.kernel) * spatial(\.output)
    return (windows + inputShape.elementCount) * dtype.byteCount
  }

  private func spatial(_ size: (ConvolutionAxis) -> Int) -> Int {
    axes.reduce(1) { $0 * size($1) }
  }

  private func forEachPlane(work: Int, _ body: (Int) -> Void) {
    parallel(batch * inputs, grain: max((1 << 14) / max(work, 1), 1)) { begin, end in
      for plane in begin..<end { body(plane) }
    }
  }

  /// Each tap with the box of positions at which it sees something: the first, how many, and where
  /// in the input the first of them is.
  private func forEachTap(
    _ table: TapTable, _ body: (Int, SIMD3<Int>, SIMD3<Int>, Int) -> Void
  ) {
    guard let set = table.sets.first else { return }
    for tap in set.positions.indices {
      let (phase, shift) = (table.sourcePhases[set.sources[tap]], set.shifts[tap])
      let existing = (table.sourceSizes &- phase &+ table.sourceSteps &- 1) / table.sourceSteps
      let low = pointwiseMax(SIMD3<Int>() &- shift, SIMD3<Int>())
      let counts = pointwiseMin(existing &- shift, set.counts) &- low
      if counts.min() <= 0 { continue }
      let place = ((low &+ shift) &* table.sourceSteps &+ phase).position(in: table.sourceSizes)
      body(tap, low, counts, place)
    }
  }
}
