import CAdjoint

// The memory side of operations that move elements.

extension Payload {
  /// The payloads behind one another along an axis; the shapes have been checked.
  static func concatenated(_ parts: [Payload], shape: Shape, axis: Int) -> Payload {
    let dtype = parts[0].dtype
    let span = Profiling.begin(
      "concatenated", shape, dtype, bytes: 2 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    let steps = shape.rowMajorStrides
    let outer = Shape(unchecked: shape[..<axis]).elementCount
    let row = Shape(unchecked: shape[(axis + 1)...]).elementCount * dtype.byteCount
    return Payload(shape: shape, dtype: dtype) { out in
      var at = 0
      for part in parts {
        let block = part.shape[axis] * row
        if outer <= 4, block <= 1 << 16, part.isContiguous {
          // Many small parts are the rule when rows are stacked: nothing is set up for them.
          let source = part.address
          for index in 0..<outer {
            (out + index * shape[axis] * row + at)
              .copyMemory(from: source + index * block, byteCount: block)
          }
        } else {
          part.write(to: out + at, part.shape, strides: steps)
        }
        at += block
      }
    }
  }

  /// Writes the elements, stretched to `shape`, to memory where they lie `target` apart.
  func write(to out: UnsafeMutableRawPointer, _ shape: Shape, strides target: Shape) {
    let (size, source) = (dtype.byteCount, address)
    let (iteration, strides) = shape.collapsed([
      target, strides.stretched(from: self.shape, to: shape),
    ])
    // A chunk is whole rows, so that transposed reads can work on blocks of them.
    let rows = max(iteration.last ?? 1, 1) * 16
    parallel(shape.elementCount, grain: max(1 << 15, rows), multiple: rows) { begin, end in
      iteration.withDimensions { dimensions in
        strides[0].withDimensions { outStrides in
          strides[1].withDimensions { inStrides in
            adj_copy_strided(
              out, outStrides, source, inStrides, Int32(size), Int64(iteration.rank), dimensions,
              Int64(begin), Int64(end))
          }
        }
      }
    }
  }

  /// `base` with the elements of a region replaced by those of `value`, stretched to it.
  ///
  /// A base that nobody else can see is changed where it is.
  static func replacing(
    _ region: Region, of base: consuming Payload, with value: Payload
  ) -> Payload {
    // First, because a pending value may hold on to the base's memory.
    value.force()
    if base.constant == nil { base.force() }
    let (shape, dtype, steps) = (base.shape, base.dtype, base.shape.rowMajorStrides)
    let span = Profiling.begin(
      "assign", region.shape, dtype,
      bytes: value.readByteCount + region.shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    func write(to out: UnsafeMutableRawPointer) {
      value.write(
        to: out + region.offset(steps) * dtype.byteCount, region.shape,
        strides: region.strides(steps))
    }
    if isKnownUniquelyReferenced(&base), let own = base.surrenderBuffer() {
      write(to: own.address)
      return base
    }
    let old = base
    return Payload(shape: shape, dtype: dtype) { out in
      if region.shape.elementCount < shape.elementCount { old.copy(toNew: out) }
      write(to: out)
    }
  }

  /// `base` with the elements of `value` added to those of a region, of the same shape.
  ///
  /// A base that nobody else can see is changed where it is.
  static func adding(
    _ value: Payload, to base: consuming Payload, in region: Region
  ) -> Payload {
    // First, because a pending value may hold on to the base's memory.
    value.force()
    if base.constant == nil { base.force() }
    let (shape, dtype) = (base.shape, base.dtype)
    let span = Profiling.begin(
      "add to part", value.shape, dtype, flops: Double(value.shape.elementCount),
      bytes: 3 * value.shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    if isKnownUniquelyReferenced(&base), let own = base.surrenderBuffer() {
      value.add(to: own.address, in: region)
      return base
    }
    let old = base
    return Payload(shape: shape, dtype: dtype) { out in
      old.copy(toNew: out)
      value.add(to: out, in: region)
    }
  }

  /// Adds the elements to those of a region of a row-major array.
  private func add(to out: UnsafeMutableRawPointer, in region: Region) {
    let (size, source, steps) = (dtype.byteCount, address, region.base.rowMajorStrides)
    let (box, strides) = shape.collapsed([region.strides(steps), self.strides])
    let to = out + region.offset(steps) * size
    guard shape.elementCount > 0, let count = box.first else {
      // One element has no axis left.
      if shape.elementCount > 0 { adj_add_box(dtype.code, 1, [1], to, [1], source, [1]) }
      return
    }
    parallel(count, grain: max((1 << 15) * count / shape.elementCount, 1)) { begin, end in
      var part = box
      part[0] = end - begin
      part.withDimensions { dimensions in
        strides[0].withDimensions { outStrides in
          strides[1].withDimensions { inStrides in
            adj_add_box(
              dtype.code, Int64(box.rank), dimensions, to + begin * strides[0][0] * size,
              outStrides,
              source + begin * strides[1][0] * size, inStrides)
          }
        }
      }
    }
  }

  /// Writes all elements to `out` in row-major order, a constant without reading it.
  func copy(toNew out: UnsafeMutableRawPointer) {
    guard let constant, !isReady else {
      return write(to: out, shape, strides: shape.rowMajorStrides)
    }
    let size = dtype.byteCount
    parallel(shape.elementCount, grain: 1 << 16) { begin, end in
      fill(out + begin * size, with: constant, end - begin, dtype)
    }
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
