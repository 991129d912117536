import Adjoint
import AdjointData
import Testing

struct ImageTransformTests {
  /// Image i has i 100 + row 10 + column + 1 at each place, and channel 1 the same plus 1000.
  private func images(_ count: Int, height: Int = 4, width: Int = 5) -> Tensor {
    let parts: [Tensor] = [count, 2, height, width].enumerated().map { axis, size in
      let step: Double = [100, 1000, 10, 1][axis]
      var sizes = [1, 1, 1, 1]
      sizes[axis] = size
      return (Tensor.arange(size, dtype: .float32) * step).reshaped(Shape(sizes))
    }
    return parts[0] + parts[1] + parts[2] + parts[3] + 1
  }

  private func same(_ a: Tensor, _ b: Tensor) -> Bool {
    a.shape == b.shape && a.dtype == b.dtype && a.bytes() == b.bytes()
  }

  @Test func `Flips mirror whole images, about as many as their probability says`() {
    let x = images(400)
    for (flip, axis) in [
      (RandomHorizontalFlip(probability: 0.3) as any ImageTransform, 3),
      (RandomVerticalFlip(probability: 0.3), 2),
    ] {
      let (y, mirrored) = (withGenerator(seed: 1) { flip(x) }, x.flipped(axes: [axis]))
      var flipped = 0
      for image in 0..<400 {
        if same(y[image], mirrored[image]) {
          flipped += 1
        } else {
          #expect(same(y[image], x[image]))
        }
      }
      #expect((80...160).contains(flipped))
    }
    #expect(same(RandomHorizontalFlip(probability: 1)(x), x.flipped(axes: [3])))
    #expect(same(RandomVerticalFlip(probability: 0)(x), x))
  }

  @Test func `A shift moves by whole pixels, and fills what comes in`() {
    let x = images(300)
    let y = withGenerator(seed: 2) { RandomShift(maximum: 2, fill: -1)(x) }
    #expect(y.shape == x.shape)
    var shifts: Set<[Int]> = []
    for image in 0..<300 {
      let found = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.first { shift in
        let wide = x[image].padded([(2, 2), (2, 2)], with: .constant(-1))
        let (top, left) = (2 - shift[0], 2 - shift[1])
        return same(y[image], wide[.all, top..<top + 4, left..<left + 5])
      }
      if let found { shifts.insert(found) } else { Issue.record("image \(image) is no shift") }
    }
    #expect(shifts.count == 25)
    #expect(same(RandomShift(maximum: 0)(x), x))
  }

  @Test func `A crop is a window of the padded image`() {
    let x = images(200, height: 6, width: 7)
    let y = withGenerator(seed: 3) { RandomCrop(height: 5, width: 4)(x) }
    #expect(y.shape == [200, 2, 5, 4])
    var corners: Set<Int> = []
    for image in 0..<200 {
      let corner = Int(y[image, 0, 0, 0].scalar) - image * 100 - 1
      corners.insert(corner)
      let (top, left) = (corner / 10, corner % 10)
      #expect(same(y[image], x[image, .all, top..<top + 5, left..<left + 4]))
    }
    #expect(corners == [0, 1, 2, 3, 10, 11, 12, 13])
    #expect(same(RandomCrop(height: 6, width: 7)(x), x))
    let padded = RandomCrop(height: 10, width: 11, padding: 2, fill: 9)(x)
    #expect(same(padded, x.padded([(2, 2), (2, 2)], with: .constant(9))))
    #expect(RandomCrop(height: 2, width: 2)(images(0)).shape == [0, 2, 2, 2])
  }

  @Test func `A rotation is that of PyTorch's grids, counter-clockwise`() throws {
    let image = try reference("image")
    let turned = RandomRotation(degrees: 30...30)(image)
    #expect(isNear(turned, try reference("rotated30")))
    let square = images(2, height: 5, width: 5)
    let quarter = RandomRotation(degrees: 90...90)(square)
    #expect(isNear(quarter, square.transposed().flipped(axes: [2]), within: 1e-2))
    #expect(isNear(RandomRotation(degrees: 0...0)(square), square, within: 1e-3))
    let many = withGenerator(seed: 1) {
      RandomRotation(degrees: -90...90)(image.broadcast(to: [50, 3, 5, 8]))
    }
    let pixels: [[UInt8]] = (0..<50).map { many[$0].bytes() }
    #expect(Set(pixels).count == 50)
  }

