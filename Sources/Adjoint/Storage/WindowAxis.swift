import CAdjoint

/// The windows along one axis: the elements `low[i], low[i] + step, ...` below `high[i]`.
struct WindowAxis: Sendable {
  let size: Int
  let step: Int
  let low: [Int32]
  let high: [Int32]
  /// Windows of equal width and distance, untouched by the edges, and where they start.
  private(set) var inner = 0..<0
  private(set) var taps = 0
  private(set) var stride = 1
  private(set) var first = 0

  var count: Int { low.count }

  /// Whether a window jumps over all elements, as dilated ones may that begin in the padding.
  var hasEmptyWindow: Bool { zip(low, high).contains { $0 >= $1 } }

  /// Windows of `kernel` elements, `stride` apart, that may reach `padding` elements over the edges.
  init(size: Int, count: Int, kernel: Int, stride: Int, padding: Int, step: Int = 1) {
    (self.size, self.step) = (size, step)
    let starts = (0..<count).map { $0 * stride - padding }
    low = starts.map { Int32($0 >= 0 ? $0 : $0 + (step - 1 - $0) / step * step) }
    high = starts.map { Int32(min($0 + (kernel - 1) * step + 1, size)) }
    let begin = starts.firstIndex { $0 >= 0 } ?? count
    let end = starts.firstIndex { $0 + (kernel - 1) * step >= size } ?? count
    if begin < end {
      inner = begin..<end
      (taps, self.stride, first) = (kernel, stride, -padding)
    }
  }

  /// `count` windows that cover the axis as evenly as whole numbers allow.
  init(size: Int, adaptingTo count: Int) {
    (self.size, step) = (size, 1)
    low = (0..<count).map { Int32($0 * size / count) }
    high = (0..<count).map { Int32((($0 + 1) * size + count - 1) / count) }
  }

  /// An axis that windows leave alone.
  init(alone size: Int) {
    self.init(size: size, count: size, kernel: 1, stride: 1, padding: 0)
  }

  fileprivate func withKernelForm<Result>(_ body: (adj_window_axis) -> Result) -> Result {
    low.withUnsafeBufferPointer { low in
      high.withUnsafeBufferPointer { high in
        var axis = adj_window_axis()
        (axis.size, axis.count, axis.step) = (Int64(size), Int64(count), Int64(step))
        (axis.low, axis.high) = (low.baseAddress, high.baseAddress)
        (axis.inner_begin, axis.inner_end) = (Int64(inner.lowerBound), Int64(inner.upperBound))
        (axis.taps, axis.stride, axis.first) = (Int64(taps), Int64(stride), Int64(first))
        return body(axis)
      }
    }
  }
}

extension Payload {
  /// The largest elements of the windows of the last axes, and their places within them.
  func maxPooled(_ axes: [WindowAxis]) -> (values: Payload, indices: Payload) {
    let outer = Shape(unchecked: shape.dropLast(axes.count))
    let result = Shape(unchecked: outer + axes.map(\.count))
    let span = Profiling.begin(
      "maxPooling", result, dtype,
      bytes: shape.elementCount * dtype.byteCount + result.elementCount * (dtype.byteCount + 4))
    defer { span?.end() }
    let source = contiguous
    // Now: inside a chunk of the pool it would be one thread's work, and nobody's in a profile.
    source.force()
    let three = Array(repeating: WindowAxis(alone: 1), count: 3 - axes.count) + axes
    var values: Payload?
    let indices = Payload(shape: result, dtype: .int32) { indices in
      values = Payload(shape: result, dtype: dtype) { out in
        if result.elementCount == 0 { return }
        three[0].withKernelForm { a in
          three[1].withKernelForm { b in
            three[2].withKernelForm { c in
              let forms = [a, b, c]
              let rows = result.elementCount / three[2].count
              parallel(rows, grain: max((1 << 13) / three[2].count, 1)) { begin, end in
                adj_max_pool(
                  dtype.code, out, indices.assumingMemoryBound(to: Int32.self), source.address,
                  forms, Int64(begin), Int64(end))
              }
            }
          }
        }
        withExtendedLifetime(source) {}
      }
    }
    return (values!, indices)
  }

  /// The elements of the last `axes` axes at `indices`, which have the shape of the result.
  func gatheringInPlanes(_ indices: Payload, axes: Int) -> Payload {
    planes(indices, axes: axes, gathers: true, shape: indices.shape)
  }

  /// Zeros of `shape` with these elements added at `indices` of their planes.
  func scatteringInPlanes(_ indices: Payload, axes: Int, shape: Shape) -> Payload {
    planes(indices, axes: axes, gathers: false, shape: shape)
  }

  private func planes(_ indices: Payload, axes: Int, gathers: Bool, shape: Shape) -> Payload {
    let span = Profiling.begin(
      gathers ? "gather in planes" : "scatter in planes", shape, dtype,
      bytes: (indices.shape.elementCount + shape.elementCount) * dtype.byteCount + 4
        * indices.shape.elementCount)
    defer { span?.end() }
    let (source, indices) = (contiguous, indices.contiguous)
    source.force()
    indices.force()
    let full = gathers ? self.shape : shape
    let planes = Shape(unchecked: full.dropLast(axes)).elementCount
    let size = Shape(unchecked: full.suffix(axes)).elementCount
    let count = Shape(unchecked: indices.shape.suffix(axes)).elementCount
    return Payload(shape: shape, dtype: dtype) { out in
      parallel(planes, grain: max((1 << 14) / max(size, count, 1), 1)) { begin, end in
        adj_plane_gather(
          dtype.code, gathers, out, source.address,
          indices.address.assumingMemoryBound(to: Int32.self), Int64(count), Int64(size),
          Int64(begin), Int64(end))
      }
      withExtendedLifetime((source, indices)) {}
    }
  }
}
