/// What this machine can do at best: the measure of a profile's last column.
///
/// Nothing is looked up. Rates are those of this process, with its number of threads, while it has the
/// machine for itself.
public struct MachineLimits: Sendable, CustomStringConvertible {
  /// Operations per second of a large `float32` matrix product.
  public let float32: Double
  /// The same for `float64`.
  public let float64: Double
  /// Bytes read and written per second by copying.
  ///
  /// They are given for traffics from small ones, which stay in a cache, to large ones.
  public let copying: [(bytes: Int, rate: Double)]

  /// The limits, measured when they are first asked for, in about a fifth of a second.
  public static let measured = MachineLimits()

  private init() {
    // Not part of what somebody is profiling.
    (float32, float64, copying) = Profiling.$recorder.withValue(nil) {
      withoutRecording {
        (
          Self.productRate(.float32), Self.productRate(.float64),
          [1 << 17, 1 << 20, 1 << 23, 1 << 26].map { ($0, Self.copyRate(bytes: $0)) }
        )
      }
    }
  }

  /// The shortest time in which an operation can be done, in seconds; nil where nobody can tell.
  func leastTime(flops: Double?, bytes: Double?, _ dtype: DType) -> Double? {
    let computing = flops.map { $0 / (dtype == .float64 ? float64 : float32) }
    let moving = bytes.map { $0 / rate(ofTraffic: $0) }
    guard computing != nil || moving != nil else { return nil }
    return Swift.max(computing ?? 0, moving ?? 0)
  }

  /// The best rate of copies of this size or larger ones: what is smaller cannot be slower.
  private func rate(ofTraffic bytes: Double) -> Double {
    let first = copying.lastIndex { Double($0.bytes) <= bytes } ?? 0
    return copying[first...].reduce(0) { Swift.max($0, $1.rate) }
  }

  /// All of them in one line.
  public var description: String {
    "limits: float32 \(quantity(float32, "FLOP/s")), float64 \(quantity(float64, "FLOP/s")), copying "
      + "\(quantity(copying[0].rate, "B/s")) in caches, "
      + "\(quantity(copying[copying.count - 1].rate, "B/s")) in memory"
  }

  private static func productRate(_ dtype: DType) -> Double {
    var (size, rate) = (256, 0.0)
    // Until the product is large enough for its time to be steady.
    while true {
      let x = Tensor.ones([size, size], dtype: dtype)
      materialize([x])
      let operations = 2 * Double(size) * Double(size) * Double(size)
      let time = (0..<3).map { _ in seconds { _ = matmul(x, x) } }.min() ?? 1
      rate = Swift.max(rate, operations / time)
      if time > 4e-3 || size >= 2048 { return rate }
      size *= 2
    }
  }

  private static func copyRate(bytes: Int) -> Double {
    let copy = MemoryCopy(byteCount: bytes / 2)
    let repetitions = Swift.max(3, Swift.min((1 << 25) / bytes, 64))
    let time = (0..<repetitions).map { _ in seconds(copy.run) }.min() ?? 1
    return Double(bytes) / time
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let start = ProfileRecorder.now
    body()
    return Double(Swift.max(ProfileRecorder.now - start, 1)) * 1e-9
  }
}
