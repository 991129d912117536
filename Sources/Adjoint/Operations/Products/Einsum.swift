/// Sums of products, in Einstein's notation: `einsum("ij,jk->ik", a, b)` is the matrix product.
///
/// Each operand has its axes named by letters. What the result names is kept, everything else is
/// summed; a letter that one operand has twice means its diagonal. `...` stands for any number of
/// axes, which are broadcast. Without `->` the result is `...` and, in alphabetical order, the letters
/// that occur once. Several operands are multiplied two at a time, in the cheapest order; products are
/// those of `matmul` wherever something is summed.
///
/// ```swift
/// einsum("...ij,...jk->...ik", a, b)  // batches of matrix products
/// einsum("ii", a)                     // the trace
/// einsum("bi,oij,bj->bo", x, w, y)    // a bilinear form
/// ```
public func einsum(
  _ equation: String, _ operands: Tensor..., file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  einsum(equation, operands, file: file, line: line)
}

/// Sums of products of an array of operands; see the variant for several arguments.
public func einsum(
  _ equation: String, _ operands: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let name = "einsum"
  if operands.isEmpty { programmingError(name, "no operands", file: file, line: line) }
  requireOneFloatingType(name, operands, file, line)
  let sum = EinsteinSum(equation, operands.map(\.shape)) {
    programmingError(name, "in \"\(equation)\" \($0)", file: file, line: line)
  }
  let labelled = zip(operands, sum.inputs).map {
    LabelledTensor(tensor: $0, labels: $1).withoutRepetition
  }
  // What only one operand has and the result does not is summed at once.
  let reduced = labelled.indices.map { index in
    var wanted = Set(sum.output)
    for (other, operand) in labelled.enumerated() where other != index {
      wanted.formUnion(operand.labels)
    }
    return labelled[index].summed(keeping: wanted)
  }
  return contracted(reduced, keeping: sum.output).arranged(sum.output)
}

/// The notation, read: letters are their character codes.
///
/// Axes of the ellipsis count from the last, which is -1.
private struct EinsteinSum {
  private(set) var inputs: [[Int]] = []
  private(set) var output: [Int] = []

  init(_ equation: String, _ shapes: [Shape], fail: (String) -> Never) {
    let text = equation.filter { $0 != " " }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    if sides.count > 2 { fail("there is more than one \"->\"") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    if terms.count != shapes.count {
      fail("there are \(terms.count) operands, but \(shapes.count) tensors")
    }
    var sizes: [Int: Int] = [:]
    var ellipsisRank = 0
    for (term, shape) in zip(terms, shapes) {
      let labels = Self.labels(term, rank: shape.rank, fail)
      ellipsisRank = max(ellipsisRank, labels.count { $0 < 0 })
      for (axis, label) in labels.enumerated() {
        let (size, known) = (shape[axis], sizes[label] ?? shape[axis])
        // Only axes of "..." are broadcast.
        if size != known && (label >= 0 || size != 1 && known != 1) {
          fail("\(Self.text(label)) is \(known) and, in \(shape), \(size)")
        }
        sizes[label] = known == 1 ? size : known
      }
      inputs.append(labels)
    }
    if sides.count == 2 {
      output = Self.labels(sides[1], ellipsisRank: ellipsisRank, fail)
      if Set(output).count != output.count { fail("the result names an axis twice") }
      if let unknown = output.first(where: { sizes[$0] == nil }) {
        fail("no operand has \(Self.text(unknown)) of the result")
      }
      if ellipsisRank > 0 && !output.contains(-1) { fail("the result lacks \"...\"") }
    } else {
      let letters = inputs.joined().filter { $0 >= 0 }
      let once = Set(letters.filter { letter in letters.count { $0 == letter } == 1 })
      output = (0..<ellipsisRank).map { $0 - ellipsisRank } + once.sorted()
    }
  }

  private static func labels(
    _ term: Substring, rank: Int, _ fail: (String) -> Never
  ) -> [Int] {
    let letters = term.count { $0 != "." }
    let hasEllipsis = term.contains(".")
    if letters > rank || letters < rank && !hasEllipsis {
      fail("\"\(term)\" names \(letters) axes of a tensor with \(rank)")
    }
    return labels(term, ellipsisRank: rank - letters, fail)
  }

  private static func labels(
    _ term: Substring, ellipsisRank: Int, _ fail: (String) -> Never
  ) -> [Int] {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false)
    if parts.count > 2 { fail("\"\(term)\" has more than one \"...\"") }
    for letter in parts.joined() where !letter.isASCII || !letter.isLetter {
      fail("\"\(letter)\" names no axis: only letters, \"...\", \",\" and \"->\" are allowed")
    }
    func codes(_ part: Substring) -> [Int] { part.unicodeScalars.map { Int($0.value) } }
    let axes = (0..<ellipsisRank).map { $0 - ellipsisRank }
    return codes(parts[0]) + (parts.count == 2 ? axes + codes(parts[1]) : [])
  }

  private static func text(_ label: Int) -> String {
    label < 0
      ? "axis \(label) of \"...\""
      : "axis \"\(UnicodeScalar(UInt32(label)).map(Character.init) ?? " ")\""
  }
}
