import Adjoint
import AdjointNN
import Testing

/// The section "Types of elements" of docs/mistakes.md: the code and the texts are those of the page.
struct DTypeMistakes {
  @Test func `float32 and float64 in one formula`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2])
        let precise = Tensor([0.1, 0.2], dtype: .float64)
        _ = x + precise
      })
    rightly {
      let x = Tensor([1, 2])
      let precise = Tensor([0.1, 0.2], dtype: .float64)
      _ = x.cast(to: .float64) + precise
    }
  }

  @Test func `Bytes of images given to a model`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Flatten()
          Dense(inputSize: 784, outputSize: 10)
        }
        let images = Tensor.zeros([32, 28, 28], dtype: .uint8)
        _ = model(images)
      })
    rightly {
      let model = Sequential {
        Flatten()
        Dense(inputSize: 784, outputSize: 10)
      }
      let images = Tensor.zeros([32, 28, 28], dtype: .uint8)
      _ = model(images.cast(to: .float32) / 255)
    }
  }

  @Test func `The mean of integers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let ages = Tensor([31, 42, 27] as [Int])
        _ = ages.mean()
      })
    rightly {
      let ages = Tensor([31, 42, 27] as [Int])
      _ = ages.cast(to: .float32).mean()
    }
  }

  @Test func `A fraction times a tensor of integers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let counts = Tensor([3, 4] as [Int])
        _ = counts * 0.5
      })
    rightly {
      let counts = Tensor([3, 4] as [Int])
      _ = counts.cast(to: .float32) * 0.5
    }
  }

  @Test func `Dividing integers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let counts = Tensor([3, 4] as [Int])
        _ = counts / 2
      })
    rightly {
      let counts = Tensor([3, 4] as [Int])
      _ = counts.cast(to: .float32) / 2
      _ = floorDivide(counts, 2)
    }
  }

  @Test func `Tokens as floating-point numbers`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Embedding(count: 1000, size: 16)
        _ = layer(Tensor([[5, 3, 2]]))
      })
    rightly {
      let layer = Embedding(count: 1000, size: 16)
      _ = layer(Tensor([[5, 3, 2]] as [[Int]]))
    }
  }

  @Test func `A condition that is not bool`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let isValid = Tensor([1, 0, 1])
        _ = `where`(isValid, Tensor([5, 6, 7]), 0)
      })
    rightly {
      let isValid = Tensor([1, 0, 1])
      _ = `where`(isValid .!= 0, Tensor([5, 6, 7]), 0)
    }
  }
}
