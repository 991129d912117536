import CAdjoint

// The memory side of gather, scatter, windows and masks.

/// Where slices or elements are read and written along an axis.
struct Places: Sendable {
  /// Contiguous int64 indices that have been checked.
  let indices: Payload
  let axis: Int
  /// Whether every element has an index of its own, as `gatheringAlongAxis` means it, and not every
  /// slice.
  let isAlong: Bool

  /// The shape of what is read from, or written to, a tensor of the given shape.
  func shape(in base: Shape) -> Shape {
    isAlong
      ? indices.shape
      : Shape(unchecked: Array(base[..<axis]) + Array(indices.shape) + Array(base[(axis + 1)...]))
  }
}

extension Payload {
  /// What lies at some places.
  func gathering(_ places: Places) -> Payload {
    let sizes = places.shape(in: shape)
    let span = Profiling.begin(
      "gather", sizes, dtype,
      bytes: 2 * sizes.elementCount * dtype.byteCount + 8 * places.indices.shape.elementCount)
    defer { span?.end() }
    let (source, indices) = (contiguous, places.indices)
    let inner = Shape(unchecked: shape[(places.axis + 1)...]).elementCount
    let outer = Shape(unchecked: shape[..<places.axis]).elementCount
    let length = shape[places.axis]
    return Payload(shape: sizes, dtype: dtype) { out in
      let (from, size) = (source.address, dtype.byteCount)
      let which = indices.address.assumingMemoryBound(to: Int64.self)
      if places.isAlong {
        let count = sizes[places.axis]
        parallel(sizes.elementCount, grain: 1 << 14) { begin, end in
          adj_gather_along(
            Int32(size), out, from, which, Int64(length), Int64(count), Int64(inner),
            Int64(begin), Int64(end))
        }
      } else {
        let (count, block) = (indices.shape.elementCount, inner * size)
        parallel(outer * count, grain: max((1 << 16) / max(block, 1), 1)) { begin, end in
          adj_gather_blocks(
            out, from, which, Int64(length), Int64(count), Int64(block), Int64(begin), Int64(end))
        }
      }
    }
  }

  /// This payload with `values`, of the shape of the places, combined into it there.
  func scattering(_ values: Payload, _ places: Places, _ mode: adj_scatter_mode) -> Payload {
    let span = Profiling.begin(
      "scatter", shape, dtype,
      bytes: readByteCount + shape.elementCount * dtype.byteCount + values.readByteCount
        + 8 * places.indices.shape.elementCount)
    defer { span?.end() }
    let (source, indices) = (values.contiguous, places.indices)
    let inner = Shape(unchecked: shape[(places.axis + 1)...]).elementCount
    let outer = Shape(unchecked: shape[..<places.axis]).elementCount
    let length = shape[places.axis]
    let count = places.isAlong ? indices.shape[places.axis] : indices.shape.elementCount
    return Payload(shape: shape, dtype: dtype) { out in
      copy(toNew: out)
      let from = source.address
      let which = indices.address.assumingMemoryBound(to: Int64.self)
      if count == 0 { return }
      parallel(outer * inner, grain: max((1 << 15) / count, 16), multiple: 16) { begin, end in
        adj_scatter(
          mode, dtype.code, out, from, which, places.isAlong, Int64(length), Int64(count),
          Int64(inner), Int64(begin), Int64(end))
      }
    }
  }

  /// The smallest and the largest element of a non-empty contiguous int64 payload.
  var indexBounds: ClosedRange<Int> {
    let span = Profiling.begin("check of indices", shape, dtype, bytes: 8 * shape.elementCount)
    defer { span?.end() }
    let (count, chunk) = (shape.elementCount, 1 << 17)
    let chunks = (count + chunk - 1) / chunk
    let indices = address.assumingMemoryBound(to: Int64.self)
    var bounds = [(low: Int64, high: Int64)](repeating: (0, 0), count: chunks)
    bounds.withUnsafeMutableBufferPointer { bounds in
      ThreadPool.shared.run(chunks: chunks) { index in
        let (start, size) = (index * chunk, min(chunk, count - index * chunk))
        adj_index_bounds(indices + start, Int64(size), &bounds[index].low, &bounds[index].high)
      }
    }
    return Int(bounds.map(\.low).min()!)...Int(bounds.map(\.high).max()!)
  }

  /// The sums of overlapping windows along an axis: windows of `[..., count, ..., size]` give
  /// `[..., length, ...]`.
  func folding(axis: Int, length: Int, step: Int) -> Payload {
    let source = contiguous
    var sizes = Shape(unchecked: shape.dropLast())
    let (count, size) = (sizes[axis], shape.last!)
    sizes[axis] = length
    let span = Profiling.begin(
      "folded", sizes, dtype, flops: Double(shape.elementCount),
      bytes: (shape.elementCount + sizes.elementCount) * dtype.byteCount)
    defer { span?.end() }
    let inner = Shape(unchecked: sizes[(axis + 1)...]).elementCount
    return Payload(shape: sizes, dtype: dtype) { out in
      let from = source.address
      let work = (1 << 14) / max(size / step, 1)
      parallel(sizes.elementCount, grain: max(work, 256)) { begin, end in
        adj_fold(
          dtype.code, out, from, Int64(length), Int64(count), Int64(inner), Int64(size),
          Int64(step), Int64(begin), Int64(end))
      }
    }
  }

  /// The row-major positions of the true elements of a bool payload, in order, as int64.
  var truePositions: Payload {
    let span = Profiling.begin("nonzero", shape, dtype, bytes: 2 * shape.elementCount)
    defer { span?.end() }
    let mask = contiguous
    let (total, chunk) = (shape.elementCount, 1 << 16)
    let chunks = (total + chunk - 1) / chunk
    return withExtendedLifetime(mask) {
      let bytes = mask.address.assumingMemoryBound(to: UInt8.self)
      var starts = [Int](repeating: 0, count: chunks + 1)
      starts.withUnsafeMutableBufferPointer { starts in
        ThreadPool.shared.run(chunks: chunks) { index in
          let end = min((index + 1) * chunk, total)
          starts[index + 1] = Int(adj_count_true(bytes, Int64(index * chunk), Int64(end)))
        }
      }
      for index in 0..<chunks { starts[index + 1] += starts[index] }
      return Payload(shape: [starts[chunks]], dtype: .int64) { out in
        let positions = out.assumingMemoryBound(to: Int64.self)
        ThreadPool.shared.run(chunks: chunks) { index in
          let count = starts[index + 1] - starts[index]
          adj_nonzero(positions + starts[index], bytes, Int64(index * chunk), Int64(count))
        }
      }
    }
  }

  /// Row-major positions in an array of a shape as rows of one index per axis.
  func unravelled(in base: Shape) -> Payload {
    let span = Profiling.begin(
      "unravelled", [shape.elementCount, base.rank], dtype,
      bytes: 8 * shape.elementCount * (base.rank + 1))
    defer { span?.end() }
    return Payload(shape: [shape.elementCount, base.rank], dtype: .int64) { out in
      let rows = out.assumingMemoryBound(to: Int64.self)
      let positions = address.assumingMemoryBound(to: Int64.self)
      parallel(shape.elementCount, grain: 1 << 13) { begin, end in
        base.withDimensions {
          adj_unravel(rows, positions, Int64(base.rank), $0, Int64(begin), Int64(end))
        }
      }
    }
  }
}
