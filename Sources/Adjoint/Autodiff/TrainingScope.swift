/// Whether a model is being trained: what `withMode` of `AdjointNN` sets.
///
/// It is kept here because `checkpoint` has to restore it. No operation of this library looks at it.
package enum TrainingScope {
  /// Whether the innermost scope is one of training.
  @TaskLocal package static var isOn = false
}
