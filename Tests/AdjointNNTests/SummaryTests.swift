import Adjoint
import AdjointNN
import AdjointNotebook
import Testing

struct SummaryTests {
  private final class Normalization: Layer {
    let scale = Parameter(Tensor.ones([256]))
    let shift = Parameter(Tensor.zeros([256]))
    func forward(_ x: Tensor) -> Tensor { x * scale.value + shift.value }
  }

  private final class Network: Layer {
    let hidden_layer_with_a_very_long_name = Dense(inputSize: 784, outputSize: 256)
    let activation = ReLU()
    let a_normalization_layer = Normalization()
    let dense = Dense(inputSize: 256, outputSize: 10)

    func forward(_ x: Tensor) -> Tensor {
      dense(a_normalization_layer(activation(hidden_layer_with_a_very_long_name(x))))
    }
  }

  private final class Outer: Layer {
    final class Inner: Layer {
      let first = Dense(inputSize: 4, outputSize: 16)
      let second = Dense(inputSize: 16, outputSize: 8)
      func forward(_ x: Tensor) -> Tensor { second(first(x)) }
    }
    let temperature = Parameter(Tensor.ones([]))
    let inner = Inner()
    let unused = ReLU()
    let last = Dense(inputSize: 8, outputSize: 3)
    func forward(_ x: Tensor) -> Tensor { last(inner(x)) / temperature.value }
  }

  // The layout is that of Keras 3.15 for a model of these names and widths.
  @Test func `The table is laid out as Keras does at 60 columns`() {
    #expect(
      Network().summary(inputShape: [784], width: 60) == """
        Model: "Network"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
        ┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
        │ hidden_layer_with_a_ver… │ (None, 256)       │   200,960 │
        │ (Dense)                  │                   │           │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ activation (ReLU)        │ (None, 256)       │         0 │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ a_normalization_layer    │ (None, 256)       │       512 │
        │ (Normalization)          │                   │           │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ dense (Dense)            │ (None, 10)        │     2,570 │
        └──────────────────────────┴───────────────────┴───────────┘
         Total params: 204,042 (797.04 KB)
         Trainable params: 204,042 (797.04 KB)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func `Nested parts are opened on request, and own parameters have a line`() {
    #expect(
      Outer().summary(inputShape: [4], expandsNested: true, width: 64) == """
        Model: "Outer"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┓
        ┃ Layer (type)              ┃ Output Shape        ┃    Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━┩
        │ temperature (Parameter)   │ ()                  │          1 │
        ├───────────────────────────┼─────────────────────┼────────────┤
        │ inner (Inner)             │ (None, 8)           │        216 │
        ├───────────────────────────┼─────────────────────┼────────────┤
        │    └ first (Dense)        │ (None, 16)          │         80 │
        ├───────────────────────────┼─────────────────────┼────────────┤
        │    └ second (Dense)       │ (None, 8)           │        136 │
        ├───────────────────────────┼─────────────────────┼────────────┤
        │ unused (ReLU)             │ ?                   │          0 │
        ├───────────────────────────┼─────────────────────┼────────────┤
        │ last (Dense)              │ (None, 3)           │         27 │
        └───────────────────────────┴─────────────────────┴────────────┘
         Total params: 244 (976.00 B)
         Trainable params: 244 (976.00 B)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func `Printing a model lists its parts with their settings`() {
    let model = Sequential {
      Dense(inputSize: 784, outputSize: 256, activation: .leakyReLU(slope: 0.2))
      Dropout(rate: 0.2)
      Sequential { ReLU() }
    }
    #expect(
      "\(model)" == """
        Sequential(
          0: Dense(784 to 256, leakyReLU(slope: 0.2))
          1: Dropout(rate 0.2)
          2: Sequential(
            0: ReLU()
          )
        )
        """)
    #expect(
      "\(Outer())" == """
        Outer(
          inner: Inner(
            first: Dense(4 to 16)
            second: Dense(16 to 8)
          )
          unused: ReLU()
          last: Dense(8 to 3)
        )
        """)
    #expect("\(Dropout(rate: 0.5))" == "Dropout(rate 0.5)")
    #expect("\(Dense(inputSize: 3, outputSize: 2))" == "Dense(3 to 2)")
    #expect("\(ReLU())" == "ReLU()")
  }

  @Test func `The picture names layers, settings, shapes and counts`() {
    let model = Sequential {
      Flatten()
      Dense(inputSize: 784, outputSize: 256)
      Dropout(rate: 0.2)
    }
    let figure = model.networkDiagram(inputShape: [28, 28], title: "Net")
    #expect(
      figure.summary == "Network \"Net\": 0 (Flatten) → 1 (Dense) → 2 (Dropout)")
    let svg = figure.svg()
    for text in ["(None, 28, 28)", "(None, 784)", "200,960", "rate 0.2"] {
      #expect(svg.contains(text), "\(text)")
    }
  }

  @Test func `The picture follows the data, not the order of the properties`() {
    final class Backwards: Layer {
      let temperature = Parameter(Tensor.ones([]))
      let second = Dense(inputSize: 3, outputSize: 2)
      let unused = ReLU()
      let first = Dense(inputSize: 4, outputSize: 3)
      func forward(_ x: Tensor) -> Tensor { second(first(x)) / temperature.value }
    }
    let figure = Backwards().networkDiagram(inputShape: [4])
    #expect(figure.summary == "Network \"Backwards\": first (Dense) → second (Dense)")
  }

  @Test func `Printing never runs the model`() {
    let wrong = Sequential {
      Dense(inputSize: 4, outputSize: 3)
      Dense(inputSize: 5, outputSize: 2)
    }
    #expect("\(wrong)".contains("  1: Dense(5 to 2)"))
  }

  @Test func `A summary does not disturb the random numbers or the mode`() {
    let model = Sequential {
      Dense(inputSize: 3, outputSize: 2)
      Dropout(rate: 0.5)
    }
    let quiet = withGenerator(seed: 1) { Tensor.uniform([3]).scalars }
    let after = withGenerator(seed: 1) {
      withMode(.training) { _ = model.summary(inputShape: [3]) }
      return Tensor.uniform([3]).scalars
    }
    #expect(after == quiet)
  }
}
