import Adjoint

/// A tensor that belongs to a model's state but that no gradient changes.
///
/// An example is the running mean of a batch normalisation.
///
/// It is found by `Module.namedBuffers` and saved and loaded along with the parameters. Its dtype may
/// be any; `convert(to:)` changes floating ones only.
public final class Buffer {
  private var current: Tensor

  /// A buffer that starts at `value`.
  public init(_ value: Tensor) { current = value.detached }

  /// The current value, which is never on the tape.
  ///
  /// Assigning keeps the tensor's numbers, without their history; shape and dtype must stay, else the
  /// program stops.
  public var value: Tensor {
    get { current }
    set {
      requireLike(current, newValue, "Buffer", "a buffer")
      current = newValue.detached
    }
  }

  /// The sizes of the dimensions.
  public var shape: Shape { current.shape }
  /// The type of the elements.
  public var dtype: DType { current.dtype }

  /// Puts a tensor of another dtype in the place of the value.
  func substitute(_ tensor: Tensor) { current = tensor }
}
