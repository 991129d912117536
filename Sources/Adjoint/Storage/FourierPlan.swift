import CAdjoint
import Glibc
import Synchronization

/// A plan of the C library: the factors of a length and tables of roots of unity.
final class FourierPlan: @unchecked Sendable {
  // Sendable: nobody changes a plan once it is made.
  let handle: OpaquePointer

  init(_ dtype: DType, count: Int, isReal: Bool) {
    guard let made = adj_fft_make(dtype.code, Int64(count), isReal) else {
      programmingError("fft", "the system has no memory left for the tables of length \(count)")
    }
    handle = made
  }

  deinit { adj_fft_free(handle) }

  /// The plan for lines of `count` elements; those used last are kept.
  static func of(_ dtype: DType, count: Int, isReal: Bool) -> FourierPlan {
    let key = Key(dtype: dtype, count: count, isReal: isReal)
    let known: FourierPlan? = kept.withLock { plans in
      guard let at = plans.lastIndex(where: { $0.key == key }) else { return nil }
      plans.append(plans.remove(at: at))
      return plans.last?.plan
    }
    if let known { return known }
    let plan = FourierPlan(dtype, count: count, isReal: isReal)
    kept.withLock { plans in
      plans.append((key, plan))
      var elements = plans.reduce(0) { $0 &+ $1.key.count }
      while plans.count > 64 || (plans.count > 1 && elements > 1 << 22) {
        elements &-= plans.removeFirst().key.count
      }
    }
    return plan
  }

  /// The usual count of operations for complex lines, whatever the algorithm: 5 n log2(n).
  fileprivate static func flops(_ shape: Shape, _ axes: [FourierAxis]) -> Double {
    var sizes = shape
    for axis in axes { sizes[axis.axis] = axis.count }
    return axes.reduce(0) { sum, axis in
      let n = Double(Swift.max(axis.count, 1))
      return sum + 5 * Double(sizes.elementCount) * log2(n)
    }
  }

  private struct Key: Equatable {
    let dtype: DType
    let count: Int
    let isReal: Bool
  }
  private static let kept = Mutex<[(key: Key, plan: FourierPlan)]>([])
}

/// Along which axis to transform, to which length.
struct FourierAxis: Sendable {
  let axis: Int
  /// The number of elements transformed: the input is cut or filled up with zeros to it.
  let count: Int
}

extension Payload {
  /// The complex transform along one or more axes; the result is [2, ...]: real and imaginary plane.
  static func fourier(
    _ real: Payload, _ imaginary: Payload, along axes: [FourierAxis], inverse: Bool, scale: Double
  ) -> Payload {
    // Where sizes change, a pass needs memory of its own; the others work in place.
    var order = axes.filter { real.shape[$0.axis] != $0.count }
    order += axes.filter { real.shape[$0.axis] == $0.count }
    let first = order[0]
    var shape = real.shape
    shape[first.axis] = first.count
    let count = shape.elementCount
    let (re, im) = (real.contiguous, imaginary.constant == 0 ? nil : imaginary.contiguous)
    let changing = order.dropFirst().filter { real.shape[$0.axis] != $0.count }
    let staying = order.dropFirst(1 + changing.count)
    let span = Profiling.begin(
      "fft", shape, real.dtype,
      flops: FourierPlan.flops(real.shape, changing.isEmpty ? order : [first]),
      bytes: 4 * count * real.dtype.byteCount)
    defer { span?.end() }
    let step = count * real.dtype.byteCount
    let result = Payload(shape: planar(shape), dtype: real.dtype) { out in
      let plan = FourierPlan.of(real.dtype, count: first.count, isReal: false)
      plan.run(
        real.dtype, from: (re.address, im?.address), to: (out, out + step), shape: real.shape,
        axis: first.axis, count: first.count, inverse: inverse,
        scale: order.count == 1 ? scale : 1)
      guard changing.isEmpty else { return }
      for pass in staying {
        let plan = FourierPlan.of(real.dtype, count: pass.count, isReal: false)
        plan.run(
          real.dtype, from: (out, out + step), to: (out, out + step), shape: shape,
          axis: pass.axis, count: pass.count, inverse: inverse,
          scale: pass.axis == staying.last?.axis ? scale : 1)
      }
    }
    if changing.isEmpty { return result }
    return fourier(
      result.plane(0), result.plane(1), along: Array(changing + staying), inverse: inverse,
      scale: scale)
  }

