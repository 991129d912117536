import COpenBLAS

/// The product Q of Householder reflectors, which are the columns of a matrix with ones and zeros
/// where they have them.
///
/// A panel of them is 1 - V T V^T, so applying it is three matrix products. Source: R. Schreiber and
/// C. Van Loan, "A storage-efficient WY representation for products of Householder transformations",
/// 1989.
struct Reflectors<T: LAPACKScalar> {
  typealias Address = UnsafeMutablePointer<T>

  private let vectors: Address
  private let (rows, count, stride): (Int, Int, Int)
  /// T of each panel, column-major.
  private let factors: Buffer

  /// The number of vectors in a panel.
  static var width: Int { 64 }
  private var panels: Int { (count + Self.width - 1) / Self.width }

  /// Memory for `count` vectors of `rows` elements, of which no panel is known yet.
  ///
  /// The i-th vector has zeros before element i.
  init(_ vectors: Address, _ rows: Int, _ count: Int, _ stride: Int) {
    (self.vectors, self.rows, self.count, self.stride) = (vectors, rows, count, stride)
    let width = Self.width
    factors = Buffer(
      elementCount: (count + width) * width, dtype: T.dtype)
  }

  /// `count` vectors that are there already, with their factors.
  init(_ vectors: Address, _ rows: Int, _ count: Int, _ stride: Int, _ tau: Address) {
    self.init(vectors, rows, count, stride)
    parallel(panels, grain: 1) { [self] begin, end in
      for panel in begin..<end { complete(panel, tau) }
    }
  }

  /// Computes T of a panel whose vectors are there, for their factors.
  func complete(_ index: Int, _ tau: Address) {
    let width = Self.width
    let (start, size) = (index * width, min(width, count - index * width))
    let (v, t) = (panel(start), factor(index))
    withUnsafeTemporaryAllocation(of: T.self, capacity: width * width) { products in
      let products = products.baseAddress!
      T.gemm(
        CblasColMajor, CblasTrans, CblasNoTrans, Int32(size), Int32(size), Int32(rows - start),
        1, v, Int32(stride), v, Int32(stride), 0, products, Int32(width))
      for column in 0..<size {
        let (x, product) = (t + column * width, products + column * width)
        x.update(repeating: 0, count: width)
        x[column] = tau[start + column]
        for k in 0..<column {
          let factor = -x[column] * product[k]
          for row in 0...k { x[row] += factor * t[k * width + row] }
        }
      }
    }
  }

  private func panel(_ start: Int) -> Address { vectors + start * stride + start }
  private func factor(_ panel: Int) -> Address {
    factors.address.elements(T.self, from: panel * Self.width * Self.width)
  }

  /// Q C in the place of C, column-major.
  func apply(to c: Address, _ leading: Int, columns: Int) {
    withProducts(columns) { x, y in
      for index in (0..<panels).reversed() {
        apply(index, CblasNoTrans, to: c, leading, columns, x, y)
      }
    }
  }

  /// Columns of Q itself, column-major in `c`.
  func write(_ columns: Range<Int>, to c: Address, _ leading: Int) {
    for (place, column) in columns.enumerated() {
      (c + place * leading).update(repeating: 0, count: rows)
      c[place * leading + column] = 1
    }
    withProducts(columns.count) { x, y in
      // Panels that begin later meet nothing but zeros.
      let last = min(panels, (columns.upperBound + Self.width - 1) / Self.width)
      for index in (0..<last).reversed() {
        apply(index, CblasNoTrans, to: c, leading, columns.count, x, y)
      }
    }
  }

  /// The transpose of one panel's product, times C, in the place of C.
  func applyTransposed(panel index: Int, to c: Address, _ leading: Int, columns: Int) {
    withProducts(columns) { x, y in
      apply(index, CblasTrans, to: c, leading, columns, x, y)
    }
  }

  private func apply(
    _ index: Int, _ transposition: CBLAS_TRANSPOSE, to c: Address, _ leading: Int, _ columns: Int,
    _ x: Address, _ y: Address
  ) {
    let start = index * Self.width
    let (v, t, block) = (panel(start), factor(index), c + start)
    let (height, size) = (Int32(rows - start), Int32(min(Self.width, count - start)))
    let (columns, width) = (Int32(columns), Int32(Self.width))
    T.gemm(
      CblasColMajor, CblasTrans, CblasNoTrans, size, columns, height, 1, v, Int32(stride), block,
      Int32(leading), 0, x, width)
    T.gemm(
      CblasColMajor, transposition, CblasNoTrans, size, columns, size, 1, t, width, x, width, 0, y,
      width)
    T.gemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, height, columns, size, -1, v, Int32(stride), y,
      width, 1, block, Int32(leading))
  }

  /// C Q^T in the place of C, column-major.
  func applyTransposed(to c: Address, _ leading: Int, rows height: Int) {
    withProducts(height) { x, y in
      for index in (0..<panels).reversed() {
        let start = index * Self.width
        let (v, t, block) = (panel(start), factor(index), c + start * leading)
        let (columns, size) = (Int32(rows - start), Int32(min(Self.width, count - start)))
        let height = Int32(height)
        T.gemm(
          CblasColMajor, CblasNoTrans, CblasNoTrans, height, size, columns, 1, block,
          Int32(leading), v, Int32(stride), 0, x, height)
        T.gemm(
          CblasColMajor, CblasNoTrans, CblasTrans, height, size, size, 1, x, height, t,
          Int32(Self.width), 0, y, height)
        T.gemm(
          CblasColMajor, CblasNoTrans, CblasTrans, height, columns, size, -1, y, height, v,
          Int32(stride), 1, block, Int32(leading))
      }
    }
  }

  /// Calls `body` with memory for two products of a panel with `length` vectors.
  private func withProducts(_ length: Int, _ body: (_ x: Address, _ y: Address) -> Void) {
    let capacity = Self.width * length
    withUnsafeTemporaryAllocation(of: T.self, capacity: 2 * capacity) { memory in
      let x = memory.baseAddress!
      body(x, x + capacity)
    }
  }
}
