import Adjoint

// Rows for changes of shape, subscripts, gather and scatter.

extension GradientTable {
  static let shapesAndIndices: [GradientRow] =
    reshaping + grids + subscripts + assignments + gathering + scattering

  private static func cube(
    _ name: String, _ operations: String..., fixed: Set<Int> = [], allowsEmpty: Bool = true,
    _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: operations, shapes: [[2, 3, 4]], fixedSizes: fixed,
      allowsEmpty: allowsEmpty, function: { f($0[0]) })
  }

  private static func tensor(_ values: [Int]) -> Tensor { Tensor(values) }

  private static func sines(_ parts: [Tensor], axis: Int) -> Tensor {
    concatenated(parts.enumerated().map { sin($1 * Double($0 + 1)) }, axis: axis)
  }

  private static let reshaping: [GradientRow] = [
    cube("flattened", "reshaped") { sin($0.flattened()) * $0.flattened(from: 0, to: 2) },
    cube("flattened in part", "reshaped") { sin($0.flattened(from: 1)) },
    cube("unflattened", "reshaped", fixed: [4]) { sin($0.unflattened(axis: -1, into: [2, -1])) },
    cube("squeezed of everything", "squeezed", "expandingDimension") {
      sin($0.expandingDimension(at: 0).expandingDimension(at: 2).squeezed()).sum() * $0
    },
    cube("expanded", "expandingDimension") { sin($0.expanded(toRank: 5)) },
    cube("movingAxis", "permuted") { sin($0.movingAxis(0, to: -1)) },
    cube("movingAxes", "permuted") { sin($0.movingAxes([2, 0], to: [0, 1])) },
    cube("flipped", "flipped") { sin($0.flipped()) * $0 },
    cube("flipped along two axes", "flipped") { sin($0.flipped(axes: [0, -1])) * $0 },
    cube("rotated", "flipped", "transposed") {
      sin($0.rotated(axes: (1, 2))) * $0.rotated(quarterTurns: -1, axes: (1, 2))
    },
    cube("split by sizes", "sliced", fixed: [4]) { sines($0.split([1, 0, 3], axis: 2), axis: 2) },
    cube("split every two", "sliced", fixed: [3]) { sines($0.split(every: 2, axis: 1), axis: 1) },
    cube("split into parts", "sliced") { sines($0.split(into: 3, axis: -1), axis: 2) },
    cube("chunked", "sliced") { sines($0.chunked(into: 2, axis: 1), axis: 1) },
    cube("unstacked", "subscript", fixed: [3]) { sines($0.unstacked(axis: 1), axis: 1) },
    cube("rolled", "concatenated") { sin($0.rolled([1, -2], axes: [0, 2])) * $0 },
    cube("padded with a number", "replacing") {
      sin($0.padded([(1, 0), (2, 1)], with: .constant(0.5)))
    },
    cube("padded by reflection", "concatenated", fixed: [3, 4], allowsEmpty: false) {
      sin($0.padded([(2, 1), (0, 3)], with: .reflect))
    },
    cube("padded by replication", "concatenated", allowsEmpty: false) {
      sin($0.padded([(2, 0), (1, 1)], with: .replicate))
    },
    cube("padded around the circle", "concatenated", fixed: [3, 4]) {
      sin($0.padded([(3, 1), (0, 2)], with: .circular))
    },
    cube("unfolded with overlap", "unfolded", fixed: [4]) { sin($0.unfolded(size: 3)) },
    cube("unfolded in the middle with gaps", "unfolded", fixed: [3]) {
      sin($0.unfolded(size: 1, step: 2, axis: 1))
    },
    GradientRow(
      name: "unfolded in steps with a rest", operations: ["unfolded"], shapes: [[2, 8, 3]],
      fixedSizes: [8], function: { sin($0[0].unfolded(size: 3, step: 2, axis: 1)) }),
    GradientRow(
      name: "a moving average of unfolded", operations: ["unfolded"], shapes: [[7]],
      fixedSizes: [7], function: { square($0[0].unfolded(size: 4).mean(axes: [-1])) }),
  ]

  private static let grids: [GradientRow] = [
    cube("tiled", "broadcast") { sin($0.tiled([2, 1, 3])) },
    cube("tiled along new axes", "broadcast") { sin($0.tiled([2, 1, 1, 2])) },
    cube("repeated", "broadcast") { sin($0.repeated(3, axis: 1)) },
    cube("repeated by counts", "gathering", fixed: [3]) { sin($0.repeated([2, 0, 1], axis: 1)) },
    GradientRow(
      name: "meshgrid", operations: ["broadcast"], shapes: [[3], [2]],
      function: { x in
        let (ij, xy) = (meshgrid(x), meshgrid(x, indexing: .xy))
        return sin(ij[0] * ij[1]) + (xy[0] * xy[1] * xy[1]).transposed()
      }),
    GradientRow(
      name: "cartesianProduct", operations: ["concatenated"], shapes: [[3], [2]],
      function: { sin(cartesianProduct($0)) }),
    GradientRow(
      name: "blockDiagonal", operations: ["replacing"], shapes: [[2, 3], [4, 1], [3]],
      function: { sin(blockDiagonal($0)) }),
    cube("diagonal", "diagonal") { sin($0.diagonal()) },
    cube("diagonal of other axes with an offset", "diagonal") {
      sin($0.diagonal(offset: -1, axes: (2, 0)))
    },
    cube("diagonalMatrix", "replacing") { sin($0.diagonalMatrix(offset: 1)) },
    cube("tril", "where") { sin(tril($0, diagonal: -1)) * $0 },
    cube("triu", "where") { sin(triu($0, diagonal: 1)) * $0 },
    cube("vander", "pow") { vander($0, columns: 4) },
  ]

  private static let subscripts: [GradientRow] = [
    cube("subscript of integers and ranges", "subscript", fixed: [2, 4]) {
      sin($0[1, ..., 1..<3]) * $0[0, .all, (-2)...]
    },
    cube("subscript in steps", "subscript") { sin($0[.all, .every(2), .every(-1)]) },
    cube("subscript in steps backwards", "subscript", fixed: [4]) {
      sin($0[..., .every(-2, from: -1, to: 0)])
    },
    cube("subscript with new axes", "subscript", fixed: [3]) {
      sin($0[.all, 1, ..., .newAxis])[.newAxis] * $0[.all, 2, .newAxis]
    },
    cube("subscript with a tensor", "gathering", fixed: [3]) {
      sin($0[.all, tensor([2, 0, -1])])
    },
    cube("subscript with two tensors in step", "gathering", fixed: [2, 4]) {
      sin($0[tensor([1, 0, 1]), .all, tensor([3, 3, -4])])
    },
    cube("subscript with neighbouring tensors that broadcast", "gathering", fixed: [3, 4]) {
      sin($0[.all, tensor([2, 0]).reshaped(2, 1), tensor([1, 3, 1])])
    },
    cube("subscript with a mask", "gathering", fixed: [2, 3]) {
      sin($0[Tensor([[true, false, true], [false, true, true]])])
    },
    cube("subscript with a mask behind a range", "gathering", fixed: [3, 4]) {
      sin($0[.all, 1..., Tensor([true, false, true, false])])
    },
  ]

  /// A copy of the first tensor with the second assigned to a part of it.
  private static func assigning(
    _ name: String, _ operation: String, _ value: Shape, fixed: Set<Int> = [],
    _ assign: @escaping @Sendable (inout Tensor, Tensor) -> Void
  ) -> GradientRow {
    GradientRow(
      name: "assignment \(name)", operations: [operation], shapes: [[2, 3, 4], value],
      fixedSizes: fixed,
      function: { inputs in
        var x = inputs[0] * inputs[0]
        assign(&x, sin(inputs[1]))
        return x * inputs[0]
      })
  }

  private static let assignments: [GradientRow] = [
    assigning("to a row", "replacing", [3, 4], fixed: [2]) { $0[1] = $1 },
    assigning("of a stretched value", "replacing", [4], fixed: [3]) { $0[.all, 0..<2] = $1 },
    assigning("of one number", "replacing", []) { $0[..., .every(2)] = $1 },
    assigning("to everything", "replacing", [3, 4]) { $0[...] = $1 },
    assigning("of a literal", "replacing", [1], fixed: [3]) {
      $0[.all, 1] = 0.5
      $0[.all, 2] = $1
    },
    assigning("backwards", "replacing", [2, 3, 4]) { $0[.every(-1), ..., .every(-1)] = $1 },
    assigning("twice to the same elements", "replacing", [4], fixed: [2, 3]) {
      $0[0, 0..<2] = $1
      $0[0, 1...] = $1 * $1
    },
    assigning("of a part of itself", "replacing", [4], fixed: [3]) {
      $0[.all, 0] = $0[.all, 1] * $1
    },
    assigning("with +=", "replacing", [3, 4], fixed: [2, 4]) {
      $0[1] += $1
      $0[..., 0] *= 3
    },
    assigning("to indices of which some occur twice", "scattering", [3, 4], fixed: [2, 3]) {
      $0[tensor([1, 0, 1])] = $1.expandingDimension(at: 1)
    },
    assigning("to indices along the middle axis", "scattering", [3, 4], fixed: [3]) {
      $0[.all, tensor([2, 2, -2])] = $1
    },
    assigning("to places in step", "scattering", [3], fixed: [2, 3, 4]) {
      $0[tensor([1, 0, 1]), 0, tensor([3, 3, 3])] = $1
    },
    assigning("to a mask", "where", [4], fixed: [2, 3]) {
      $0[Tensor([[true, false, true], [false, true, true]])] = $1
    },
    assigning("of as many values as a mask is true", "scattering", [2, 2], fixed: [2, 3]) {
      $0[.all, Tensor([true, false, true])] = $1.expandingDimension(at: -1)
    },
    GradientRow(
      name: "assignment to a constant in a loop", operations: ["replacing"], shapes: [[3]],
      fixedSizes: [3],
      function: { inputs in
        var x = Tensor.zeros([4, 3], dtype: inputs[0].dtype)
        for row in 0..<4 { x[row] = row == 0 ? inputs[0] : x[row - 1] * sin(x[row - 1]) }
        return x
      }),
  ]

  private static let gathering: [GradientRow] = [
    cube("gathering with indices of two axes", "gathering", fixed: [3]) {
      sin($0.gathering(tensor([2, 0, 0, 1]).reshaped(2, 2), axis: 1))
    },
    cube("gathering single numbers", "gathering", fixed: [4]) {
      sin($0.gathering(tensor([3, 3, 1]), axis: -1))
    },
    cube("gatheringAlongAxis with indices that broadcast", "gathering", fixed: [4]) {
      sin($0.gatheringAlongAxis(tensor([3, 3, 1]).reshaped(1, 1, 3)))
    },
    cube("gatheringAlongAxis in the middle", "gathering", fixed: [2, 3, 4]) {
      sin(
        $0.gatheringAlongAxis(
          tensor([0, 1, 2, 0, 1, 1, 1, 1, 2, 2, 0, 2, 0, 0, 2, 1]).reshaped(2, 2, 4), axis: 1))
    },
    cube("gatheringAlongAxis of a stretched tensor", "gathering", fixed: [3]) {
      sin($0.gatheringAlongAxis(tensor([0, 2]).reshaped(1, 2, 1), axis: 1)) * $0[.all, 1..<3]
    },
    cube("taking", "gathering", fixed: [2, 3, 4]) {
      sin($0.taking(tensor([0, 23, 23, 7]).reshaped(2, 2)))
    },
  ]

  private static let modes: [(ScatterMode, String)] = [
    (.set, "set"), (.add, "add"), (.maximum, "maximum"), (.minimum, "minimum"),
  ]

  private static let scattering: [GradientRow] = modes.flatMap { mode, name in
    [
      GradientRow(
        name: "scattering slices, \(name)", operations: ["scattering"], shapes: [[2, 4], [3, 4]],
        domain: .distinct, fixedSizes: [2, 3],
        function: { sin($0[0].scattering($0[1], at: tensor([1, 0, 1]), mode: mode)) }),
      GradientRow(
        name: "scattering along the last axis, \(name)", operations: ["scattering"],
        shapes: [[2, 3], [2, 5]], domain: .distinct, fixedSizes: [3, 5],
        function: {
          sin($0[0].scattering($0[1], at: tensor([2, 0, 2, 2, 0]), axis: -1, mode: mode))
        }),
      GradientRow(
        name: "scatteringAlongAxis, \(name)", operations: ["scattering"],
        shapes: [[2, 3], [2, 4]], domain: .distinct, fixedSizes: [2, 3, 4],
        function: {
          let places = tensor([0, 0, 2, 0, 1, 2, 2, 1]).reshaped(2, 4)
          return sin($0[0].scatteringAlongAxis($0[1], at: places, mode: mode))
        }),
      GradientRow(
        name: "scatteringAlongAxis of one number, \(name)", operations: ["scattering"],
        shapes: [[2, 3], [1]], domain: .distinct, fixedSizes: [2, 3],
        function: {
          let places = tensor([1, 0, 1, 0, 0, 1]).reshaped(2, 3)
          return sin($0[0].scatteringAlongAxis($0[1], at: places, axis: 0, mode: mode))
        }),
    ]
  }
}
