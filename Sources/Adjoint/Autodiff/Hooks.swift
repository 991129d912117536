extension Tensor {
  /// The same value; `look` sees the gradient that arrives at it in each backward sweep.
  ///
  /// Use the result in place of this tensor: `look` is called once in a sweep, with the sum of the
  /// gradients of all its uses. It is not called where nothing the sweep is asked for depends on it.
  ///
  /// ```swift
  /// let h = tanh(matmul(x, w)).onGradient { print(abs($0).max()) }
  /// ```
  ///
  /// It is for looking. To change the gradient, say so with `withCustomDerivative`.
  public func onGradient(_ look: @escaping (_ gradient: Tensor) -> Void) -> Tensor {
    recorded("onGradient", self) { g in
      look(g)
      return g
    }
  }
}
