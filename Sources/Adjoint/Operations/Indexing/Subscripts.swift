// x[0, ..., 1..<3]: reading and replacing parts of tensors.

extension Tensor {
  /// The part that integers, ranges, masks and tensors of indices select.
  ///
  /// An integer takes one element of its axis, and the axis goes; a range or `.every(2)` takes several;
  /// `.all` is a whole axis and `...`, which may stand first, second or third, as many as are left;
  /// axes that are not mentioned are taken whole. `.newAxis` is a new axis of size 1. Negative numbers
  /// count from the end. These give views.
  ///
  /// A tensor of integers takes the slices at its indices, and its axes replace the axis. Several are
  /// broadcast against each other and taken in step: `x[rows, columns]` are the elements at
  /// (rows[i], columns[i]). A bool tensor is a mask over as many axes as it has; the places where
  /// it is true become one axis. Where tensors stand apart, their axes come first, else in
  /// place. These copy.
  ///
  /// An assignment replaces the part; the value is stretched to it. Other tensors that shared the
  /// value keep theirs. Gradients flow to the value and to what was not replaced; of values for the same
  /// place the last counts.
  public subscript(
    indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get { Selection(indices, of: shape, file, line).read(self) }
    set { Selection(indices, of: shape, file, line).write(newValue, to: &self) }
  }

  /// The part that one integer selects: a slice of the first axis.
  public subscript(
    index: Int, file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get { Selection(index, of: shape, file, line).read(self) }
    set { Selection(index, of: shape, file, line).write(newValue, to: &self) }
  }

  /// The part that indices of the last axes select.
  public subscript(
    rest: UnboundedRange, indices: any TensorIndex..., file file: StaticString = #fileID,
    line line: UInt = #line
  ) -> Tensor {
    get { Selection([AxisIndex.rest] + indices, of: shape, file, line).read(self) }
    set { Selection([AxisIndex.rest] + indices, of: shape, file, line).write(newValue, to: &self) }
  }

  /// The part that indices of the first and of the last axes select.
  public subscript(
    first: any TensorIndex, rest: UnboundedRange, indices: any TensorIndex...,
    file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get { Selection([first, AxisIndex.rest] + indices, of: shape, file, line).read(self) }
    set {
      Selection([first, AxisIndex.rest] + indices, of: shape, file, line).write(newValue, to: &self)
    }
  }

  /// The part that indices of the first and of the last axes select.
  public subscript(
    first: any TensorIndex, second: any TensorIndex, rest: UnboundedRange,
    indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get { Selection([first, second, AxisIndex.rest] + indices, of: shape, file, line).read(self) }
    set {
      Selection([first, second, AxisIndex.rest] + indices, of: shape, file, line).write(
        newValue, to: &self)
    }
  }

  // MARK: Regions

  /// The elements of a region, as a view.
  func selected(_ name: StaticString, _ region: Region) -> Tensor {
    let strides = payload.strides
    let part = Payload(
      viewOf: payload, offset: region.offset(strides), shape: region.shape,
      strides: region.strides(strides))
    return Tensor(part).recorded(name, self, .part(region))
  }

  /// This tensor with the elements of a region replaced by those of `value`, stretched to it.
  func replacing(_ region: Region, with value: Tensor) -> Tensor {
    var copy = self
    copy.replace(region, with: value)
    return copy
  }

  /// Replaces the elements of a region, in place if nobody else sees them.
  mutating func replace(_ region: Region, with value: Tensor) {
    let value = value.dtype == dtype ? value : matched("subscript", self, value, #fileID, #line).1
    let node = node
    let old = payload
    self = Self.nothing  // gives up the reference, so that `old` may be the only one
    let new = Payload.replacing(region, of: consume old, with: value.payload)
    self = Tensor(new).recorded(
      "replacing", Tensor(new, node: node), .gradient { $0.replacing(region, with: 0) },
      value, .gradient { $0.selected("subscript", region) })
  }

  private static let nothing = Tensor.zeros([0])
}

extension AxisIndex {
  static let rest = AxisIndex(kind: .rest)
}
