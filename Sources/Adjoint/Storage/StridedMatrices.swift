/// The matrices of a batch as BLAS reads them: elements of a row side by side, rows any distance apart.
struct StridedMatrices {
  let payload: Payload
  /// How far apart the rows of a matrix and the elements of a row are, in elements.
  let stride, step: Int
  private let base: UnsafeMutableRawPointer
  /// Where each matrix starts, in elements.
  private let offsets: [Int]
  private let size: Int

  /// The last two axes of a payload, copied where the elements of a row have gaps; not `gapless`, as
  /// they are.
  init(_ payload: Payload, gapless: Bool = true) {
    payload.force()
    let (rank, strides) = (payload.shape.rank, payload.strides)
    let (rows, columns) = (payload.shape[rank - 2], payload.shape[rank - 1])
    // BLAS wants rows that do not overlap.
    let isRight =
      !gapless
      || (columns <= 1 || strides[rank - 1] == 1)
        && (rows <= 1 || strides[rank - 2] >= max(columns, 1))
    self.init(as: isRight ? payload : payload.contiguous, gapless: gapless)
  }

  private init(as payload: Payload, gapless: Bool) {
    let (rank, strides) = (payload.shape.rank, payload.strides)
    self.payload = payload
    base = payload.address
    stride =
      gapless && payload.shape[rank - 2] <= 1
      ? max(payload.shape[rank - 1], 1) : strides[rank - 2]
    step = strides[rank - 1]
    size = payload.dtype.byteCount
    offsets = (0..<rank - 2).reduce([0]) { offsets, axis in
      offsets.flatMap { start in (0..<payload.shape[axis]).map { start + $0 * strides[axis] } }
    }
  }

  /// New matrices, for their maker to write, whose axes lie in memory in the order of the last axes of
  /// `model`.
  ///
  /// A model with transposed heads `[n, heads, t, d]` gives a result that needs no copy to transpose
  /// them back.
  init(shape: Shape, as model: Payload) {
    let extra = shape.rank - model.shape.rank
    let steps = model.strides
    // The last axis stays the last: rows have no gaps. Stretched axes have no place of their own.
    let sorted = (0..<model.shape.rank - 1).sorted { steps[$0] > steps[$1] }
    let isPlain = (0..<model.shape.rank - 1).contains { steps[$0] <= 0 && model.shape[$0] != 1 }
    let order =
      Array(0..<extra) + (isPlain ? Array(0..<model.shape.rank - 1) : sorted).map { $0 + extra }
      + [shape.rank - 1]
    let memory = Payload(
      shape: Shape(unchecked: order.map { shape[$0] }), dtype: model.dtype
    ) { _ in }
    var strides = shape
    for (place, axis) in order.enumerated() { strides[axis] = memory.strides[place] }
    self.init(
      as: Payload(viewOf: memory, offset: 0, shape: shape, strides: strides), gapless: true)
  }

  func row(_ row: Int, of matrix: Int) -> UnsafeMutableRawPointer {
    base + (offsets[matrix] + row * stride) * size
  }

  func matrix(from row: Int, of matrix: Int) -> BLAS.Matrix {
    BLAS.Matrix(
      address: self.row(row, of: matrix), leadingDimension: stride, transposed: false)
  }

  /// Fills rows of a matrix with zeros.
  func clear(_ matrix: Int, from row: Int = 0, rows: Int, columns: Int) {
    for index in row..<row + rows {
      self.row(index, of: matrix).initializeMemory(
        as: UInt8.self, repeating: 0, count: columns * size)
    }
  }
}
