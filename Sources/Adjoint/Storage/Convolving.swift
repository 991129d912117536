import CAdjoint
import Glibc

// The memory side of convolutions: the three products of input, weights and result.

/// The output channels that a kernel computes at once.
private let block = Int(ADJ_CONV_BLOCK)

extension ConvolutionPlan {
  /// The result of the convolution, `bias` of one number per output channel added.
  func product(_ x: Payload, _ weights: Payload, bias: Payload?) -> Payload {
    let span = beginProfiling("convolution", x.dtype)
    defer { span?.end() }
    return product(x, weights, bias: bias, isTransposed: false)
  }

  /// The transposed convolution: from something like the result to something like the input.
  func transposedProduct(_ y: Payload, _ weights: Payload, bias: Payload?) -> Payload {
    let span = beginProfiling("transposed convolution", y.dtype)
    defer { span?.end() }
    return product(y, weights, bias: bias, isTransposed: true)
  }

  private func product(
    _ source: Payload, _ weights: Payload, bias: Payload?, isTransposed: Bool
  ) -> Payload {
    let dtype = source.dtype
    let shape = isTransposed ? inputShape : outputShape
    if shape.elementCount == 0 { return Payload(shape: shape, dtype: dtype) { _ in } }
    let (weights, bias) = (weights.contiguous, bias?.contiguous)
    // Here, where a profile sees it, and not in the first task that reads it.
    for operand in [weights, bias] { operand?.force() }
    let from = (isTransposed ? outputs : inputs) / groups
    let to = (isTransposed ? inputs : outputs) / groups
    let table = TapTable(self, isTransposed: isTransposed)
    let slab = Slab(
      table, self, channels: from, dtype: dtype, byteCount: 1 << 19, positions: 2048, chunks: 8)
    let packed = pack(weights, table, isTransposed: isTransposed)
    let seen = table.sets.map(slab.windows)
    let images = Images(source)
    // Where there are few slabs, several threads make the same one for different channels.
    let blocks = (to + block - 1) / block
    let parts = slab.chunks * groups >= 4 ? 1 : min(blocks, 4)
    let perPart = (blocks + parts - 1) / parts * block
    let stride = (slab.positions + Int(ADJ_CONV_SLACK) + 15) & ~15
    let perElement = weights.shape.elementCount / max(outputs, 1)
    let work = Double(source.shape.elementCount) * Double(perElement)
    return Payload(shape: shape, dtype: dtype) { out in
      let results = Images(out, shape.rowMajorStrides, dtype)
      parallel(units: groups * slab.chunks * parts, operations: work) { unit in
        let (group, part) = (unit / (slab.chunks * parts), unit % parts)
        let (numbers, rows) = slab.part(unit / parts % slab.chunks)
        let memory = Buffer(byteCount: slab.byteCount)
        let scratch = Buffer(byteCount: block * stride * dtype.byteCount)
        slab.fill(
          memory.address, from: images, channel: group * from, images: numbers, rows: rows)
        var base = 0
        for (set, (template, offsets)) in zip(table.sets, seen) {
          let (counts, first) = slab.box(set, rows: rows)
          let (positions, runs) = slab.runs(counts, images: numbers.count)
          var windows = template
          windows.slab = UnsafeRawPointer(memory.address)
          (windows.positions, windows.runs) = (Int64(positions), Int64(runs))
          let at = first &* table.destinationSteps &+ set.phase
          var low = part * perPart
          while low < min((part + 1) * perPart, to), positions > 0 {
            let channel = group * to + low
            let count = min(block, to - low)
            let place = base + channel * from * set.positions.count
            offsets.withUnsafeBufferPointer { offsets in
              windows.offsets = offsets.baseAddress
              adj_conv_product(
                dtype.code, &windows, packed.address + place * dtype.byteCount,
                bias.map { UnsafeRawPointer($0.address + channel * dtype.byteCount) },
                Int64(count), scratch.address, Int64(stride))
            }
            copyBox(
              dtype.byteCount, Shape(unchecked: [count, numbers.count]).appending(counts),
              to: results.address(image: numbers.lowerBound, channel: channel, at: at),
              Shape(unchecked: [results.channel, results.image])
                .appending(results.steps &* table.destinationSteps),
              from: scratch.address,
              Shape(unchecked: [stride, slab.imageStride]).appending(slab.strides))
            low += count
          }
          base += to * groups * from * set.positions.count
        }
        withExtendedLifetime((memory, scratch)) {}
      }
      withExtendedLifetime((source, packed, bias)) {}
    }
  }

