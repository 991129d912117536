import Adjoint
import Testing

@Suite("Sorting, scans and selection")
struct OrderingTests {
  @Test("derivatives are right where factors are 0")
  func zeros() {
    let x = Tensor(
      [[0, 2, 3, -1], [0, 0, 2, 5], [1.5, 2, 0, 4], [0, 0, 0, 1], [1, -2, 3, 0.5]], dtype: .float64)
    let functions: [(String, (Tensor) -> Tensor)] = [
      ("product", { $0.product(axes: [1]) }), ("over axis 0", { $0.product(axes: [0]) }),
      ("over all", { $0.product() }), ("running", { $0.cumulativeProduct(axis: 1) }),
      ("down", { $0.cumulativeProduct(axis: 0) }),
    ]
    for (name, f) in functions {
      let report = checkGradients(of: { f($0[0]) }, at: [x])
      #expect(report.passed, "\(name): \(report)")
    }
    let y = Tensor([0, 2, 3], dtype: .float64)
    expectClose(gradient(at: y) { $0.product() }, [6, 0, 0])
    expectClose(gradient(at: y) { $0.cumulativeProduct().sum() }, [9, 0, 0])
  }

  @Test("long rows are sorted stably, in every dtype", arguments: DType.allCases)
  func sorts(_ dtype: DType) {
    var generator = Generator(seed: 9)
    for count in [33, 1000, 40_000] {
      let values = (0..<count).map { _ in Double(Int.random(in: 0...200, using: &generator)) - 50 }
      let x = Tensor(values).cast(to: dtype)
      let elements = x.scalars
      for descending in [false, true] {
        let order = elements.indices.sorted {
          elements[$0] == elements[$1]
            ? $0 < $1 : descending ? elements[$0] > elements[$1] : elements[$0] < elements[$1]
        }
        let (found, indices) = x.sorted(descending: descending)
        #expect(indices.scalars(as: Int.self) == order)
        #expect(found.dtype == dtype && found.scalars == order.map { elements[$0] })
        #expect(x.argSort(descending: descending).scalars(as: Int.self) == order)
        for k in [0, 1, 5, 33] {
          let top = x.topK(k, largest: descending)
          #expect(top.indices.scalars(as: Int.self) == Array(order[..<k]))
          #expect(top.values.scalars == order[..<k].map { elements[$0] })
        }
      }
    }
  }

  @Test("as many top elements as the kernel does not keep are those of sorting")
  func manyTop() {
    let x = Tensor.permutation(500).cast(to: .float32).reshaped(5, 100)
    for k in [63, 64, 65, 100] {
      let (values, indices) = x.topK(k)
      let all = x.sorted(descending: true)
      expectIdentical(values, all.values.sliced(..<k, axis: 1))
      expectIdentical(indices, all.indices.sliced(..<k, axis: 1))
    }
  }

  @Test("the parts of unique give the tensor back")
  func unique() {
    var generator = Generator(seed: 3)
    let x = floor(Tensor.uniform([40, 50], in: 0...300, using: &generator))
    let (values, inverse, counts) = x.unique()
    expectIdentical(values.gathering(inverse.reshaped(-1)).reshaped(x.shape), x)
    #expect(counts.sum().scalar == 2000)
    expectIdentical(values, Tensor(Array(Set(x.scalars)).sorted()))
    #expect(Tensor([.nan, 1, .nan]).unique().counts.scalars == [1, 1, 1])
  }

  @Test("scans of long rows and columns agree with loops")
  func scans() {
    var generator = Generator(seed: 8)
    for shape in [[1, 3000], [3000, 1], [7, 600], [600, 7], [40, 700]] as [Shape] {
      let x = Tensor.normal(shape, using: &generator)
      for axis in [0, 1] {
        let rows = (axis == 1 ? x : x.transposed()).cast(to: .float64)
        var sums: [Double] = []
        for row in 0..<rows.shape[0] {
          var sum = 0.0
          for value in rows[row].scalars {
            sum += value
            sums.append(Double(Float(sum)))
          }
        }
        let found = x.cumulativeSum(axis: axis)
        expectClose(axis == 1 ? found : found.transposed(), sums)
        let largest = x.cumulativeMax(axis: axis)
        expectIdentical(
          largest.values.sliced((-1 + shape[axis])..., axis: axis).reshaped(-1), x.max(axes: [axis])
        )
        let total = x.cumulativeLogSumExp(axis: axis).sliced((-1 + shape[axis])..., axis: axis)
        expectClose(total.reshaped(-1), x.logSumExp(axes: [axis]), absolute: 1e-6, relative: 1e-6)
      }
    }
  }

  @Test("derivatives skip NaN where it is a missing value")
  func missing() {
    let x = Tensor([1, .nan, 4, 2], dtype: .float64)
    func slope(_ f: @escaping (Tensor) -> Tensor) -> [Double] { gradient(at: x, f).scalars }
    #expect(slope { $0.nanSum() } == [1, 0, 1, 1])
    let third = 1.0 / 3
    #expect(slope { $0.nanMean() } == [third, 0, third, third])
    #expect(slope { $0.nanMax() } == [0, 0, 1, 0])
    #expect(slope { $0.nanMin() } == [1, 0, 0, 0])
    #expect(slope { $0.nanMedian() } == [0, 0, 0, 1])
    #expect(slope { $0.nanQuantile(0.75) } == [0, 0, 0.5, 0.5])
    let spread = slope { $0.nanVariance() }
    #expect(spread[1] == 0 && Swift.abs(spread[2] - 5 / 3.0) < 1e-12)
    let nothing = Tensor([.nan, .nan], dtype: .float64)
    #expect(gradient(at: nothing) { $0.nanSum() }.scalars == [0, 0])
  }

  @Test("distances of many rows agree with differences and their norms")
  func distances() {
    var generator = Generator(seed: 4)
    for (n, m, d) in [(70, 90, 8), (5, 32, 3), (3, 33, 1), (130, 7, 200)] {
      for dtype in [DType.float32, .float64] {
        let a = Tensor.normal([n, d], dtype: dtype, using: &generator)
        let b = Tensor.normal([m, d], dtype: dtype, using: &generator)
        let slow = pairwiseDistances(a.reshaped(1, n, d), b).reshaped(n, m)
        expectClose(pairwiseDistances(a, b), slow, relative: dtype == .float32 ? 2e-6 : 1e-14)
      }
    }
    // Rows far from zero and close to each other: through products of rows nothing would be left.
    let far = Tensor([[10_000, 10_000], [10_000.5, 10_000]])
    expectClose(pairwiseDistances(far, far), [0, 0.5, 0.5, 0])
  }

  @Test("histograms of many numbers agree with searching for the edges")
  func histograms() {
    var generator = Generator(seed: 14)
    for dtype in [DType.float32, .float64] {
      let x = Tensor.normal([200_000], dtype: dtype, using: &generator)
      for bins in [1, 7, 1000] {
        let (counts, edges) = x.histogram(bins: bins)
        expectIdentical(counts, x.histogram(edges: edges))
        #expect(counts.sum().scalar == 200_000)
      }
      let (inside, edges) = x.histogram(bins: 30, in: -1...0.5)
      expectIdentical(inside, x.histogram(edges: edges))
    }
    #expect(Tensor([]).histogram(bins: 2).counts.scalars == [0, 0])
  }
}
