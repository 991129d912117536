/// A part of a tensor that strides reach: what a subscript of integers and ranges selects, or a
/// diagonal.
///
/// No element is in it twice, so a region can be read as a view and can be replaced.
struct Region: Sendable {
  /// How an axis of the region walks through the base.
  struct Axis: Sendable {
    var count: Int
    /// The axis of the base it walks along; nil for a new axis of size 1.
    var along: Int?
    /// The step there, negative for backwards.
    var step = 1
    /// A second axis of the base on which it takes single steps at the same time: a diagonal.
    var alsoAlong: Int?
  }

  /// The shape of the tensor it is a part of.
  let base: Shape
  /// The region's first element on each axis of the base.
  var origin: Shape
  var axes: [Axis]

  /// All of a tensor.
  init(allOf base: Shape) {
    self.base = base
    origin = Shape(repeating: 0, count: base.rank)
    axes = base.indices.map { Axis(count: base[$0], along: $0) }
  }

  var shape: Shape { Shape(unchecked: axes.map(\.count)) }

  /// Where the region starts in memory whose strides are `steps`.
  func offset(_ steps: Shape) -> Int {
    if axes.contains(where: { $0.count == 0 }) { return 0 }
    return base.indices.reduce(0) { $0 &+ origin[$1] &* steps[$1] }
  }

  /// How far apart its elements are in memory whose strides are `steps`.
  func strides(_ steps: Shape) -> Shape {
    Shape(
      unchecked: axes.map { axis in
        guard let along = axis.along else { return 1 }
        return axis.step &* steps[along] &+ (axis.alsoAlong.map { steps[$0] } ?? 0)
      })
  }
}
