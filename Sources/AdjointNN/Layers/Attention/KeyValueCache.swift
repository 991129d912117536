import Adjoint

/// The keys and values of the steps an attention layer has seen, for generation step by step.
///
/// A value: a copy goes its own way, as beams do. It starts empty, and a call with it takes only the new
/// steps of the sequence:
///
/// ```swift
/// var cache = KeyValueCache()
/// var y = attention(prompt, cache: &cache)
/// y = attention(next, cache: &cache)   // the same as the last step of all at once
/// ```
public struct KeyValueCache: Sendable {
  /// Keys and values so far, `[n, heads, steps, head size]`; nil in the beginning.
  public private(set) var keys, values: Tensor?

  /// An empty cache.
  public init() {}

  /// The number of steps so far.
  public var count: Int { keys?.shape[2] ?? 0 }

  /// Takes in the keys and values of further steps.
  mutating func append(_ newKeys: Tensor, _ newValues: Tensor) {
    keys = keys.map { concatenated([$0, newKeys], axis: 2) } ?? newKeys
    values = values.map { concatenated([$0, newValues], axis: 2) } ?? newValues
  }
}
