import Adjoint

/// Windows of a sequence of tokens as examples for a language model.
///
/// An example is the tokens, and what comes after each of them.
///
/// ```swift
/// let windows = TextWindows(Tensor(tokenizer.encode(text)), length: 128)
/// let loader = Loader(windows, batchSize: 32, sampler: .shuffled)
/// ```
///
/// Shapes: example i is x = tokens i stride ..< i stride + length and y, the same one token later;
/// both `[length]`, and in batches `[n, length]`.
public struct TextWindows: Dataset {
  /// The tokens, `[m]`.
  public let tokens: Tensor
  /// The number of tokens of a window.
  public let length: Int
  /// The distance from one window to the next.
  public let stride: Int

  /// Windows of `length` tokens, `stride` apart: side by side unless said otherwise.
  ///
  /// A rest at the end that fills no window is left out.
  public init(
    _ tokens: Tensor, length: Int, stride: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if tokens.rank != 1 || tokens.dtype.isFloatingPoint || length < 1 || stride ?? 1 < 1 {
      programmingError(
        "TextWindows",
        "needs integer tokens [m], a length and a stride of at least 1, not \(tokens.dtype)"
          + " \(tokens.shape), \(length) and \(stride ?? length)", file: file, line: line)
    }
    (self.tokens, self.length, self.stride) = (tokens, length, stride ?? length)
  }

  /// The number of windows.
  public var count: Int {
    let starts = tokens.elementCount - length
    return starts > 0 ? (starts - 1) / stride + 1 : 0
  }

  /// The tokens of a window and those that follow, as views.
  public subscript(index: Int) -> [Tensor] {
    let start = index * stride
    return [tokens[start..<start + length], tokens[start + 1..<start + 1 + length]]
  }

  /// Several windows, gathered.
  public func batch(at indices: [Int]) -> [Tensor] {
    let starts = Tensor(indices.map { $0 * stride }).expandingDimension(at: 1)
    let places = starts + Tensor.arange(length)
    return [tokens.gathering(places), tokens.gathering(places + 1)]
  }
}
