import CAdjoint
import Glibc

// The memory side of convolutions: the three products of input, weights and result.

extension ConvolutionPlan {
  /// The result of the convolution, `bias` of one number per output channel added.
  func product(_ x: Payload, _ weights: Payload, bias: Payload?) -> Payload {
    product(x, weights, bias: bias, isTransposed: false)
  }

  /// The transposed convolution: from something like the result to something like the input.
  func transposedProduct(_ y: Payload, _ weights: Payload, bias: Payload?) -> Payload {
    product(y, weights, bias: bias, isTransposed: true)
  }

  private func product(
    _ source: Payload, _ weights: Payload, bias: Payload?, isTransposed: Bool
  ) -> Payload {
    let (dtype, size) = (source.dtype, source.dtype.byteCount)
    let (source, weights, bias) = (source.contiguous, weights.contiguous, bias?.contiguous)
    let shape = isTransposed ? inputShape : outputShape
    if shape.elementCount == 0 { return Payload(shape: shape, dtype: dtype) { _ in } }
    let from = (isTransposed ? outputs : inputs) / groups
    let to = (isTransposed ? inputs : outputs) / groups
    let table = TapTable(self, isTransposed: isTransposed)
    let slab = Slab(
      table, self, channels: from, dtype: dtype, byteCount: 1 << 19, positions: 2048, chunks: 8)
    let packed = pack(weights, table, isTransposed: isTransposed)
    let seen = table.sets.map(slab.windows)
    // Where there are few slabs, several threads make the same one for different channels.
    let blocks = (to + Int(ADJ_CONV_BLOCK) - 1) / Int(ADJ_CONV_BLOCK)
    let parts = slab.chunks * groups >= 4 ? 1 : min(blocks, 4)
    let perPart = (blocks + parts - 1) / parts * Int(ADJ_CONV_BLOCK)
    let stride = (slab.positions + Int(ADJ_CONV_SLACK) + 15) & ~15
    let sizes = table.destinationSizes
    let area = sizes[0] * sizes[1] * sizes[2]
    let taps = weights.shape.elementCount / max(outputs * (inputs / groups), 1)
    return Payload(shape: shape, dtype: dtype) { out in
      func run(_ unit: Int) {
        let (group, part) = (unit / (slab.chunks * parts), unit % parts)
        let (images, rows) = slab.part(unit / parts % slab.chunks)
        let memory = Buffer(byteCount: slab.byteCount)
        let scratch = Buffer(byteCount: Int(ADJ_CONV_BLOCK) * stride * size)
        slab.fill(
          memory.address, from: source.address, channel: group * from, of: from * groups,
          images: images, rows: rows)
        var base = 0
        for (set, (template, offsets)) in zip(table.sets, seen) {
          let (counts, first) = slab.box(set, rows: rows)
          let (positions, runs) = slab.runs(counts, images: images.count)
          var windows = template
          windows.slab = UnsafeRawPointer(memory.address)
          (windows.positions, windows.runs) = (Int64(positions), Int64(runs))
          let at = (first &* table.destinationSteps &+ set.phase).position(in: sizes)
          var block = part * perPart
          while block < min((part + 1) * perPart, to), positions > 0 {
            let count = min(Int(ADJ_CONV_BLOCK), to - block)
            let channel = group * to + block
            offsets.withUnsafeBufferPointer { offsets in
              windows.offsets = offsets.baseAddress
              adj_conv_product(
                dtype.code, &windows,
                packed.address + (base + channel * from * set.positions.count) * size,
                bias.map { UnsafeRawPointer($0.address + channel * size) }, Int64(count),
                scratch.address, Int64(stride))
            }
            let position = (images.lowerBound * to * groups + channel) * area + at
            copyBox(
              size, Shape(unchecked: [count, images.count]).appending(counts),
              to: out + position * size,
              Shape(unchecked: [area, to * groups * area])
                .appending(sizes.strides(times: table.destinationSteps)),
              from: scratch.address,
              Shape(unchecked: [stride, slab.imageStride]).appending(slab.strides))
            block += count
          }
          base += to * groups * from * set.positions.count
        }
        withExtendedLifetime((memory, scratch)) {}
      }
      let work = Double(source.shape.elementCount) * Double(to) * Double(taps)
      forEach(groups * slab.chunks * parts, work: work, run)
      withExtendedLifetime((source, packed, bias)) {}
    }
  }

