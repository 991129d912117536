import Adjoint

/// A tensor that training changes: a weight or a bias.
///
/// The class is what makes it trainable: every `Parameter` that a module holds is found by
/// `Module.namedParameters`. A constant table in a model is a plain `Tensor`; what a model changes
/// by itself, such as running statistics, is a ``Buffer``.
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
      requireLike(leaf, newValue, "Parameter", "a parameter")
      leaf = isFrozen ? newValue.detached : newValue.detached.tracked()
    }
  }

  /// Whether training leaves the value as it is.
  ///
  /// The value of a frozen parameter is a constant: no gradient flows to it, and the work for one is
  /// not done.
  public var isFrozen = false {
    didSet { leaf = isFrozen ? leaf.detached : leaf.detached.tracked() }
  }

  /// What training adds to the loss for the size of this parameter; nothing by default.
  public var regularizer: Regularizer?

  /// The sizes of the dimensions.
  public var shape: Shape { leaf.shape }
  /// The type of the elements.
  public var dtype: DType { leaf.dtype }

  /// Puts any tensor in the place of the value, with its history: a gradient check differentiates
  /// with respect to it.
  func substitute(_ tensor: Tensor) { leaf = tensor }

  /// Gives the value another floating dtype.
  func convert(to dtype: DType) {
    let converted = leaf.detached.cast(to: dtype)
    leaf = isFrozen ? converted : converted.tracked()
  }
}

/// Stops the program unless a new value has the shape and dtype of the old one.
func requireLike(_ old: Tensor, _ new: Tensor, _ kind: String, _ what: String) {
  if new.shape != old.shape || new.dtype != old.dtype {
    programmingError(
      kind,
      "a value of \(new.dtype) \(new.shape) was assigned to \(what) of \(old.dtype) \(old.shape)")
  }
}
