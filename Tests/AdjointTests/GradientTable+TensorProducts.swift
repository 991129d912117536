import Adjoint

// Rows for products other than `matmul`.

extension GradientTable {
  private static func product(
    _ name: String, _ operation: String, _ shapes: [Shape], fixed: Set<Int> = [],
    _ f: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: shapes, fixedSizes: fixed, function: f)
  }

  private static func sums(_ equation: String, _ shapes: Shape...) -> GradientRow {
    product("einsum \(equation)", "matmul", shapes) { einsum(equation, $0) }
  }

  static let tensorProducts: [GradientRow] = [
    product("dot", "matmul", [[4], [4]]) { dot($0[0], $0[1]) },
    product("outer", "*", [[4], [3]]) { outer($0[0], $0[1]) },
    product("inner of matrices", "matmul", [[2, 3], [4, 3]]) { inner($0[0], $0[1]) },
    product("inner of a vector and a cube", "matmul", [[3], [2, 4, 3]]) { inner($0[0], $0[1]) },
    product("tensordot over two axes", "matmul", [[2, 3, 4], [3, 4, 5]]) {
      tensordot($0[0], $0[1])
    },
    product("tensordot over pairs of axes", "matmul", [[2, 3, 4], [5, 4, 3]]) {
      tensordot($0[0], $0[1], axes: ([1, -1], [2, 1]))
    },
    product("tensordot over no axes", "*", [[2], [3, 2]]) { tensordot($0[0], $0[1], axes: 0) },
    product("kron of matrices", "*", [[2, 3], [3, 2]]) { kron($0[0], $0[1]) },
    product("kron of a vector and a cube", "*", [[2], [3, 1, 2]]) { kron($0[0], $0[1]) },
    product("cross", "*", [[2, 3], [2, 3]], fixed: [3]) { cross($0[0], $0[1]) },
    product("cross along axis 0 with broadcasting", "*", [[3, 2, 1], [3, 1, 4]], fixed: [3]) {
      cross($0[0], $0[1], axis: 0)
    },
    product("bilinear", "matmul", [[5, 3], [5, 4], [2, 3, 4]]) {
      bilinear($0[0], $0[1], weight: $0[2])
    },
    product("multiDot of matrices", "matmul", [[2, 3], [3, 4], [4, 1], [1, 5]]) { multiDot($0) },
    product("multiDot between vectors", "matmul", [[3], [3, 4], [4]]) { multiDot($0) },
    sums("ij,jk->ik", [2, 3], [3, 4]),
    sums("ij,kj", [2, 3], [4, 3]),
    sums("...ij,...jk->...ik", [2, 3, 4], [4, 5]),
    sums("bi,oij,bj->bo", [5, 3], [2, 3, 4], [5, 4]),
    sums("ii->i", [3, 3]),
    sums("ii", [3, 3]),
    sums("iji->j", [3, 2, 3]),
    sums("ij->", [2, 3]),
    sums("ijk->ki", [2, 3, 4]),
    sums("i,j->ij", [2], [3]),
    sums("ij,ij->i", [2, 3], [2, 3]),
    sums("i,i,i->i", [3], [3], [3]),
    sums("ab,bc,cd,de->ae", [2, 3], [3, 4], [4, 2], [2, 5]),
    sums("bqhd,bkhd->bhqk", [2, 3, 2, 4], [2, 5, 2, 4]),
    product("einsum with axes that broadcast", "matmul", [[2, 1, 3], [4, 3]]) {
      einsum("...i,...i->...", $0)
    },
  ]
}
