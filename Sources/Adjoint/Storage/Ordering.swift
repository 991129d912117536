import CAdjoint

// The memory side of sorting, searching and counting. Rows are those of the last axis.

extension Payload {
  /// The rows of this contiguous payload in order, and where their elements were.
  func sortedRows(descending: Bool) -> (values: Payload, indices: Payload) {
    let span = Profiling.begin(
      "sorted", shape, dtype, bytes: shape.elementCount * (2 * dtype.byteCount + 8))
    defer { span?.end() }
    let indices = Payload(shape: shape, dtype: .int64) { _ in }  // written with the values
    let values = Payload(shape: shape, dtype: dtype) {
      sortRows(descending, $0, indices.address.assumingMemoryBound(to: Int64.self))
    }
    return (values, indices)
  }

  /// Where the elements of each row have to be taken from to be in order.
  func sortingIndices(descending: Bool) -> Payload {
    let span = Profiling.begin(
      "argSort", shape, dtype, bytes: shape.elementCount * (dtype.byteCount + 8))
    defer { span?.end() }
    return Payload(shape: shape, dtype: .int64) {
      sortRows(descending, nil, $0.assumingMemoryBound(to: Int64.self))
    }
  }

  private func sortRows(
    _ descending: Bool, _ values: UnsafeMutableRawPointer?, _ indices: UnsafeMutablePointer<Int64>
  ) {
    guard let length = shape.last, shape.elementCount > 0 else { return }
    let source = address
    let perElement = Int(adj_sort_scratch_per_element(dtype.code))
    parallel(shape.elementCount / length, grain: max((1 << 13) / length, 1)) { begin, end in
      let scratch = Buffer(byteCount: length * perElement)
      adj_sort_rows(
        dtype.code, descending, values, indices, source, Int64(length), Int64(begin), Int64(end),
        scratch.address)
    }
  }

  /// The first `count` elements of each sorted row, at most `ADJ_TOP_MAX`, and where they were.
  func topRows(_ count: Int, descending: Bool) -> (values: Payload, indices: Payload) {
    let length = shape.last ?? 0
    var sizes = shape
    sizes[sizes.rank - 1] = count
    let span = Profiling.begin(
      "topK", sizes, dtype,
      bytes: shape.elementCount * dtype.byteCount + sizes.elementCount * (dtype.byteCount + 8))
    defer { span?.end() }
    let indices = Payload(shape: sizes, dtype: .int64) { _ in }  // written with the values
    let values = Payload(shape: sizes, dtype: dtype) { out in
      if sizes.elementCount == 0 { return }
      let (source, which) = (address, indices.address.assumingMemoryBound(to: Int64.self))
      parallel(sizes.elementCount / count, grain: max((1 << 14) / length, 1)) { begin, end in
        adj_top_rows(
          dtype.code, descending, out, which, source, Int64(length), Int64(count), Int64(begin),
          Int64(end))
      }
    }
    return (values, indices)
  }

  /// How many elements of the sorted row stand before each value: row by row of contiguous payloads,
  /// or one row for all values.
  static func search(_ rows: Payload, for values: Payload, right: Bool) -> Payload {
    let length = rows.shape.last ?? 0
    let count = rows.shape.rank == 1 ? values.shape.elementCount : values.shape.last ?? 0
    let span = Profiling.begin("searchSorted", values.shape, rows.dtype)
    defer { span?.end() }
    return Payload(shape: values.shape, dtype: .int64) { out in
      let (sequence, wanted) = (rows.address, values.address)
      let indices = out.assumingMemoryBound(to: Int64.self)
      let size = rows.dtype.byteCount
      for row in 0..<values.shape.elementCount / max(count, 1) {
        parallel(count, grain: 1 << 12) { begin, end in
          adj_search_sorted(
            rows.dtype.code, right, indices + row * count, sequence + row * length * size,
            Int64(length), wanted + row * count * size, Int64(begin), Int64(end))
        }
      }
    }
  }

  /// How often each of `0 ..< bound` occurs among these contiguous int64 elements, all below it.
  func occurrences(below bound: Int) -> Payload {
    let span = Profiling.begin("binCount", [bound], dtype, bytes: 8 * (shape.elementCount + bound))
    defer { span?.end() }
    return Payload(shape: [bound], dtype: .int64) { out in
      fill(out, with: 0, bound, .int64)
      adj_count(
        out.assumingMemoryBound(to: Int64.self), address.assumingMemoryBound(to: Int64.self),
        Int64(shape.elementCount))
    }
  }

  /// How many of these contiguous floats fall between even, contiguous edges: a row of counts for
  /// each chunk.
  func histogramRows(edges: Payload) -> Payload {
    let (count, bins) = (shape.elementCount, edges.shape[0] - 1)
    let chunk = 1 << 16
    let rows = (count + chunk - 1) / chunk
    let span = Profiling.begin("histogram", [bins], dtype, bytes: count * dtype.byteCount)
    defer { span?.end() }
    return Payload(shape: [rows, bins], dtype: .int64) { out in
      let (source, bounds) = (address, edges.address)
      let counts = out.assumingMemoryBound(to: Int64.self)
      fill(out, with: 0, rows * bins, .int64)
      parallel(count, grain: chunk, multiple: chunk) { begin, end in
        adj_histogram(
          dtype.code, counts + begin / chunk * bins, source + begin * dtype.byteCount,
          Int64(end - begin), bounds, Int64(bins))
      }
    }
  }
}
