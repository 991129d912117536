import Adjoint

/// Several layers applied to one input, and their results joined.
///
/// ```swift
/// Parallel(joining: .concatenation(axis: 1)) {
///   Conv2d(inputChannels: 8, outputChannels: 4, kernelSize: 1)
///   Conv2d(inputChannels: 8, outputChannels: 4, kernelSize: 3, padding: .same)
/// }
/// ```
///
/// Shapes: results that are concatenated differ at most along that axis, those that are added not
/// at all. Parameters are named by the branch's number, `0.weight`.
///
/// Source: Szegedy et al., "Going deeper with convolutions", CVPR 2015.
public final class Parallel: Layer {
  /// How results become one.
  public enum Joining: Sendable, Equatable, Codable {
    /// One behind the other along an axis.
    case concatenation(axis: Int)
    /// Added.
    case sum
  }

  /// The layers.
  public let branches: [any Layer]
  /// How their results become one.
  public let joining: Joining

  /// Branches with joined results; at least one.
  public init(
    _ branches: [any Layer], joining: Joining = .concatenation(axis: 1),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if branches.isEmpty {
      programmingError("Parallel", "needs at least one branch", file: file, line: line)
    }
    (self.branches, self.joining) = (branches, joining)
  }

  /// Branches that the block lists, with joined results.
  public convenience init(
    joining: Joining = .concatenation(axis: 1), file: StaticString = #fileID, line: UInt = #line,
    @LayerBuilder _ branches: () -> [any Layer]
  ) {
    self.init(branches(), joining: joining, file: file, line: line)
  }

  /// How results are joined.
  public var details: [String] {
    switch joining {
    case .concatenation(let axis): ["concatenation along axis \(axis)"]
    case .sum: ["sum"]
    }
  }

  /// The joined results.
  public func forward(_ x: Tensor) -> Tensor {
    let site = CallSite.current
    let results = branches.map { $0.applied(to: x, at: site) }
    let shapes = results.map(\.shape)
    func refuse() -> Never {
      fail(
        "the branches make \(shapes) of an input of shape \(x.shape); \(details[0]) is impossible")
    }
    switch joining {
    case .sum:
      if shapes.contains(where: { $0 != shapes[0] }) { refuse() }
      return results.dropFirst().reduce(results[0]) { $0 + $1 }
    case .concatenation(let axis):
      let at = axis < 0 ? axis + shapes[0].count : axis
      func others(_ shape: Shape) -> [Int] {
        shape.enumerated().filter { $0.offset != at }.map(\.element)
      }
      let first = others(shapes[0])
      let fit = shapes.allSatisfy { $0.count == shapes[0].count && others($0) == first }
      if !shapes[0].indices.contains(at) || !fit { refuse() }
      return concatenated(results, axis: at, file: site.file, line: site.line)
    }
  }
}

extension Parallel: CustomReflectable {
  /// The branches by number, so that paths are `0.weight`, as those of `Sequential`.
  public var customMirror: Mirror {
    Mirror(self, children: branches.enumerated().map { (label: String($0), value: $1) })
  }
}

extension Parallel: SavableLayer {
  private enum CodingKeys: CodingKey { case branches, joining }

  /// Writes the branches and how they are joined.
  public func encode(to encoder: any Encoder) throws {
    let coded = try branches.enumerated().map { index, layer in
      try CodedLayer(layer, as: "branch \(index)", for: encoder)
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(coded, forKey: .branches)
    try container.encode(joining, forKey: .joining)
  }

  /// The branches that were written.
  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let branches = try container.decode([CodedLayer].self, forKey: .branches).map(\.layer)
    if branches.isEmpty {
      throw DecodingError.dataCorruptedError(
        forKey: .branches, in: container, debugDescription: "needs at least one branch")
    }
    self.init(branches, joining: try container.decode(Joining.self, forKey: .joining))
  }
}
