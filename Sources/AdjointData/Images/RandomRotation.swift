import Adjoint

/// Turns each image around its centre by a random angle, with linear interpolation.
///
/// Positive angles turn counter-clockwise. What comes in at the corners is 0.
public struct RandomRotation: ImageTransform {
  /// The range of the angle, in degrees.
  public let degrees: ClosedRange<Double>

  /// A rotation by an angle drawn uniformly from a range: `RandomRotation(degrees: -10...10)`.
  public init(degrees: ClosedRange<Double>) { self.degrees = degrees }

  /// The turned images.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    let (count, height, width) = (images.shape[0], images.shape[2], images.shape[3])
    if images.elementCount == 0 { return images }
    return images.changingLevels { levels in
      let angle = radians(
        Tensor.uniform([count], in: degrees, dtype: levels.dtype, using: &generator))
      // Where an element of the result comes from; coordinates run from -1 to 1 along both axes.
      let (c, s) = (cos(angle), sin(angle))
      let (tall, wide) = (Double(height) / Double(width), Double(width) / Double(height))
      let zero = Tensor.zeros([count], dtype: levels.dtype)
      let map = stacked([c, -s * tall, zero, s * wide, c, zero], axis: -1).reshaped(count, 2, 3)
      return gridSample(levels, affineGrid(map, size: [height, width]))
    }
  }
}
