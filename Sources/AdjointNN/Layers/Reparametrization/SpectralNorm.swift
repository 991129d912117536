import Adjoint

/// A layer whose weight is divided by its largest singular value, so that it stretches nothing.
///
/// The weight is taken for a matrix with a row for each place along `axis`. Its singular vectors u
/// and v are followed by power iteration, in training mode, and start with 15 steps:
///
/// u = W v / |W v|, v = Wᵀ u / |Wᵀ u|, weight = W / (uᵀ W v)
///
/// Shapes: those of the layer. As with PyTorch's `parametrizations.spectral_norm` W is the
/// parameter `parametrizations.weight.original`, and u and v are the buffers
/// `parametrizations.weight.0._u` and `._v`. PyTorch takes axis 1 for transposed convolutions.
///
/// Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018.
public final class SpectralNorm: Layer, CustomReflectable {
  private static let epsilon = 1e-12

  private let own: OwnWeight
  private let axis: Int
  private let iterations: Int
  private let left: Buffer
  private let right: Buffer
  /// The weight W before the division.
  public let original: Parameter

  /// The layer with its weight divided by its largest singular value.
  /// - Parameters:
  ///   - layer: a layer with a parameter called `weight`.
  ///   - axis: the axis of the weight that counts rows.
  ///   - iterations: the steps of power iteration each time the layer is used in training mode.
  public convenience init(
    _ layer: any Layer, axis: Int = 0, iterations: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let own = OwnWeight(of: layer)
    guard let own, own.problem(axis: axis) == nil, iterations >= 1 else {
      let problem = own.map { $0.problem(axis: axis) } ?? OwnWeight.missing(layer)
      programmingError(
        "SpectralNorm", problem ?? "\(iterations) iterations; at least 1 is needed", file: file,
        line: line)
    }
    let (rows, columns) = Self.sizes(own.shape, axis)
    let v = Tensor.normal([columns], dtype: own.dtype).normalized(epsilon: Self.epsilon)
    self.init(own, axis, iterations, left: Tensor.zeros([rows], dtype: own.dtype), right: v)
    iterate(15)
  }

  private init(
    _ own: OwnWeight, _ axis: Int, _ iterations: Int, left: Tensor, right: Tensor
  ) {
    (self.own, self.axis, self.iterations) = (own, axis, iterations)
    original = Parameter(own.initial)
    (self.left, self.right) = (Buffer(left), Buffer(right))
  }

  /// The layer.
  public var layer: any Layer { own.layer }
  /// The weight that the layer works with: W / (uᵀ W v).
  public var weight: Tensor {
    let matrix = Self.matrix(original.value, axis)
    let sigma = dot(left.value, matmul(matrix, right.value))
    return original.value / sigma
  }

  /// The layer.
  public var details: [String] {
    ["\(layer)"] + (axis == 0 ? [] : ["axis \(axis)"])
      + (iterations == 1 ? [] : ["\(iterations) iterations"])
  }

  /// Parameters and buffers under PyTorch's names.
  public var customMirror: Mirror {
    let path = "parametrizations.weight."
    return Mirror(
      self,
      children: own.others
        + [(path + "original", original), (path + "0._u", left), (path + "0._v", right)])
  }

  /// The layer's result with the weight W / (uᵀ W v).
  public func forward(_ x: Tensor) -> Tensor {
    if Mode.current == .training { iterate(iterations) }
    return own.forward(x, weight: weight)
  }

  /// Steps of power iteration, which are not differentiated.
  private func iterate(_ steps: Int) {
    let matrix = Self.matrix(original.value.detached, axis)
    var (u, v) = (left.value, right.value)
    for _ in 0..<steps {
      u = matmul(matrix, v).normalized(epsilon: Self.epsilon)
      v = matmul(matrix.transposed(), u).normalized(epsilon: Self.epsilon)
    }
    materialize([u, v])
    (left.value, right.value) = (u, v)
  }

  /// The weight as a matrix with its `axis` first.
  private static func matrix(_ weight: Tensor, _ axis: Int) -> Tensor {
    let order = [axis] + weight.shape.indices.filter { $0 != axis }
    let (rows, columns) = sizes(weight.shape, axis)
    return weight.permuted(order).reshaped([rows, columns])
  }

  private static func sizes(_ shape: Shape, _ axis: Int) -> (rows: Int, columns: Int) {
    (shape[axis], shape.indices.filter { $0 != axis }.reduce(1) { $0 * shape[$1] })
  }
}

extension SpectralNorm: SavableLayer {
  /// Writes the layer, the axis and the number of iterations.
  public func encode(to encoder: any Encoder) throws {
    let coded = try CodedLayer(layer, as: "the layer", for: encoder)
    try ReparametrizationSettings(layer: coded, axis: axis, iterations: iterations)
      .encode(to: encoder)
  }

  /// A layer of the settings that were written, with constants for weights.
  public convenience init(from decoder: any Decoder) throws {
    let settings = try ReparametrizationSettings(from: decoder)
    let own = try settings.ownWeight(decoder)
    let iterations = settings.iterations ?? 1
    if iterations < 1 {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "\(iterations) iterations; at least 1 is needed"))
    }
    let (rows, columns) = Self.sizes(own.shape, settings.axis)
    self.init(
      own, settings.axis, iterations, left: Tensor.zeros([rows]), right: Tensor.zeros([columns]))
  }
}
