/// What may stand in a tensor's brackets: an integer, a range, a tensor of indices, or an `AxisIndex`.
public protocol TensorIndex: Sendable {
  /// What is picked.
  var axisIndex: AxisIndex { get }
}

/// What one entry of a tensor's brackets picks.
///
/// ```swift
/// x[0, 1..<3]            // integers and ranges; negative ones count from the end
/// x[.all, .every(2)]     // a whole axis; every second element
/// x[.newAxis, ..., -1]   // a new axis; as many whole axes as are left
/// x[x .> 0]              // where a mask is true
/// x[rows, columns]       // at pairs of indices
/// ```
public struct AxisIndex: TensorIndex {
  enum Kind {
    /// One element; the axis goes.
    case at(Int)
    /// Bounds as they were written, nil for an open end.
    case span(Int?, Int?, step: Int)
    case newAxis
    /// As many whole axes as are left.
    case rest
    case tensor(Tensor)
  }

  let kind: Kind

  /// The index itself.
  public var axisIndex: AxisIndex { self }

  /// The elements from `lower` up to but not including `upper`.
  static func span(_ lower: Int?, _ upper: Int?, step: Int) -> AxisIndex {
    AxisIndex(kind: .span(lower, upper, step: step))
  }
}

extension TensorIndex where Self == AxisIndex {
  /// A whole axis.
  public static var all: AxisIndex { .span(nil, nil, step: 1) }

  /// A new axis of size 1.
  public static var newAxis: AxisIndex { AxisIndex(kind: .newAxis) }

  /// Every `step`-th element from `first` up to but not including `end`.
  ///
  /// A negative step goes backwards.
  ///
  /// Without bounds it is the whole axis: `.every(2)` is elements 0, 2, 4, ... and `.every(-1)` all of
  /// them from the last to the first. Negative bounds count from the end.
  public static func every(
    _ step: Int, from first: Int? = nil, to end: Int? = nil
  ) -> AxisIndex { .span(first, end, step: step) }
}

extension Int: TensorIndex {
  /// One element; the axis goes.
  public var axisIndex: AxisIndex { AxisIndex(kind: .at(self)) }
}

extension Range: TensorIndex where Bound == Int {
  /// The elements of the range.
  ///
  /// Both bounds may count from the end, which is then 0: `-3..<0` are the last three.
  public var axisIndex: AxisIndex {
    .span(lowerBound, lowerBound < 0 && upperBound == 0 ? nil : upperBound, step: 1)
  }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The elements of the range, the upper bound included.
  public var axisIndex: AxisIndex { .span(lowerBound, after(upperBound), step: 1) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The elements from the bound on; the last three are `(-3)...`.
  public var axisIndex: AxisIndex { .span(lowerBound, nil, step: 1) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The elements before the bound; all but the last are `..<(-1)`.
  public var axisIndex: AxisIndex { .span(nil, upperBound, step: 1) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The elements up to and including the bound.
  public var axisIndex: AxisIndex { .span(nil, after(upperBound), step: 1) }
}

extension Tensor: TensorIndex {
  /// Integers pick slices, a bool tensor those where it is true.
  public var axisIndex: AxisIndex { AxisIndex(kind: .tensor(self)) }
}

/// The open bound for a closed one: behind -1, the last element, the axis ends.
private func after(_ bound: Int) -> Int? {
  bound == -1 ? nil : bound &+ 1
}

extension Region {
  /// Takes a range of an axis that has not been narrowed; `named` is the axis as the caller wrote it.
  mutating func narrow(
    axis at: Int, to index: AxisIndex, named: Int, _ name: String, _ file: StaticString,
    _ line: UInt
  ) {
    guard case .span(let first, let end, let step) = index.kind, let along = axes[at].along else {
      return
    }
    let size = base[along]
    func place(_ bound: Int) -> Int { bound < 0 ? bound &+ size : bound }
    if step == 0 {
      programmingError(
        name, "a step of 0 on axis \(named) of shape \(base) leads nowhere", file: file, line: line)
    }
    // The first element and the one the walk does not reach, whichever way it goes.
    let start = first.map(place) ?? (step > 0 ? 0 : size - 1)
    let stop = end.map(place) ?? (step > 0 ? size : -1)
    let fits =
      step > 0
      ? 0 <= start && start <= stop && stop <= size
      : -1 <= stop && stop <= start && start < size
    if !fits {
      programmingError(
        name,
        "\(first ?? start) \(step > 0 ? "up" : "down") to \(end ?? stop) is out of range for axis "
          + "\(named) of shape \(base), which has \(size) elements", file: file, line: line)
    }
    let distance = step > 0 ? stop - start : start - stop
    let count = distance == 0 ? 0 : (distance - 1) / Int(clamping: step.magnitude) + 1
    origin[along] = start
    axes[at].count = count
    axes[at].step = count > 1 ? step : 1
  }
}
