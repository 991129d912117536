import Adjoint

/// A table of learned vectors: the rows of `weight` at integer indices.
///
/// Shapes: indices `[...]` below `count` give `[..., size]`; `weight` is `[count, size]`, as in
/// PyTorch. Its gradient is dense.
///
/// The weight starts uniform in -0.05 ... 0.05, as in Keras (PyTorch draws it standard normal).
public final class Embedding: SavableLayer, ConfiguredLayer {
  /// The table, `[count, size]`.
  public let weight: Parameter
  /// The index of a row that starts at 0 and gets no gradient.
  public let paddingIndex: Int?

  /// A table of `count` vectors of `size` numbers.
  /// - Parameters:
  ///   - count: how many vectors there are.
  ///   - size: the numbers of a vector.
  ///   - paddingIndex: the index that stands for nothing: its row starts at 0 and stays.
  ///   - weightInitializer: how the weight starts.
  ///   - dtype: the type of the parameters, a floating one.
  public init(
    count: Int, size: Int, paddingIndex: Int? = nil,
    weightInitializer: Initializer = .uniform(in: -0.05...0.05), dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let settings = Self.checked(
      EmbeddingSettings(count: count, size: size, paddingIndex: paddingIndex), file, line)
    var table = weightInitializer(settings.shape, dtype: dtype)
    if let paddingIndex { table[paddingIndex] = Tensor.zeros([size], dtype: dtype) }
    weight = Parameter(table, file: file, line: line)
    self.paddingIndex = paddingIndex
  }

  /// The sizes and the padding index.
  public var details: [String] { settings.details }

  /// The rows at the indices.
  public func forward(_ indices: Tensor) -> Tensor {
    if indices.dtype.isFloatingPoint {
      fail("needs integer indices, not \(indices.dtype) \(indices.shape); cast(to: .int64)")
    }
    let site = CallSite.current
    return embedding(
      indices, weight: weight.value, paddingIndex: paddingIndex, file: site.file, line: site.line)
  }

  var settings: EmbeddingSettings {
    EmbeddingSettings(
      count: weight.shape[0], size: weight.shape[1], paddingIndex: paddingIndex)
  }
  static func problem(with settings: EmbeddingSettings) -> String? { settings.problem }
  init(decoded settings: EmbeddingSettings) {
    weight = Parameter(Tensor.zeros(settings.shape))
    paddingIndex = settings.paddingIndex
  }
}

/// What tables of vectors are made from.
struct EmbeddingSettings: Codable {
  let count: Int
  let size: Int
  var paddingIndex: Int?
  /// Of bags only.
  var mode: Named<BagMode>?

  var shape: Shape { Shape([count, size]) }

  var problem: String? {
    firstProblem(
      unless(
        count >= 1 && size >= 1 && Shape(exactly: [count, size]) != nil,
        "there is no table of \(count) vectors of \(size) numbers"),
      unless(
        paddingIndex.map { 0 <= $0 && $0 < count } ?? true,
        "paddingIndex \(paddingIndex ?? 0) is out of range: there are \(count) vectors"))
  }

  var details: [String] {
    ["\(count) vectors", "size \(size)"]
      + (paddingIndex.map { ["padding index \($0)"] } ?? []) + (mode.map { ["\($0.choice)"] } ?? [])
  }
}
