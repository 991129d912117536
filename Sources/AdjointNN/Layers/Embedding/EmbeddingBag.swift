import Adjoint

/// One vector for each bag of indices: the sum, mean or maximum of the rows of `weight` there.
///
/// Shapes: indices `[..., k]` below `count` give `[..., size]`; `weight` is `[count, size]`, as
/// in PyTorch, whose flat indices with offsets are left out: bags have one size.
///
/// The weight starts uniform in -0.05 ... 0.05, as that of ``Embedding``.
public final class EmbeddingBag: SavableLayer, ConfiguredLayer {
  /// The table, `[count, size]`.
  public let weight: Parameter
  /// How the rows of a bag become one.
  public let mode: BagMode

  /// A table of `count` vectors of `size` numbers.
  public init(
    count: Int, size: Int, mode: BagMode = .mean,
    weightInitializer: Initializer = .uniform(in: -0.05...0.05), dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Self.checked(
      EmbeddingSettings(count: count, size: size, mode: Named(mode)), file, line)
    weight = Parameter(weightInitializer(settings.shape, dtype: dtype), file: file, line: line)
    self.mode = mode
  }

  /// The sizes and the mode.
  public var details: [String] { settings.details }

  /// A row for each bag.
  public func forward(_ indices: Tensor) -> Tensor {
    if indices.dtype.isFloatingPoint || indices.rank == 0 {
      fail("needs bags of integer indices [..., k], not \(indices.dtype) \(indices.shape)")
    }
    let site = CallSite.current
    return embeddingBag(
      indices, weight: weight.value, mode: mode, file: site.file, line: site.line)
  }

  var settings: EmbeddingSettings {
    EmbeddingSettings(count: weight.shape[0], size: weight.shape[1], mode: Named(mode))
  }
  static func problem(with settings: EmbeddingSettings) -> String? {
    settings.problem
      ?? unless(
        settings.mode != nil && settings.paddingIndex == nil,
        "a bag has a mode and no paddingIndex")
  }
  init(decoded settings: EmbeddingSettings) {
    weight = Parameter(Tensor.zeros(settings.shape))
    mode = settings.mode?.choice ?? .mean
  }
}
