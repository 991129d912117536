import CAdjoint

// The memory side of operations that move elements.

extension Payload {
  /// The payloads behind one another along an axis; the shapes have been checked.
  static func concatenated(_ parts: [Payload], shape: Shape, axis: Int) -> Payload {
    let dtype = parts[0].dtype
    let contiguous = parts.map(\.contiguous)
    let outer = Shape(unchecked: shape[..<axis]).elementCount
    let inner = Shape(unchecked: shape[(axis + 1)...]).elementCount * dtype.byteCount
    return Payload(shape: shape, dtype: dtype) { out in
      var at = 0
      for part in contiguous {
        let block = part.shape[axis] * inner
        if block == 0 { continue }
        let source = part.address
        for index in 0..<outer {
          (out + (index * shape[axis] * inner + at))
            .copyMemory(from: source + index * block, byteCount: block)
        }
        at += block
      }
    }
  }

  /// Rows of the first axis picked by `indices`, a contiguous int64 payload that has been checked.
  func gatheringRows(_ indices: Payload) -> Payload {
    let source = contiguous
    var sizes = shape
    sizes[0] = indices.shape.elementCount
    let rowBytes = Shape(unchecked: shape[1...]).elementCount * dtype.byteCount
    return Payload(shape: sizes, dtype: dtype) { out in
      let (from, which) = (source.address, indices.address.assumingMemoryBound(to: Int64.self))
      parallel(sizes[0], grain: max((1 << 16) / max(rowBytes, 1), 1)) { begin, end in
        adj_gather_rows(out, from, which, Int64(rowBytes), Int64(begin), Int64(end))
      }
    }
  }

  /// Zeros of `count` rows to which the rows of this payload are added at `indices`.
  func scatteringRows(_ indices: Payload, count: Int) -> Payload {
    let source = contiguous
    var sizes = shape
    let rows = sizes[0]
    sizes[0] = count
    let width = Shape(unchecked: shape[1...]).elementCount
    return Payload(shape: sizes, dtype: dtype) { out in
      fill(out, with: 0, sizes.elementCount, dtype)
      let (from, which) = (source.address, indices.address.assumingMemoryBound(to: Int64.self))
      parallel(width, grain: max((1 << 15) / max(rows, 1), 16), multiple: 16) { begin, end in
        adj_scatter_add_rows(
          dtype.code, out, from, which, Int64(rows), Int64(width), Int64(begin), Int64(end))
      }
    }
  }

  /// The smallest and the largest element of a non-empty contiguous int64 payload.
  var indexBounds: ClosedRange<Int> {
    var (low, high): (Int64, Int64) = (0, 0)
    adj_index_bounds(
      address.assumingMemoryBound(to: Int64.self), Int64(shape.elementCount), &low, &high)
    return Int(low)...Int(high)
  }

  /// The elements as Swift values; `S` has this payload's dtype.
  func elements<S: TensorScalar>(_ type: S.Type) -> [S] {
    let source = contiguous
    return withExtendedLifetime(source) {
      Array(
        UnsafeBufferPointer(
          start: source.address.assumingMemoryBound(to: S.self), count: shape.elementCount))
    }
  }

  convenience init<S: TensorScalar>(_ scalars: [S], shape: Shape) {
    self.init(shape: shape, dtype: S.dtype) { out in
      scalars.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { out.copyMemory(from: base, byteCount: bytes.count) }
      }
    }
  }

  convenience init(bytes: [UInt8], shape: Shape, dtype: DType) {
    self.init(shape: shape, dtype: dtype) { out in
      bytes.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { out.copyMemory(from: base, byteCount: bytes.count) }
      }
      // A bool is 0 or 1; whatever else a file holds is true.
      if dtype == .bool {
        let truths = out.assumingMemoryBound(to: UInt8.self)
        for index in 0..<bytes.count where truths[index] > 1 { truths[index] = 1 }
      }
    }
  }

  /// The memory of the elements in row-major order, little-endian on every machine we run on.
  func byteArray() -> [UInt8] {
    let source = contiguous
    return withExtendedLifetime(source) {
      Array(
        UnsafeRawBufferPointer(
          start: source.address, count: shape.elementCount * dtype.byteCount))
    }
  }
}
