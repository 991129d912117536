import Adjoint
import AdjointNN
import Testing

/// The section "Shapes" of docs/mistakes.md: the code and the texts are those of the page.
struct ShapeMistakes {
  @Test func `Adding tensors whose shapes do not broadcast`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let prices = Tensor([1.5, 2, 3])
        let discounts = Tensor([0.5, 0.5, 1, 1])
        _ = prices - discounts
      })
    rightly {
      let prices = Tensor([1.5, 2, 3])
      let discounts = Tensor([0.5, 0.5, 1, 1])
      let table = prices.expandingDimension(at: 1) - discounts  // every price, every discount
      print(table.shape)  // [3, 4]
    }
  }

  @Test func `Subtracting one number per row of a matrix`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([32, 10])
        _ = x - x.mean(axes: [1])
      })
    rightly {
      let x = Tensor.ones([32, 10])
      _ = x - x.mean(axes: [1], keepingDimensions: true)
    }
  }

  @Test func `Multiplying matrices whose inner sizes differ`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.ones([32, 784])
        let weight = Tensor.ones([10, 784])
        _ = matmul(x, weight)
      })
    rightly {
      let x = Tensor.ones([32, 784])
      let weight = Tensor.ones([10, 784])
      _ = matmul(x, weight.transposed())
    }
  }

  @Test func `Reshaping to another number of elements`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let images = Tensor.zeros([100, 28, 28])
        _ = images.reshaped(100, 768)
      })
    rightly {
      let images = Tensor.zeros([100, 28, 28])
      _ = images.reshaped(100, -1)
    }
  }

  @Test func `Two unknown sizes in reshaped`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([6, 4]).reshaped(2, -1, -1)
      })
    rightly {
      _ = Tensor.zeros([6, 4]).reshaped(2, 3, -1)
    }
  }

  @Test func `A shape in brackets with -1`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([6, 4]).reshaped([2, -1])
      })
    rightly {
      _ = Tensor.zeros([6, 4]).reshaped(2, -1)
    }
  }

  @Test func `An index that is out of range`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor.zeros([3, 2])
        _ = x[3]
      })
    rightly {
      let x = Tensor.zeros([3, 2])
      _ = x[-1]  // the last row
    }
  }

  @Test func `More indices than axes`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2, 3])
        _ = x[0, 1]
      })
    rightly {
      let x = Tensor([1, 2, 3])
      _ = x[1]
    }
  }

  @Test func `An axis that is out of range`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let logits = Tensor.zeros([32, 10])
        _ = logits.sum(axes: [2])
      })
    rightly {
      let logits = Tensor.zeros([32, 10])
      _ = logits.sum(axes: [-1])
    }
  }

  @Test func `Concatenating tensors of other sizes`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let measured = Tensor.zeros([8, 3])
        let computed = Tensor.zeros([8, 2])
        _ = concatenated([measured, computed])
      })
    rightly {
      let measured = Tensor.zeros([8, 3])
      let computed = Tensor.zeros([8, 2])
      _ = concatenated([measured, computed], axis: 1)
    }
  }

  @Test func `Stacking tensors of different shapes`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let sentences = [Tensor([5, 3, 2]), Tensor([7, 1])]
        _ = stacked(sentences)
      })
    rightly {
      let sentences = [Tensor([5, 3, 2]), Tensor([7, 1])]
      _ = stacked(sentences.map { $0.padded([(0, 3 - $0.shape[0])], with: .constant(0)) })
    }
  }

  @Test func `Rows of different lengths in a literal`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([[1, 2, 3], [4, 5]])
      })
    rightly {
      _ = Tensor([[1, 2, 3], [4, 5, 6]])
    }
  }

  @Test func `The number in a tensor of several`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let losses = Tensor([0.5, 0.25, 0.75])
        print(losses.scalar)
      })
    rightly {
      let losses = Tensor([0.5, 0.25, 0.75])
      print(losses.mean().scalar, losses.scalars)
    }
  }

  @Test func `Images for a dense layer without Flatten`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Dense(inputSize: 784, outputSize: 10)
        }
        _ = model(Tensor.zeros([32, 28, 28]))
      })
    rightly {
      let model = Sequential {
        Flatten()
        Dense(inputSize: 784, outputSize: 10)
      }
      _ = model(Tensor.zeros([32, 28, 28]))
    }
  }

  @Test func `One image for a model of batches`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Flatten()
          Dense(inputSize: 784, outputSize: 10)
        }
        let image = Tensor.zeros([28, 28])
        _ = model.predict(image)
      })
    rightly {
      let model = Sequential {
        Flatten()
        Dense(inputSize: 784, outputSize: 10)
      }
      let image = Tensor.zeros([28, 28])
      _ = model.predict(image.expandingDimension(at: 0))
    }
  }

  @Test func `Layers whose sizes do not follow one another`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let model = Sequential {
          Dense(inputSize: 784, outputSize: 256)
          ReLU()
          Dense(inputSize: 128, outputSize: 10)
        }
        _ = model(Tensor.zeros([32, 784]))
      })
    rightly {
      let model = Sequential {
        Dense(inputSize: 784, outputSize: 256)
        ReLU()
        Dense(inputSize: 256, outputSize: 10)
      }
      _ = model(Tensor.zeros([32, 784]))
    }
  }

  @Test func `Images with their channels last`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Conv2d(inputChannels: 3, outputChannels: 16, kernelSize: 3)
        _ = layer(Tensor.zeros([8, 32, 32, 3]))
      })
    rightly {
      let layer = Conv2d(inputChannels: 3, outputChannels: 16, kernelSize: 3)
      _ = layer(Tensor.zeros([8, 32, 32, 3]).movingAxis(-1, to: 1))
    }
  }

  @Test func `One image without a batch axis`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Conv2d(inputChannels: 3, outputChannels: 16, kernelSize: 3)
        _ = layer(Tensor.zeros([3, 32, 32]))
      })
    rightly {
      let layer = Conv2d(inputChannels: 3, outputChannels: 16, kernelSize: 3)
      _ = layer(Tensor.zeros([3, 32, 32]).expandingDimension(at: 0))
    }
  }

  @Test func `Grey images without a channel axis`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Conv2d(inputChannels: 1, outputChannels: 16, kernelSize: 3)
        _ = layer(Tensor.zeros([100, 28, 28]))
      })
    rightly {
      let layer = Conv2d(inputChannels: 1, outputChannels: 16, kernelSize: 3)
      _ = layer(Tensor.zeros([100, 28, 28]).expandingDimension(at: 1))
    }
  }

  @Test func `A kernel that is larger than the image`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = Conv2d(inputChannels: 1, outputChannels: 4, kernelSize: 5)
        _ = layer(Tensor.zeros([1, 1, 4, 4]))
      })
    rightly {
      let layer = Conv2d(inputChannels: 1, outputChannels: 4, kernelSize: 5, padding: .same)
      _ = layer(Tensor.zeros([1, 1, 4, 4]))
    }
  }

  @Test func `One sequence without a batch axis`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layer = LSTM(inputSize: 8, hiddenSize: 16)
        _ = layer(Tensor.zeros([20, 8]))
      })
    rightly {
      let layer = LSTM(inputSize: 8, hiddenSize: 16)
      _ = layer(Tensor.zeros([20, 8]).expandingDimension(at: 0))
    }
  }

  @Test func `A mask of padding where a mask of places is expected`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let attention = MultiHeadAttention(embeddingSize: 16, heads: 4)
        let sentences = Tensor.zeros([2, 5, 16])
        let isWord = Tensor.ones([2, 5], dtype: .bool)
        _ = attention(sentences, mask: .allowed(isWord))
      })
    rightly {
      let attention = MultiHeadAttention(embeddingSize: 16, heads: 4)
      let sentences = Tensor.zeros([2, 5, 16])
      let isWord = Tensor.ones([2, 5], dtype: .bool)
      _ = attention(sentences, keyMask: isWord)
    }
  }

  @Test func `Heads that do not divide the width`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MultiHeadAttention(embeddingSize: 64, heads: 5)
      })
    rightly {
      _ = MultiHeadAttention(embeddingSize: 64, heads: 4)
    }
  }
}