  /// The gradient of the weights: the product of the input and something like the result.
  ///
  /// The batch is cut by sizes alone; each part is summed by one thread, then the parts in order.
  func weightProduct(_ x: Payload, _ y: Payload) -> Payload {
    let (dtype, size) = (x.dtype, x.dtype.byteCount)
    let (x, y) = (x.contiguous, y.contiguous)
    let shape = weightShape
    let count = shape.elementCount
    if count == 0 || inputShape.elementCount == 0 || outputShape.elementCount == 0 {
      return Payload(shape: shape, dtype: dtype) { fill($0, with: 0, count, dtype) }
    }
    let (from, to) = (inputs / groups, outputs / groups)
    let table = TapTable(self, isTransposed: false)
    let slab = Slab(
      table, self, channels: from, dtype: dtype, byteCount: 1 << 20, positions: 1280, chunks: 1)
    let (template, offsets) = slab.windows(table.sets[0])
    let width = count / outputs
    let parts = min(slab.chunks, 16, max((1 << 22) / count, 1))
    // With few parts the output channels are shared out as well.
    let blocks = (to + Int(ADJ_CONV_BLOCK) - 1) / Int(ADJ_CONV_BLOCK)
    let ranges = min(blocks, max(8 / (parts * groups), 1))
    let perRange = (blocks + ranges - 1) / ranges * Int(ADJ_CONV_BLOCK)
    let stride = (slab.positions + Int(ADJ_CONV_SLACK) + 15) & ~15
    let sizes = table.destinationSizes
    let area = sizes[0] * sizes[1] * sizes[2]
    let sums = Payload(shape: [parts, count], dtype: dtype) { out in
      func run(_ unit: Int) {
        let (part, group) = (unit / (groups * ranges), unit / ranges % groups)
        let low = min(unit % ranges * perRange, to)
        let high = min(low + perRange, to)
        let start = out + (part * count + (group * to + low) * width) * size
        memset(start, 0, (high - low) * width * size)
        let memory = Buffer(byteCount: slab.byteCount)
        let rows = Buffer(byteCount: Int(ADJ_CONV_BLOCK) * stride * size)
        var last = SIMD4<Int>()
        for chunk in part * slab.chunks / parts..<(part + 1) * slab.chunks / parts {
          let (images, cut) = slab.part(chunk)
          slab.fill(
            memory.address, from: x.address, channel: group * from, of: inputs, images: images,
            rows: cut)
          let (counts, first) = slab.box(table.sets[0], rows: cut)
          let box = SIMD4(counts, images.count)
          // The gaps between rows stay zero as long as the box is the same.
          if box != last { memset(rows.address, 0, Int(ADJ_CONV_BLOCK) * stride * size) }
          last = box
          let (positions, runs) = slab.runs(counts, images: images.count)
          var windows = template
          windows.slab = UnsafeRawPointer(memory.address)
          (windows.positions, windows.runs) = (Int64(positions), Int64(runs))
          for block in Swift.stride(from: low, to: high, by: Int(ADJ_CONV_BLOCK)) {
            let count = min(Int(ADJ_CONV_BLOCK), high - block)
            let position = (images.lowerBound * outputs + group * to + block) * area
            copyBox(
              size, Shape(unchecked: [count, images.count]).appending(counts),
              to: rows.address,
              Shape(unchecked: [stride, slab.imageStride]).appending(slab.strides),
              from: y.address + (position + first.position(in: sizes)) * size,
              Shape(unchecked: [area, outputs * area])
                .appending(sizes.strides(times: table.destinationSteps)))
            offsets.withUnsafeBufferPointer { offsets in
              windows.offsets = offsets.baseAddress
              adj_conv_dot(
                dtype.code, &windows, rows.address, Int64(stride), Int64(count),
                start + (block - low) * width * size, Int64(width))
            }
          }
        }
        withExtendedLifetime((memory, rows)) {}
      }
      let work = Double(outputShape.elementCount) * Double(width)
      forEach(parts * groups * ranges, work: work, run)
      withExtendedLifetime((x, y)) {}
    }
    return sums.reduced(ADJ_SUM, outer: 1, length: parts, inner: count, shape: shape, dtype: dtype)
  }

  /// Runs the units on the pool, or here where a hand-over is not worth it.
  private func forEach(_ units: Int, work: Double, _ body: (Int) -> Void) {
    if work < 1e5 {
      for unit in 0..<units { body(unit) }
    } else {
      ThreadPool.shared.run(chunks: units, body)
    }
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
      let perBlock = Double(from * taps * Int(ADJ_CONV_BLOCK))
      let blocks = (to + Int(ADJ_CONV_BLOCK) - 1) / Int(ADJ_CONV_BLOCK)
      parallel(groups * blocks, grain: max(Int(3e4 / max(perBlock, 1)), 1)) { begin, end in
        for unit in begin..<end {
          let (group, block) = (unit / blocks, unit % blocks * Int(ADJ_CONV_BLOCK))
          let start = group * outs * ins * kernel + block * toStride
          set.positions.withUnsafeBufferPointer {
            adj_conv_pack(
              dtype.code, packed.address + (base + (group * to + block) * from * taps) * size,
              weights.address + start * size, Int64(min(Int(ADJ_CONV_BLOCK), to - block)),
              Int64(from), Int64(taps), $0.baseAddress, Int64(toStride), Int64(fromStride))
          }
        }
      }
      base += to * groups * from * taps
    }
    return packed
  }
}