  /// The gradient of the weights: the product of the input and something like the result.
  ///
  /// The batch is cut by sizes alone; each part is summed by one thread, then the parts in order.
  func weightProduct(_ x: Payload, _ y: Payload) -> Payload {
    let span = beginProfiling("convolution (weights)", x.dtype)
    defer { span?.end() }
    let (dtype, size) = (x.dtype, x.dtype.byteCount)
    let shape = weightShape
    let count = shape.elementCount
    if count == 0 || inputShape.elementCount == 0 || outputShape.elementCount == 0 {
      return Payload(shape: shape, dtype: dtype) { fill($0, with: 0, count, dtype) }
    }
    let (from, to) = (inputs / groups, outputs / groups)
    let table = TapTable(self, isTransposed: false)
    let slab = Slab(
      table, self, channels: from, dtype: dtype, byteCount: 1 << 20, positions: 1280, chunks: 1)
    let set = table.sets[0]
    let (template, offsets) = slab.windows(set)
    let width = count / outputs
    let parts = min(slab.chunks, 16, max((1 << 22) / count, 1))
    // With few parts the output channels are shared out as well.
    let blocks = (to + block - 1) / block
    let ranges = min(blocks, max(8 / (parts * groups), 1))
    let perRange = (blocks + ranges - 1) / ranges * block
    let stride = (slab.positions + Int(ADJ_CONV_SLACK) + 15) & ~15
    let (xs, ys) = (Images(x), Images(y))
    let work = Double(outputShape.elementCount) * Double(width)
    let sums = Payload(shape: [parts, count], dtype: dtype) { out in
      parallel(units: parts * groups * ranges, operations: work) { unit in
        let (part, group) = (unit / (groups * ranges), unit / ranges % groups)
        let low = min(unit % ranges * perRange, to)
        let high = min(low + perRange, to)
        let start = out + (part * count + (group * to + low) * width) * size
        memset(start, 0, (high - low) * width * size)
        let memory = Buffer(byteCount: slab.byteCount)
        let rows = Buffer(byteCount: block * stride * size)
        var last = SIMD4<Int>()
        for chunk in part * slab.chunks / parts..<(part + 1) * slab.chunks / parts {
          let (numbers, cut) = slab.part(chunk)
          slab.fill(memory.address, from: xs, channel: group * from, images: numbers, rows: cut)
          let (counts, first) = slab.box(set, rows: cut)
          // The gaps between rows stay zero as long as the box is the same.
          let box = SIMD4(counts, numbers.count)
          if box != last { memset(rows.address, 0, block * stride * size) }
          last = box
          let (positions, runs) = slab.runs(counts, images: numbers.count)
          var windows = template
          windows.slab = UnsafeRawPointer(memory.address)
          (windows.positions, windows.runs) = (Int64(positions), Int64(runs))
          for channel in Swift.stride(from: low, to: high, by: block) {
            let number = min(block, high - channel)
            copyBox(
              size, Shape(unchecked: [number, numbers.count]).appending(counts),
              to: rows.address,
              Shape(unchecked: [stride, slab.imageStride]).appending(slab.strides),
              from: ys.address(
                image: numbers.lowerBound, channel: group * to + channel, at: first),
              Shape(unchecked: [ys.channel, ys.image]).appending(ys.steps))
            offsets.withUnsafeBufferPointer { offsets in
              windows.offsets = offsets.baseAddress
              adj_conv_dot(
                dtype.code, &windows, rows.address, Int64(stride), Int64(number),
                start + (channel - low) * width * size, Int64(width))
            }
          }
        }
        withExtendedLifetime((memory, rows)) {}
      }
      withExtendedLifetime((x, y)) {}
    }
    return sums.reduced(ADJ_SUM, outer: 1, length: parts, inner: count, shape: shape, dtype: dtype)
  }

  /// The weights in the order the kernel reads them: for each set of taps and block of channels.
  private func pack(_ weights: Payload, _ table: TapTable, isTransposed: Bool) -> Buffer {
    let (dtype, size) = (weights.dtype, weights.dtype.byteCount)
    let packed = Buffer(byteCount: weights.shape.elementCount * size)
    let (ins, outs) = (inputs / groups, outputs / groups)
    let (from, to) = isTransposed ? (outs, ins) : (ins, outs)
    let kernel = axes.reduce(1) { $0 * $1.kernel }
    let (fromStride, toStride) = isTransposed ? (ins * kernel, kernel) : (kernel, ins * kernel)
    var base = 0
    for set in table.sets {
      let taps = set.positions.count
      let perBlock = Double(from * taps * block)
      let blocks = (to + block - 1) / block
      parallel(groups * blocks, grain: max(Int(3e4 / max(perBlock, 1)), 1)) { begin, end in
        for unit in begin..<end {
          let (group, first) = (unit / blocks, unit % blocks * block)
          let start = group * outs * ins * kernel + first * toStride
          set.positions.withUnsafeBufferPointer {
            adj_conv_pack(
              dtype.code, packed.address + (base + (group * to + first) * from * taps) * size,
              weights.address + start * size, Int64(min(block, to - first)),
              Int64(from), Int64(taps), $0.baseAddress, Int64(toStride), Int64(fromStride))
          }
        }
      }
      base += to * groups * from * taps
    }
    return packed
  }
}