  @Test func `Erasing blots out one rectangle of the announced size and shape`() {
    let x = images(500, height: 20, width: 30)
    let erase = RandomErasing(probability: 0.6, scale: 0.1...0.2, ratio: 0.5...2, value: -7)
    let y = withGenerator(seed: 5) { erase(x) }
    var erased = 0
    for image in 0..<500 {
      let isGone = y[image, 0] .== -7
      if isGone.any().scalar == 0 {
        #expect(same(y[image], x[image]))
        continue
      }
      erased += 1
      let places = isGone.nonzero()
      let (first, last) = (places.min(axes: [0]).scalars, places.max(axes: [0]).scalars)
      let (height, width) = (last[0] - first[0] + 1, last[1] - first[1] + 1)
      #expect(Double(places.shape[0]) == height * width)
      #expect((0.08...0.23).contains(height * width / 600))
      #expect((0.4...2.5).contains(height / width))
      let expected = `where`(isGone, -7, x[image])
      #expect(same(y[image], expected))
    }
    #expect((250...350).contains(erased))
    let all = RandomErasing(probability: 1, scale: 1...1, ratio: 0.05...0.05)(images(1))
    #expect(all.scalars.count { $0 == 0 } == 2 * 5)
  }

  @Test func `Normalising, brightness and contrast follow their formulas`() throws {
    let image = try reference("image")
    let normalize = Normalize(mean: [0.4, 0.5, 0.6], standardDeviation: [0.2, 0.3, 0.4])
    #expect(isNear(normalize(image), try reference("normalized")))
    #expect(isNear(RandomBrightness(factor: 1.7...1.7)(image), try reference("brightness1.7")))
    #expect(isNear(RandomContrast(factor: 1.5...1.5)(image), try reference("contrast1.5")))
    let grey = Tensor([[0, 255]] as [[Int]], dtype: .uint8).reshaped(1, 1, 1, 2)
    let unit = Normalize(mean: [0.5], standardDeviation: [0.5])(grey)
    #expect(unit.dtype == .float32 && unit.scalars == [-1, 1])
    #expect(RandomContrast(factor: 0.5...0.5)(grey).scalars == [64, 191])
    #expect(RandomBrightness(factor: 2...2)(grey).scalars == [0, 255])
    let many = withGenerator(seed: 1) {
      RandomBrightness(factor: 0.5...1)(Tensor.ones([2000, 1, 1, 1])).scalars
    }
    #expect(many.min()! >= 0.5 && many.max()! <= 1 && Set(many).count > 1900)
    let mean: Double = many.reduce(0, +) / 2000
    #expect((0.73...0.77).contains(mean))
  }

  @Test func `Noise has the announced strength, and grey levels stay grey levels`() {
    let x = Tensor.full([100, 1, 10, 10], 100, dtype: .uint8)
    let y = withGenerator(seed: 1) { RandomNoise(standardDeviation: 10)(x) }
    #expect(y.dtype == .uint8)
    let levels = y.cast(to: .float64)
    #expect(abs(levels.mean().scalar - 100) < 0.5)
    #expect(abs(levels.standardDeviation().scalar - 10) < 0.3)
    let black = RandomNoise(standardDeviation: 100)(Tensor.zeros([1, 1, 50, 50], dtype: .uint8))
    #expect(black.scalars.min() == 0 && black.scalars.count { $0 == 0 } > 1000)
  }

  @Test func `Grey levels of uint8 keep their type through every transform`() {
    let x = images(10).cast(to: .uint8)
    let augmentation = Augmentation {
      RandomShift(maximum: 1)
      RandomCrop(height: 4, width: 5, padding: 1)
      RandomHorizontalFlip()
      RandomVerticalFlip()
      RandomRotation(degrees: -10...10)
      RandomErasing()
      RandomNoise(standardDeviation: 3)
      RandomBrightness(factor: 0.9...1.1)
      RandomContrast(factor: 0.9...1.1)
    }
    let y = augmentation(x)
    #expect(y.shape == x.shape && y.dtype == .uint8)
    #expect(augmentation(images(0)).shape == [0, 2, 4, 5])
    let exact = RandomRotation(degrees: 0...0)(x)
    #expect(same(exact, x))
  }

