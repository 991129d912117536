import Adjoint
import AdjointData
import Testing

struct SyntheticTests {
  @Test(arguments: [7, 20])
  func `Moons and circles are those of scikit-learn`(count: Int) throws {
    let moons = Synthetic.moons(count: count, shuffled: false, dtype: .float64)
    #expect(isNear(moons.x, try reference("moons\(count).x")))
    #expect(moons.y.scalars == (try reference("moons\(count).y")).scalars)
    let circles = Synthetic.circles(count: count, shuffled: false, factor: 0.5, dtype: .float64)
    #expect(isNear(circles.x, try reference("circles\(count).x")))
    #expect(circles.y.scalars == (try reference("circles\(count).y")).scalars)
  }

  @Test func `Shuffling keeps points and classes together, noise moves points`() throws {
    let plain = Synthetic.moons(count: 50, shuffled: false, dtype: .float64)
    let mixed = withGenerator(seed: 3) { Synthetic.moons(count: 50, dtype: .float64) }
    func rows(_ data: Synthetic.Examples) -> Set<[Double]> {
      Set((0..<50).map { data.x[$0].scalars + data.y[$0].scalars })
    }
    #expect(rows(plain) == rows(mixed) && mixed.y.scalars != plain.y.scalars)
    let noisy = withGenerator(seed: 3) {
      Synthetic.moons(count: 2000, shuffled: false, noise: 0.25, dtype: .float64)
    }
    let exact = Synthetic.moons(count: 2000, shuffled: false, dtype: .float64)
    let deviation = (noisy.x - exact.x).standardDeviation().scalar
    #expect(abs(deviation - 0.25) < 0.015)
  }

  @Test func `Equal seeds give equal data`() {
    func all(_ seed: UInt64) -> [[UInt8]] {
      withGenerator(seed: seed) {
        [
          Synthetic.moons(noise: 0.1).x, Synthetic.circles(noise: 0.1).x,
          Synthetic.spirals(noise: 0.1).x, Synthetic.blobs().x, Synthetic.checkerboard().x,
          Synthetic.sine(noise: 0.1).y, Synthetic.regression(noise: 1).y, Synthetic.swissRoll().x,
        ].map { $0.bytes() }
      }
    }
    #expect(all(1) == all(1))
    for (one, other) in zip(all(1), all(2)) { #expect(one != other) }
  }

  @Test func `Spirals are one arm for each class`() {
    let (x, y) = Synthetic.spirals(
      count: 31, classCount: 3, turns: 0.5, shuffled: false, dtype: .float64)
    #expect(x.shape == [31, 2])
    #expect([0, 1, 2].map { k in y.scalars.count { $0 == k } } == [11, 10, 10])
    // Arm 1 ends at the angle 2 pi (1/2 + 1/3).
    #expect(isNear(x[20], Tensor([0.5, -0.8660254037844386], dtype: .float64)))
    #expect(x[0].scalars == [0, 0])
  }

  @Test func `Blobs surround their centres`() {
    let (x, y) = withGenerator(seed: 2) {
      Synthetic.blobs(count: 3001, features: 3, centers: 3, standardDeviation: 0.5, shuffled: false)
    }
    #expect(x.shape == [3001, 3] && x.dtype == .float32)
    #expect([0, 1, 2].map { k in y.scalars.count { $0 == k } } == [1001, 1000, 1000])
    for range in [0..<1001, 1001..<2001, 2001..<3001] {
      let deviations = x[range].standardDeviation(axes: [0]).scalars
      #expect(deviations.allSatisfy { abs($0 - 0.5) < 0.05 })
    }
  }

  @Test func `A checkerboard has the colours of its squares`() {
    let (x, y) = withGenerator(seed: 1) { Synthetic.checkerboard(count: 2000, squares: 3) }
    for (point, color) in zip(x.unstacked(), y.scalars).prefix(500) {
      let square = point.scalars.map { Int((($0 + 1) * 1.5).rounded(.down)) }
      #expect(Double((square[0] + square[1]) % 2) == color)
    }
    let ones: Double = y.sum().scalar
    #expect((790...990).contains(ones))
  }

  @Test func `Regression data follow their coefficients, the sine and the roll their formulas`() {
    withGenerator(seed: 9) {
      let line = Synthetic.regression(count: 20, features: 4, bias: 3, dtype: .float64)
      #expect(line.x.shape == [20, 4] && line.coefficients.shape == [4])
      #expect(isNear(line.y, matmul(line.x, line.coefficients) + 3, within: 1e-10))
      let noisy = Synthetic.regression(count: 4000, features: 2, noise: 5, dtype: .float64)
      let rest = noisy.y - matmul(noisy.x, noisy.coefficients)
      #expect(abs(rest.standardDeviation().scalar - 5) < 0.3)
      let wave = Synthetic.sine(count: 30, in: -1...2, frequency: 2, dtype: .float64)
      #expect(wave.x.shape == [30, 1])
      #expect(isNear(wave.y, sin(wave.x * (4 * .pi))))
      #expect(wave.x.scalars.allSatisfy { (-1...2).contains($0) })
      let roll = Synthetic.swissRoll(count: 40, dtype: .float64)
      #expect(roll.x.shape == [40, 3] && roll.y.shape == [40])
      #expect(isNear(roll.x[.all, 0], roll.y * cos(roll.y)))
      #expect(isNear(roll.x[.all, 2], roll.y * sin(roll.y)))
      #expect(roll.y.scalars.allSatisfy { ((1.5 * .pi)...(4.5 * .pi)).contains($0) })
    }
  }

  @Test func `No points are no mistake`() {
    #expect(Synthetic.moons(count: 0).x.shape == [0, 2])
    #expect(Synthetic.circles(count: 1).x.shape == [1, 2])
    #expect(Synthetic.spirals(count: 0).x.shape == [0, 2])
    #expect(Synthetic.blobs(count: 0).x.shape == [0, 2])
    #expect(Synthetic.checkerboard(count: 0).y.shape == [0])
    #expect(Synthetic.swissRoll(count: 0).x.shape == [0, 3])
  }

  @Test func `Impossible settings are refused where they are written`() async {
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Synthetic.moons(noise: -1)
    }
    #expect(stopMessage(noise).contains("moons: needs a noise of at least 0 and a floating dtype"))
    #expect(stopMessage(noise).contains("SyntheticTests.swift:"))
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Synthetic.blobs(centers: 0)
    }
    #expect(stopMessage(count).contains("blobs: needs a count of at least 1, not 0"))
    let factor = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Synthetic.circles(factor: 1)
    }
    #expect(stopMessage(factor).contains("circles: the factor must be in 0 ..< 1, not 1.0"))
  }
}
