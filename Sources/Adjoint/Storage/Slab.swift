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

  /// - Parameters:
  ///   - byteCount: how large a slab should be at most.
  ///   - positions: about how many elements of the destination it should serve at most.
  ///   - chunks: how many slabs there should be at least.
  init(
    _ table: TapTable, _ plan: ConvolutionPlan, channels: Int, dtype: DType, byteCount: Int,
    positions: Int, chunks least: Int
  ) {
    (self.table, self.dtype, self.channels, batch) = (table, dtype, channels, plan.batch)
    let capacity = byteCount / dtype.byteCount
    let counts = table.counts
    let halo = table.highestShift &- table.lowestShift
    cut = 3 - plan.axes.count
    var extents = counts &+ halo
    let width = max(channels * table.sourcePhases.count, 1)
    let image = extents[0] * extents[1] * extents[2]
    let row = max(image / max(extents[cut], 1), 1)
    let fitting = min(capacity / max(width * image, 1), positions / max(image, 1))
    if fitting >= 2 || image == 0 {
      images = max(1, min(fitting, (batch + least - 1) / least))
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
    let pitch = extents[2] - (cut == 2 && chunksPerImage > 1 ? 0 : Self.sharedZeros(table, extents))
    strides = SIMD3(extents[1] * pitch, pitch, 1)
    imageStride = extents[0] * strides[0]
    planeStride = images * imageStride
    // An odd number of cache lines: channels then do not compete for the same places of the cache.
    let lines = (planeStride * table.sourcePhases.count * dtype.byteCount + 63) / 64 | 1
    channelStride = lines * 64 / dtype.byteCount
  }

  /// How many zeros behind a row can be those before the next one.
  private static func sharedZeros(_ table: TapTable, _ extents: SIMD3<Int>) -> Int {
    let before = max(-table.lowestShift[2], 0)
    let behind = table.sourcePhases.map { phase in
      let existing =
        (table.sourceSizes[2] - phase[2] + table.sourceSteps[2] - 1)
        / table.sourceSteps[2]
      return table.lowestShift[2] + extents[2] - existing
    }
    return max(min(before, behind.min() ?? 0), 0)
  }

  var byteCount: Int { (channels * channelStride + Int(ADJ_CONV_SLACK)) * dtype.byteCount }

  /// The most positions a slab has.
  var positions: Int { planeStride }

  /// What chunk number `index` covers: a range of images, a range of the axis that is cut.
  func part(_ index: Int) -> (images: Range<Int>, rows: Range<Int>) {
    let (first, row) = (index / chunksPerImage * images, index % chunksPerImage * rows)
    return (first..<min(first + images, batch), row..<min(row + rows, table.counts[cut]))
  }

  /// What the taps of a set see, but for the slab's address, positions and offsets.
  ///
  /// A single tap is taken to be one of as many as there are channels: one loop instead of two.
  func windows(_ set: TapTable.Set) -> (windows: adj_windows, offsets: [Int64]) {
    var windows = adj_windows()
    let offsets = zip(set.sources, set.shifts).map { source, shift in
      Int64(source * planeStride + ((shift &- table.lowestShift) &* strides).wrappedSum())
    }
    (windows.channels, windows.taps) = (Int64(channels), Int64(offsets.count))
    windows.channel_stride = Int64(channelStride)
    windows.run_stride = Int64(imageStride)
    guard let only = offsets.first, offsets.count == 1 else { return (windows, offsets) }
    (windows.channels, windows.taps) = (1, Int64(channels))
    return (windows, (0..<channels).map { only + Int64($0 * channelStride) })
  }

  /// The elements of a phase of the destination in a chunk: how many along each axis, and the first.
  func box(_ set: TapTable.Set, rows: Range<Int>) -> (counts: SIMD3<Int>, first: SIMD3<Int>) {
    var (counts, first) = (set.counts, SIMD3<Int>())
    counts[cut] = min(rows.upperBound, counts[cut]) - rows.lowerBound
    first[cut] = rows.lowerBound
    return (counts, first)
  }

  /// The positions of a box: one run for each image, or for all where the gaps are small.
  func runs(_ counts: SIMD3<Int>, images: Int) -> (positions: Int, runs: Int) {
    if counts.min() <= 0 { return (0, 0) }
    let image = ((counts &- 1) &* strides).wrappedSum() + 1
    // The kernels complete the last vector of a run.
    if (image + 15) & ~15 <= imageStride { return (image, images) }
    return ((images - 1) * imageStride + image, 1)
  }

  /// Fills `slab` with channels from `channel` on.
  func fill(
    _ slab: UnsafeMutableRawPointer, from source: Images, channel: Int, images: Range<Int>,
    rows: Range<Int>
  ) {
    let size = dtype.byteCount
    memset(slab, 0, byteCount)
    var first = table.lowestShift
    first[cut] += rows.lowerBound
    for (index, phase) in table.sourcePhases.enumerated() {
      // The elements of the phase that exist, of those the slab has room for.
      let existing = (table.sourceSizes &- phase &+ table.sourceSteps &- 1) / table.sourceSteps
      let low = pointwiseMax(first, SIMD3<Int>())
      let counts = pointwiseMin(first &+ extents, existing) &- low
      if counts.min() <= 0 { continue }
      let at = low &* table.sourceSteps &+ phase
      let to = index * planeStride + ((low &- first) &* strides).wrappedSum()
      copyBox(
        size, Shape(unchecked: [channels, images.count]).appending(counts), to: slab + to * size,
        Shape(unchecked: [channelStride, imageStride]).appending(strides),
        from: source.address(image: images.lowerBound, channel: channel, at: at),
        Shape(unchecked: [source.channel, source.image])
          .appending(source.steps &* table.sourceSteps))
    }
  }
}

/// A payload of [batch, channels, ...] as copies read and write it, with three spatial axes.
struct Images {
  private let base: UnsafeMutableRawPointer
  private let size: Int
  /// How far apart images, channels and elements along the spatial axes are.
  let image: Int
  let channel: Int
  let steps: SIMD3<Int>

  /// The payload must be kept alive.
  init(_ payload: Payload) {
    self.init(payload.address, payload.strides, payload.dtype)
  }

  init(_ base: UnsafeMutableRawPointer, _ strides: Shape, _ dtype: DType) {
    (self.base, size) = (base, dtype.byteCount)
    (image, channel) = (strides[0], strides[1])
    var steps = SIMD3<Int>()
    for axis in 2..<strides.rank { steps[axis + 3 - strides.rank] = strides[axis] }
    self.steps = steps
  }

  func address(image number: Int, channel index: Int, at place: SIMD3<Int>)
    -> UnsafeMutableRawPointer
  {
    base + (number * image + index * channel + (place &* steps).wrappedSum()) * size
  }
}

/// Copies a box of elements between two strided arrays.
func copyBox(
  _ size: Int, _ shape: Shape, to out: UnsafeMutableRawPointer, _ outStrides: Shape,
  from source: UnsafeRawPointer, _ sourceStrides: Shape
) {
  shape.withDimensions { dimensions in
    outStrides.withDimensions { outStrides in
      sourceStrides.withDimensions {
        adj_copy_box(Int32(size), Int64(shape.rank), dimensions, out, outStrides, source, $0)
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
