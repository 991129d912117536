import Adjoint

/// The examples of several datasets, one dataset behind the other.
public struct ConcatenatedDataset: Dataset {
  private let parts: [any Dataset]
  /// Where each part begins, and the number of all examples at the end.
  private let bounds: [Int]

  /// The examples of all parts, which should have the same shapes.
  public init(_ parts: [any Dataset]) {
    self.parts = parts
    bounds = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// The number of examples of all parts.
  public var count: Int { bounds[parts.count] }

  /// An example, from the part that it is in.
  public subscript(index: Int) -> [Tensor] {
    get throws {
      let part = part(of: index)
      return try parts[part][index - bounds[part]]
    }
  }

  /// The examples at these places, from each part those that it has.
  public func batch(at indices: [Int]) throws -> [Tensor] {
    let owners = indices.map(part(of:))
    let order = indices.indices.sorted { (owners[$0], $0) < (owners[$1], $1) }
    var pieces: [[Tensor]] = []
    for group in order.chunked(by: { owners[$0] }) {
      let part = owners[group[0]]
      pieces.append(try parts[part].batch(at: group.map { indices[$0] - bounds[part] }))
    }
    if pieces.count == 1 { return pieces[0] }
    // Where each example of the batch has come to lie.
    var places = order
    for (place, example) in order.enumerated() { places[example] = place }
    let gathered = Tensor(places)
    return pieces[0].indices.map { tensor in
      concatenated(pieces.map { $0[tensor] }).gathering(gathered)
    }
  }

  private func part(of index: Int) -> Int {
    var (low, high) = (0, parts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if bounds[middle] <= index { low = middle } else { high = middle }
    }
    return low
  }
}

extension [Int] {
  /// Neighbours of one key together.
  fileprivate func chunked(by key: (Int) -> Int) -> [[Int]] {
    reduce(into: []) { groups, element in
      if let last = groups.last?.last, key(last) == key(element) {
        groups[groups.count - 1].append(element)
      } else {
        groups.append([element])
      }
    }
  }
}
