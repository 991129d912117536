import CAdjoint
import Glibc

/// How the source of a convolution is laid out in scratch memory, some images or some rows at a time.
///
/// A slab holds the channels of one group, each as its phases, each of them the images one after
/// another with the zeros around them. So whatever a tap sees at consecutive positions lies at
/// consecutive addresses. It is meant to stay in the L2 cache.
struct Slab {
  let table: TapTable
  let dtype: DType
  let channels: Int
  /// Images in a slab, and elements along the axis that is cut, of the destination's phases.
  let images: Int
  let rows: Int
  /// The number of slabs.
  let chunks: Int
  private let batch: Int
  private let chunksPerImage: Int
  /// The axis that is cut where an image does not fit: the first one.
  private let cut: Int
  private let extents: SIMD3<Int>
  let strides: SIMD3<Int>
  let imageStride: Int
  private let planeStride: Int
  let channelStride: Int

  /// - Parameter positions: about how many elements of the destination a slab should serve.
  init(_ table: TapTable, _ plan: ConvolutionPlan, channels: Int, dtype: DType, positions: Int) {
    (self.table, self.dtype, self.channels, batch) = (table, dtype, channels, plan.batch)
    let capacity = (1 << 19) / dtype.byteCount
    let counts = table.counts
    let halo = table.highestShift &- table.lowestShift
    cut = 3 - plan.axes.count
    var extents = counts &+ halo
    let width = max(channels * table.sourcePhases.count, 1)
    let image = extents[0] * extents[1] * extents[2]
    let row = max(image / max(extents[cut], 1), 1)
    let fitting = min(capacity / max(width * image, 1), positions / max(image, 1))
    if fitting >= 2 || image == 0 {
      images = max(1, min(fitting, (batch + 7) / 8))
      rows = counts[cut]
    } else {
      images = 1
      let room = min(capacity / (width * row) - halo[cut], positions / row)
      let parts = (counts[cut] + max(room, 1) - 1) / max(room, 1)
      rows = (counts[cut] + parts - 1) / max(parts, 1)
    }
    chunksPerImage = rows == 0 ? 0 : (counts[cut] + rows - 1) / rows
    chunks = (batch + images - 1) / images * chunksPerImage
    extents[cut] = rows + halo[cut]
    self.extents = extents
    strides = SIMD3(extents[1] * extents[2], extents[2], 1)
    imageStride = extents[0] * strides[0]
    planeStride = images * imageStride
    // An odd number of cache lines: channels then do not compete for the same places of the cache.
    let lines = (planeStride * table.sourcePhases.count * dtype.byteCount + 63) / 64 | 1
    channelStride = lines * 64 / dtype.byteCount
  }

  var byteCount: Int { (channels * channelStride + Int(ADJ_CONV_SLACK)) * dtype.byteCount }

  /// The most positions a slab has.
  var positions: Int { planeStride }

  /// What chunk number `index` covers: a range of images, a range of the axis that is cut.
  func part(_ index: Int) -> (images: Range<Int>, rows: Range<Int>) {
    let (first, row) = (index / chunksPerImage * images, index % chunksPerImage * rows)
    return (first..<min(first + images, batch), row..<min(row + rows, table.counts[cut]))
  }

  /// Where each tap of a set finds its elements.
  func offsets(_ set: TapTable.Set) -> [Int64] {
    zip(set.sources, set.shifts).map { source, shift in
      let steps = (shift &- table.lowestShift) &* strides
      return Int64(source * planeStride + steps.wrappedSum())
    }
  }

  /// The elements of a phase of the destination in a chunk: how many along each axis, and the first.
  func box(_ set: TapTable.Set, rows: Range<Int>) -> (counts: SIMD3<Int>, first: SIMD3<Int>) {
    var (counts, first) = (set.counts, SIMD3<Int>())
    counts[cut] = min(rows.upperBound, counts[cut]) - rows.lowerBound
    first[cut] = rows.lowerBound
    return (counts, first)
  }

  /// From the first position of a box to behind its last one.
  func span(_ counts: SIMD3<Int>, images: Int) -> Int {
    (images - 1) * imageStride + ((counts &- 1) &* strides).wrappedSum() + 1
  }

  /// Fills `slab` with channels `channel...` of `source`, which has `total` of them.
  func fill(
    _ slab: UnsafeMutableRawPointer, from source: UnsafeRawPointer, channel: Int, of total: Int,
    images: Range<Int>, rows: Range<Int>
  ) {
    let size = dtype.byteCount
    memset(slab, 0, byteCount)
    let sizes = table.sourceSizes
    let area = sizes[0] * sizes[1] * sizes[2]
    var first = table.lowestShift
    first[cut] += rows.lowerBound
    for (index, phase) in table.sourcePhases.enumerated() {
      // The elements of the phase that exist, of those the slab has room for.
      let existing = (sizes &- phase &+ table.sourceSteps &- 1) / table.sourceSteps
      let low = pointwiseMax(first, SIMD3<Int>())
      let high = pointwiseMin(first &+ extents, existing)
      let counts = high &- low
      if counts.min() <= 0 { continue }
      let at = low &* table.sourceSteps &+ phase
      let position = (images.lowerBound * total + channel) * area + at.position(in: sizes)
      let to = index * planeStride + ((low &- first) &* strides).wrappedSum()
      copyBox(
        size, [channels, images.count, counts[0], counts[1], counts[2]], to: slab + to * size,
        [channelStride, imageStride, strides[0], strides[1], 1], from: source + position * size,
        Shape(unchecked: [area, total * area]).appending(sizes.strides(times: table.sourceSteps)))
    }
  }
}

/// Copies a box of elements between two strided arrays.
func copyBox(
  _ size: Int, _ shape: Shape, to out: UnsafeMutableRawPointer, _ outStrides: Shape,
  from source: UnsafeRawPointer, _ sourceStrides: Shape
) {
  shape.withDimensions { shape5 in
    outStrides.withDimensions { outStrides in
      sourceStrides.withDimensions {
        adj_copy_box(Int32(size), Int64(shape.rank), shape5, out, outStrides, source, $0)
      }
    }
  }
}

extension Shape {
  /// With three sizes more.
  func appending(_ sizes: SIMD3<Int>) -> Shape {
    var result = self
    for axis in 0..<3 { result.append(sizes[axis]) }
    return result
  }
}

extension SIMD3<Int> {
  /// The position of an element in a row-major array of `sizes`.
  func position(in sizes: SIMD3<Int>) -> Int {
    (self[0] * sizes[1] + self[1]) * sizes[2] + self[2]
  }

  /// The row-major strides of an array of these sizes, for every `steps`-th element.
  func strides(times steps: SIMD3<Int>) -> SIMD3<Int> {
    SIMD3(self[1] * self[2] * steps[0], self[2] * steps[1], steps[2])
  }
}