  /// The transform of real lines, the first half of the spectrum: [2, ...].
  func fourierOfReal(along axis: FourierAxis, scale: Double) -> Payload {
    var sizes = shape
    sizes[axis.axis] = axis.count / 2 + 1
    let span = Profiling.begin(
      "rfft", sizes, dtype, flops: FourierPlan.flops(shape, [axis]) / 2,
      bytes: (shape.elementCount + 2 * sizes.elementCount) * dtype.byteCount)
    defer { span?.end() }
    let source = contiguous
    return Payload(shape: Payload.planar(sizes), dtype: dtype) { out in
      FourierPlan.of(dtype, count: axis.count, isReal: true).run(
        dtype, from: (source.address, nil),
        to: (out, out + sizes.elementCount * dtype.byteCount), shape: shape, axis: axis.axis,
        count: sizes[axis.axis], inverse: false, scale: scale)
    }
  }

  /// The real lines whose spectra begin with the given ones.
  static func fourierToReal(
    _ real: Payload, _ imaginary: Payload, along axis: FourierAxis, scale: Double
  ) -> Payload {
    var sizes = real.shape
    sizes[axis.axis] = axis.count
    let span = Profiling.begin(
      "irfft", sizes, real.dtype, flops: FourierPlan.flops(sizes, [axis]) / 2,
      bytes: (sizes.elementCount + 2 * real.shape.elementCount) * real.dtype.byteCount)
    defer { span?.end() }
    let (re, im) = (real.contiguous, imaginary.constant == 0 ? nil : imaginary.contiguous)
    return Payload(shape: sizes, dtype: real.dtype) { out in
      FourierPlan.of(real.dtype, count: axis.count, isReal: true).run(
        real.dtype, from: (re.address, im?.address), to: (out, nil), shape: real.shape,
        axis: axis.axis, count: axis.count, inverse: true, scale: scale)
    }
  }

  private static func planar(_ shape: Shape) -> Shape { Shape([2] + Array(shape)) }

  private func plane(_ index: Int) -> Payload {
    let sizes = Shape(shape.dropFirst())
    return Payload(
      viewOf: self, offset: index * sizes.elementCount, shape: sizes,
      strides: sizes.rowMajorStrides)
  }
}

extension FourierPlan {
  /// Transforms all lines of contiguous arrays; `shape` is the input's, `count` the axis's new size.
  fileprivate func run(
    _ dtype: DType, from: (UnsafeMutableRawPointer, UnsafeMutableRawPointer?),
    to: (UnsafeMutableRawPointer, UnsafeMutableRawPointer?), shape: Shape, axis: Int, count: Int,
    inverse: Bool, scale: Double
  ) {
    let inner = Shape(unchecked: shape[(axis + 1)...]).elementCount
    let lines = Shape(unchecked: shape[..<axis]).elementCount * inner
    // A line so long that it is shared out is the only one at work: there is no pool inside a chunk.
    let pool = adj_pool(
      run: { _, count, body, work in
        ThreadPool.shared.run(chunks: Int(count)) { body?(work, Int64($0)) }
      }, context: nil)
    let lanes = min(Int(adj_fft_lanes(handle, Int64(inner))), lines)
    let length = max(count, shape[axis], 1)
    parallel(lines, grain: max(lanes, (1 << 14) / length), multiple: max(lanes, 1)) { begin, end in
      withUnsafePointer(to: pool) { pool in
        var job = adj_fft_job(
          re: from.0, im: from.1, out_re: to.0, out_im: to.1, in_length: Int64(shape[axis]),
          out_length: Int64(count), inner: Int64(inner), scale: scale, inverse: inverse, pool: pool)
        let scratch = Buffer(byteCount: Int(adj_fft_scratch(handle, Int64(lanes))))
        adj_fft_run(
          handle, &job, scratch.address, Int64(lanes), Int64(begin), Int64(end))
        withExtendedLifetime(scratch) {}
      }
    }
  }
}
