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

  private static var width: Int { 64 }
  private var panels: Int { (count + Self.width - 1) / Self.width }

  /// `count` vectors of `rows` elements; the i-th has zeros before element i.
  init(_ vectors: Address, _ rows: Int, _ count: Int, _ stride: Int, _ tau: Address) {
    (self.vectors, self.rows, self.count, self.stride) = (vectors, rows, count, stride)
    let width = Self.width
    factors = Buffer(
      elementCount: (count + width) * width, dtype: T.self == Float.self ? .float32 : .float64)
    parallel(panels, grain: 1) { [self] begin, end in
      for panel in begin..<end {
        let (start, size) = (panel * width, min(width, count - panel * width))
        let (v, t) = (self.panel(start), factor(panel))
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
    }
  }

  private func panel(_ start: Int) -> Address { vectors + start * stride + start }
  private func factor(_ panel: Int) -> Address {
    factors.address.elements(T.self, from: panel * Self.width * Self.width)
  }

  /// Q C in the place of C, column-major.
  func apply(to c: Address, _ leading: Int, columns: Int) {
    applyPanels(columns) { start, size, v, t, x, y in
      let (height, block) = (Int32(rows - start), c + start)
      let (size, columns, width) = (Int32(size), Int32(columns), Int32(Self.width))
      T.gemm(
        CblasColMajor, CblasTrans, CblasNoTrans, size, columns, height, 1, v, Int32(stride), block,
        Int32(leading), 0, x, width)
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, size, columns, size, 1, t, width, x, width, 0, y,
        width)
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, height, columns, size, -1, v, Int32(stride), y,
        width, 1, block, Int32(leading))
    }
  }

  /// C Q^T in the place of C, column-major.
  func applyTransposed(to c: Address, _ leading: Int, rows height: Int) {
    applyPanels(height) { start, size, v, t, x, y in
      let (columns, block) = (Int32(rows - start), c + start * leading)
      let (size, height) = (Int32(size), Int32(height))
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, height, size, columns, 1, block, Int32(leading),
        v, Int32(stride), 0, x, height)
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasTrans, height, size, size, 1, x, height, t,
        Int32(Self.width), 0, y, height)
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasTrans, height, columns, size, -1, y, height, v,
        Int32(stride), 1, block, Int32(leading))
    }
  }

  /// Calls `body` for the panels, the last one first, with memory for two products.
  private func applyPanels(
    _ length: Int,
    _ body: (_ start: Int, _ size: Int, _ v: Address, _ t: Address, _ x: Address, _ y: Address)
      -> Void
  ) {
    let capacity = Self.width * length
    withUnsafeTemporaryAllocation(of: T.self, capacity: 2 * capacity) { memory in
      let x = memory.baseAddress!
      for index in (0..<panels).reversed() {
        let start = index * Self.width
        let size = min(Self.width, count - start)
        body(start, size, panel(start), factor(index), x, x + capacity)
      }
    }
  }
}
