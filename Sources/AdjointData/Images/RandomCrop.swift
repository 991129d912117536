import Adjoint

/// Cuts a window of fixed size out of each image, at a random place.
public struct RandomCrop: ImageTransform {
  /// The height of the window.
  public let height: Int
  /// The width of the window.
  public let width: Int
  /// How many elements are put around the images first.
  public let padding: Int
  /// Their value.
  public let fill: Double

  /// A window of the given size.
  /// - Parameters:
  ///   - height: of the window.
  ///   - width: of the window.
  ///   - padding: how many elements are put around the images first; 4 for CIFAR, usually.
  ///   - fill: their value.
  public init(
    height: Int, width: Int, padding: Int = 0, fill: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if height < 1 || width < 1 || padding < 0 {
      programmingError(
        "RandomCrop", "there is no window of \(height) x \(width) with padding \(padding)",
        file: file, line: line)
    }
    (self.height, self.width, self.padding, self.fill) = (height, width, padding, fill)
  }

  /// The windows: `[n, channels, height, width]` of this crop's size.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    let around = (padding, padding)
    let padded =
      padding == 0 ? images : images.padded([around, around], with: .constant(fill))
    let (rows, columns) = (padded.shape[2] - height, padded.shape[3] - width)
    if rows < 0 || columns < 0 {
      programmingError(
        "RandomCrop",
        "a window of \(height) x \(width) is larger than the images of shape \(padded.shape)")
    }
    return padded.windows(
      height, width, tops: 0...rows, lefts: 0...columns, using: &generator)
  }
}

/// Moves each image by whole pixels, up to a number of them in each direction.
public struct RandomShift: ImageTransform {
  /// The largest distance, in pixels.
  public let maximum: Int
  /// The value of what comes in at the edges.
  public let fill: Double

  /// A shift by up to `maximum` pixels to either side, and up or down.
  public init(
    maximum: Int, fill: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    if maximum < 0 {
      programmingError(
        "RandomShift", "the distance must not be negative, but is \(maximum)", file: file,
        line: line)
    }
    (self.maximum, self.fill) = (maximum, fill)
  }

  /// The shifted images.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    let around = (maximum, maximum)
    return images.padded([around, around], with: .constant(fill)).windows(
      images.shape[2], images.shape[3], tops: 0...2 * maximum, lefts: 0...2 * maximum,
      using: &generator)
  }
}

extension Tensor {
  /// One window of each image, where draws say.
  fileprivate func windows(
    _ height: Int, _ width: Int, tops: ClosedRange<Int>, lefts: ClosedRange<Int>,
    using generator: inout Generator
  ) -> Tensor {
    let count = shape[0]
    func drawn(_ range: ClosedRange<Int>) -> [Int] {
      Tensor.integers([count], in: Range(range), using: &generator).scalars(as: Int.self)
    }
    let (tops, lefts) = (drawn(tops), drawn(lefts))
    if count == 0 { return Tensor.zeros([0, shape[1], height, width], dtype: dtype) }
    return stacked(
      (0..<count).map { number in
        let (top, left) = (tops[number], lefts[number])
        return self[number, .all, top..<top + height, left..<left + width]
      })
  }
}
