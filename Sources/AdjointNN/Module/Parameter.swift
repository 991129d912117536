import Adjoint

/// A tensor that training changes: a weight or a bias.
///
/// The class is what makes it trainable: every `Parameter` that a module holds is found by
/// `Module.namedParameters`. A constant table in a model is a plain `Tensor`.
public final class Parameter {
  // A leaf of the tape, so that reading never makes one: the same until a value is assigned.
  private var leaf: Tensor

  /// A parameter that starts at `value`, of a floating dtype.
  public init(_ value: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    leaf = value.detached.tracked(file: file, line: line)
  }

  /// The current value.
  ///
  /// Reading gives a tensor on the tape: gradients can be asked with respect to it, and it stays the
  /// same variable until the next assignment. Assigning replaces the value by the tensor's numbers,
  /// without their history; shape and dtype must stay, else the program stops.
  public var value: Tensor {
    get { leaf }
    set {
      if newValue.shape != leaf.shape || newValue.dtype != leaf.dtype {
        programmingError(
          "Parameter",
          "a value of \(newValue.dtype) \(newValue.shape) was assigned to a parameter of "
            + "\(leaf.dtype) \(leaf.shape)")
      }
      leaf = newValue.detached.tracked()
    }
  }

  /// The sizes of the dimensions.
  public var shape: Shape { leaf.shape }
  /// The type of the elements.
  public var dtype: DType { leaf.dtype }

  /// Puts any tensor in the place of the value, with its history: a gradient check differentiates
  /// with respect to it.
  func substitute(_ tensor: Tensor) { leaf = tensor }
}