  @Test func `Equal generators give equal images; blocks may choose and repeat`() {
    let x = images(8)
    for isLarge in [true, false] {
      let augmentation = Augmentation {
        if isLarge { RandomShift(maximum: 2) } else { RandomHorizontalFlip() }
        for strength in [0.1, 0.2] { RandomNoise(standardDeviation: strength) }
      }
      #expect(augmentation.transforms.count == 3)
      func changed(_ seed: UInt64) -> Tensor { withGenerator(seed: seed) { augmentation(x) } }
      #expect(same(changed(1), changed(1)) && !same(changed(1), changed(2)))
      var (one, other) = (Generator(seed: 3), Generator(seed: 3))
      #expect(same(augmentation(x, using: &one), augmentation(x, using: &other)))
      #expect(one.position == other.position)
    }
  }

  @Test func `MixUp averages images and targets with the same weight`() throws {
    let x = images(6)
    let targets = oneHot(Tensor.arange(6), count: 6)
    let (mixed, labels) = withGenerator(seed: 4) { MixUp(alpha: 0.4)(x, targets) }
    let weights = labels.max(axes: [1]).scalars
    #expect(isNear(labels.sum(axes: [1]), Tensor.ones([6]), within: 1e-6))
    #expect(weights.contains { $0 < 1 })
    #expect(isNear(matmul(labels, x.reshaped(6, -1)).reshaped(x.shape), mixed, within: 0.01))
    let grey = MixUp()(x.cast(to: .uint8), targets)
    #expect(grey.images.dtype == .uint8)
  }

  @Test func `CutMix replaces a rectangle, and targets say how large it is`() throws {
    let x = Tensor.arange(8, dtype: .float32).reshaped(8, 1, 1, 1).broadcast(to: [8, 3, 12, 10])
    let targets = oneHot(Tensor.arange(8), count: 8, dtype: .float64)
    var areas: Set<Double> = []
    for seed in 0..<40 as Range<UInt64> {
      let (mixed, labels) = withGenerator(seed: seed) { CutMix()(x, targets) }
      for image in 0..<8 {
        for (label, share) in labels[image].scalars.enumerated() {
          let pixels = (mixed[image] .== Tensor(Double(label))).countNonzero().scalar
          #expect(abs(pixels / 360 - share) < 1e-12)
        }
      }
      areas.insert(labels[0, 0].scalar)
    }
    #expect(areas.count > 10)
  }

  @Test func `Mistakes are named with the shapes`() async {
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomHorizontalFlip()(Tensor.zeros([2, 28, 28]))
    }
    #expect(
      stopMessage(rank).contains(
        "RandomHorizontalFlip: needs uint8 or floating images [n, channels, height, width], not"
          + " float32 [2, 28, 28]"))
    #expect(stopMessage(rank).contains("ImageTransformTests.swift:"))
    let crop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomCrop(height: 5, width: 5)(Tensor.zeros([2, 1, 4, 9]))
    }
    #expect(
      stopMessage(crop).contains(
        "RandomCrop: a window of 5 x 5 is larger than the images of shape [2, 1, 4, 9]"))
    let mean = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Normalize(mean: [1, 2], standardDeviation: [1, 2])(Tensor.zeros([1, 3, 2, 2]))
    }
    #expect(stopMessage(mean).contains("Normalize: 2 means for images of shape [1, 3, 2, 2]"))
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MixUp()(Tensor.zeros([2, 1, 4, 9]), Tensor([0, 1] as [Int]))
    }
    #expect(
      stopMessage(labels).contains("such as oneHot makes of labels, not float32 [2, 1, 4, 9]"))
    let flip = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomVerticalFlip(probability: 2)
    }
    #expect(stopMessage(flip).contains("the probability must be in 0 ... 1, not 2.0"))
  }
}
