/// One spatial axis of a convolution: result `o` sees the inputs `o * stride + k * dilation - padding`
/// for `k` in `0 ..< kernel`, zeros where there are none.
struct ConvolutionAxis: Sendable {
  var input = 1
  var output = 1
  var kernel = 1
  var stride = 1
  var dilation = 1
  var padding = 0
}

/// The sizes of a convolution, which is linear in its input, in its weights and, turned round, in the
/// gradient of its result: three products of two of the same three arrays.
///
/// The input is `[batch, inputs, input...]`, the weights are `[outputs, inputs / groups, kernel...]`,
/// the result is `[batch, outputs, output...]`.
struct ConvolutionPlan: Sendable {
  var batch: Int
  var inputs: Int
  var outputs: Int
  var groups: Int
  var axes: [ConvolutionAxis]

  var inputShape: Shape { Shape(unchecked: [batch, inputs] + axes.map(\.input)) }
  var outputShape: Shape { Shape(unchecked: [batch, outputs] + axes.map(\.output)) }
  var weightShape: Shape {
    Shape(unchecked: [outputs, inputs / Swift.max(groups, 1)] + axes.map(\.kernel))
  }

  /// The beginning of one of the three products; taps on the padding are counted like others.
  func beginProfiling(_ name: StaticString, _ dtype: DType) -> ProfileRecorder? {
    let numbers =
      inputShape.elementCount &+ outputShape.elementCount &+ weightShape.elementCount
    return Profiling.begin(
      name, outputShape, dtype,
      flops: 2 * Double(outputShape.elementCount) * Double(weightShape.elementCount)
        / Double(Swift.max(outputs, 1)), bytes: numbers * dtype.byteCount)
  }

  /// Always three axes: those that are missing come first and have one element.
  var threeAxes: [ConvolutionAxis] {
    Array(repeating: ConvolutionAxis(), count: 3 - axes.count) + axes
  }
}

/// Which taps of a kernel meet at each element of one side of a convolution, and what they see.
///
/// Strides cut one side into phases, the elements that are equal modulo the stride. At element `m` of
/// a phase of the destination, a tap sees element `m + shift` of a phase of the source, whatever the
/// stride: so a convolution with strides and a transposed one are plain ones between phases.
struct TapTable: Sendable {
  /// The taps that meet at one phase of the destination.
  struct Set: Sendable {
    let phase: SIMD3<Int>
    /// The elements of the phase along each axis.
    let counts: SIMD3<Int>
    /// The taps as positions in the kernel, the source's phases they see, and their shifts.
    var positions: [Int64] = []
    var sources: [Int] = []
    var shifts: [SIMD3<Int>] = []
  }

  private(set) var sets: [Set] = []
  private(set) var sourcePhases: [SIMD3<Int>] = []
  /// The sizes of both sides, and how far apart the elements of one phase are.
  let sourceSizes: SIMD3<Int>
  let sourceSteps: SIMD3<Int>
  let destinationSizes: SIMD3<Int>
  let destinationSteps: SIMD3<Int>
  private(set) var lowestShift = SIMD3<Int>(repeating: .max)
  private(set) var highestShift = SIMD3<Int>(repeating: .min)

  /// The elements of the largest phase of the destination.
  var counts: SIMD3<Int> {
    (destinationSizes &+ destinationSteps &- 1) / destinationSteps
  }

  /// - Parameter isTransposed: whether the destination is the side of the input.
  init(_ plan: ConvolutionPlan, isTransposed: Bool) {
    let axes = plan.threeAxes
    func vector(_ value: (ConvolutionAxis) -> Int) -> SIMD3<Int> {
      SIMD3(value(axes[0]), value(axes[1]), value(axes[2]))
    }
    let one = SIMD3<Int>(repeating: 1)
    let (steps, kernel) = (vector(\.stride), vector(\.kernel))
    sourceSizes = vector(isTransposed ? \.output : \.input)
    destinationSizes = vector(isTransposed ? \.input : \.output)
    sourceSteps = isTransposed ? one : steps
    destinationSteps = isTransposed ? steps : one
    // Strides beyond the size skip elements, and the phases behind it have none.
    let phases = isTransposed ? pointwiseMin(steps, pointwiseMax(destinationSizes, one)) : one
    Self.forEach(phases) { phase in
      let counts = (destinationSizes &- phase &+ destinationSteps &- 1) / destinationSteps
      sets.append(Set(phase: phase, counts: counts))
    }
    var position: Int64 = 0
    Self.forEach(kernel) { tap in
      var (phase, shift) = (SIMD3<Int>(), SIMD3<Int>())
      for axis in 0..<3 {
        let reach = tap[axis] * axes[axis].dilation - axes[axis].padding
        let remainder = reach % steps[axis]
        phase[axis] = remainder < 0 ? remainder + steps[axis] : remainder
        shift[axis] = (reach - phase[axis]) / steps[axis]
      }
      if isTransposed { shift = SIMD3<Int>() &- shift }
      let source = isTransposed ? SIMD3<Int>() : phase
      if !sourcePhases.contains(source) { sourcePhases.append(source) }
      lowestShift = pointwiseMin(lowestShift, shift)
      highestShift = pointwiseMax(highestShift, shift)
      position += 1
      if isTransposed && any(phase .>= phases) { return }
      let at = isTransposed ? (phase[0] * phases[1] + phase[1]) * phases[2] + phase[2] : 0
      sets[at].positions.append(position - 1)
      sets[at].sources.append(sourcePhases.firstIndex(of: source)!)
      sets[at].shifts.append(shift)
    }
    sets.removeAll { $0.counts.min() <= 0 }
  }

  private static func forEach(_ sizes: SIMD3<Int>, _ body: (SIMD3<Int>) -> Void) {
    for a in 0..<sizes[0] {
      for b in 0..<sizes[1] { for c in 0..<sizes[2] { body(SIMD3(a, b, c)) } }
    }
  }
}
