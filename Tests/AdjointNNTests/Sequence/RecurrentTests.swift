import Adjoint
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

struct RecurrentTests {
  private static let lengths = Tensor([3, 4, 1] as [Int])
  private static let sequence: (name: String, shape: Shape) = ("x", [3, 4, 2])
  private static let hidden: (name: String, shape: Shape) = ("hidden", [4, 3, 3])
  private static let cell: (name: String, shape: Shape) = ("cell", [4, 3, 3])

  // MARK: Values

  @Test(arguments: ["plain", "without bias"])
  func `One layer has PyTorch's keys, outputs and gradients`(_ variant: String) throws {
    let useBias = variant == "plain"
    let rnn = RNN(inputSize: 2, hiddenSize: 3, useBias: useBias)
    try expectLikePyTorch("RNN \(variant)", rnn, [Self.sequence]) {
      let (output, state) = rnn($0[0], initialState: nil)
      return [output, state]
    }
    let gru = GRU(inputSize: 2, hiddenSize: 3, useBias: useBias)
    try expectLikePyTorch("GRU \(variant)", gru, [Self.sequence]) {
      let (output, state) = gru($0[0], initialState: nil)
      return [output, state]
    }
    let lstm = LSTM(inputSize: 2, hiddenSize: 3, useBias: useBias)
    try expectLikePyTorch("LSTM \(variant)", lstm, [Self.sequence]) {
      let (output, state) = lstm($0[0], initialState: nil)
      return [output, state.hidden, state.cell]
    }
  }

  @Test func `A network of rectifiers has PyTorch's outputs and gradients`() throws {
    let rnn = RNN(inputSize: 2, hiddenSize: 3, activation: .relu)
    try expectLikePyTorch("RNN relu", rnn, [Self.sequence]) {
      let (output, state) = rnn($0[0], initialState: nil)
      return [output, state]
    }
  }

  @Test(arguments: ["deep", "packed"])
  func `Two layers in both directions from an initial state have PyTorch's results`(
    _ variant: String
  ) throws {
    let lengths = variant == "packed" ? Self.lengths : nil
    let rnn = RNN(inputSize: 2, hiddenSize: 3, layers: 2, bidirectional: true)
    try expectLikePyTorch("RNN \(variant)", rnn, [Self.sequence, Self.hidden]) {
      let (output, state) = rnn($0[0], initialState: $0[1], lengths: lengths)
      return [output, state]
    }
    let gru = GRU(inputSize: 2, hiddenSize: 3, layers: 2, bidirectional: true)
    try expectLikePyTorch("GRU \(variant)", gru, [Self.sequence, Self.hidden]) {
      let (output, state) = gru($0[0], initialState: $0[1], lengths: lengths)
      return [output, state]
    }
    let lstm = LSTM(inputSize: 2, hiddenSize: 3, layers: 2, bidirectional: true)
    try expectLikePyTorch("LSTM \(variant)", lstm, [Self.sequence, Self.hidden, Self.cell]) {
      let first = LSTM.State(hidden: $0[1], cell: $0[2])
      let (output, state) = lstm($0[0], initialState: first, lengths: lengths)
      return [output, state.hidden, state.cell]
    }
  }

  @Test func `Cells have PyTorch's keys, results and gradients`() throws {
    let step: [(name: String, shape: Shape)] = [("x", [3, 2]), ("hidden", [3, 3])]
    let rnn = RNNCell(inputSize: 2, hiddenSize: 3)
    try expectLikePyTorch("RNNCell", rnn, step) { [rnn($0[0], state: $0[1])] }
    let gru = GRUCell(inputSize: 2, hiddenSize: 3)
    try expectLikePyTorch("GRUCell", gru, step) { [gru($0[0], state: $0[1])] }
    let lstm = LSTMCell(inputSize: 2, hiddenSize: 3)
    try expectLikePyTorch("LSTMCell", lstm, step + [("cell", [3, 3])]) {
      let next = lstm($0[0], state: LSTM.State(hidden: $0[1], cell: $0[2]))
      return [next.hidden, next.cell]
    }
  }

  @Test func `A cell applied step by step gives what the layer gives`() {
    let lstm = LSTM(inputSize: 2, hiddenSize: 3)
    let cell = LSTMCell(inputSize: 2, hiddenSize: 3)
    for (one, other) in zip(lstm.parameters, cell.parameters) { other.value = one.value }
    let x = random([2, 5, 2], dtype: .float32)
    var state: LSTM.State?
    let outputs = x.unstacked(axis: 1).map { step in
      let next = cell(step, state: state)
      state = next
      return next.hidden
    }
    #expect(allClose(lstm(x), stacked(outputs, axis: 1), absolute: 1e-6))
  }

  // MARK: Derivatives

  @Test func `Derivatives of both orders agree with differences`() {
    let x = random([2, 3, 2], seed: 3)
    let lengths = Tensor([2, 3] as [Int])
    let rnn = RNN(inputSize: 2, hiddenSize: 2, bidirectional: true)
    let gru = GRU(inputSize: 2, hiddenSize: 2, layers: 2)
    let lstm = LSTM(inputSize: 2, hiddenSize: 2, bidirectional: true)
    let reports = [
      checkGradients(of: rnn, input: x), checkGradients(of: gru, input: x),
      checkGradients(of: lstm, input: x),
      checkGradients(of: lstm, inputs: [x, random([2, 2, 2]), random([2, 2, 2], seed: 2)]) {
        let first = LSTM.State(hidden: $0[1], cell: $0[2])
        let (output, state) = lstm($0[0], initialState: first, lengths: lengths)
        return concatenated([output.flattened(), state.hidden.flattened(), state.cell.flattened()])
      },
    ]
    for report in reports { #expect(report.passed, "\(report)") }
  }

  @Test func `Frozen weights leave the other gradients as they are`() throws {
    let gru = withGenerator(seed: 1) { GRU(inputSize: 2, hiddenSize: 3, dtype: .float64) }
    let x = random([2, 4, 2])
    let all = valueWithGradients(of: gru) { gru(x).sum() }.gradients
    let bias = try #require(gru.namedParameters.first { $0.name == "bias_hh_l0" }?.parameter)
    gru.freeze(matching: "weight_*")
    let some = valueWithGradients(of: gru) { gru(x).sum() }.gradients
    try expectClose(some[bias], try #require(all[bias]).scalars)
  }

  // MARK: Sequences

  @Test func `Padding has no influence, whatever is in it`() {
    let lstm = withGenerator(seed: 1) { LSTM(inputSize: 2, hiddenSize: 3, bidirectional: true) }
    var x = random([3, 4, 2], dtype: .float32)
    let (output, state) = lstm(x, initialState: nil, lengths: Self.lengths)
    x[0, 3] = Tensor.full([2], 1e6)
    x[2, 1...] = Tensor.full([3, 2], -1e6)
    let (other, last) = lstm(x, initialState: nil, lengths: Self.lengths)
    #expect(output.scalars == other.scalars)
    #expect(state.cell.scalars == last.cell.scalars)
    #expect(output[2, 1...].scalars.allSatisfy { $0 == 0 })
  }

  @Test func `A sequence of length 0 keeps its initial state`() {
    let gru = GRU(inputSize: 2, hiddenSize: 3)
    let first = random([1, 2, 3], dtype: .float32)
    let (output, state) = gru(
      random([2, 4, 2], dtype: .float32), initialState: first, lengths: Tensor([0, 2] as [Int]))
    #expect(state[0, 0].scalars == first[0, 0].scalars)
    #expect(output[0].scalars.allSatisfy { $0 == 0 })
  }

  @Test func `An empty batch gives empty results and gradients of zero`() throws {
    let lstm = LSTM(inputSize: 2, hiddenSize: 3, bidirectional: true)
    let (_, gradients) = valueWithGradients(of: lstm) { lstm(Tensor.zeros([0, 4, 2])).sum() }
    #expect(lstm(Tensor.zeros([0, 4, 2])).shape == [0, 4, 6])
    for parameter in lstm.parameters {
      #expect(try #require(gradients[parameter]).scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test func `Without recording the results are the same`() {
    let gru = GRU(inputSize: 2, hiddenSize: 3, layers: 2)
    let x = random([2, 4, 2], dtype: .float32)
    let y = withoutRecording { gru(x) }
    #expect(!y.isTracked)
    #expect(y.scalars == gru(x).scalars)
  }

  @Test func `Without returnsSequence the last states of both directions come out`() {
    let make = { (returnsSequence: Bool) in
      withGenerator(seed: 2) {
        GRU(
          inputSize: 2, hiddenSize: 3, layers: 2, bidirectional: true,
          returnsSequence: returnsSequence)
      }
    }
    let x = random([2, 4, 2], dtype: .float32)
    let all = make(true)(x)
    let last = make(false)(x)
    #expect(last.shape == [2, 6])
    #expect(last[0..., ..<3].scalars == all[0..., 3, ..<3].scalars)
    #expect(last[0..., 3...].scalars == all[0..., 0, 3...].scalars)
  }

  @Test func `A state carried over continues the sequence`() {
    let lstm = withGenerator(seed: 1) { LSTM(inputSize: 2, hiddenSize: 3, layers: 2) }
    let x = random([2, 6, 2], dtype: .float32)
    let (first, state) = lstm(x[0..., ..<2], initialState: nil)
    let (second, _) = lstm(x[0..., 2...], initialState: state)
    #expect(allClose(concatenated([first, second], axis: 1), lstm(x), absolute: 1e-6))
  }

  @Test func `Dropout acts between layers, in training only`() {
    let lstm = withGenerator(seed: 1) {
      LSTM(inputSize: 2, hiddenSize: 64, layers: 2, dropoutRate: 0.5)
    }
    let x = random([2, 3, 2], dtype: .float32)
    let trained = { (seed: UInt64) in
      withMode(.training) { withGenerator(seed: seed) { lstm(x).scalars } }
    }
    #expect(trained(1) != lstm(x).scalars)
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
  }

  @Test func `A recurrent layer is trained in a stack, described, saved and loaded`() throws {
    let model = withGenerator(seed: 1) {
      Sequential {
        LSTM(inputSize: 3, hiddenSize: 4, bidirectional: true)
        GRU(inputSize: 8, hiddenSize: 5, layers: 2, dropoutRate: 0.1)
        RNN(inputSize: 5, hiddenSize: 2, activation: .relu, useBias: false, returnsSequence: false)
      }
    }
    #expect(model.layers[0].description == "LSTM(3 to 4, bidirectional)")
    #expect(model.layers[1].description == "GRU(8 to 5, 2 layers, dropout 0.1)")
    #expect(model.layers[2].description == "RNN(5 to 2, no bias, last output)")
    #expect(model.stateShapes["1.weight_hh_l1"] == [15, 5])
    #expect(model.stateShapes["0.bias_ih_l0_reverse"] == [16])
    let x = random([4, 6, 3], dtype: .float32)
    model.fit(
      x, Tensor.ones([4, 2]), epochs: 1, loss: .meanSquaredError, optimizer: SGD(),
      verbose: .silent, seed: 1)
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try model.save(to: url)
      let loaded = try Sequential.load(from: url)
      #expect(loaded(x).scalars == model(x).scalars)
    }
    #expect(model.copy()(x).scalars == model(x).scalars)
  }

  @Test(arguments: [
    (#"{"inputSize":0"#, "there is no layer from 0 to 4 features"),
    (#"{"inputSize":4611686018427387904"#, "4611686018427387904 to 4 features are too many"),
  ])
  func `A file with impossible sizes is refused`(_ start: String, _ message: String) {
    let rest =
      #","hiddenSize":4,"layers":1,"bidirectional":true,"useBias":true,"dropoutRate":0,"returnsSequence":true}"#
    let error = thrown {
      _ = try JSONDecoder().decode(
        LSTM.self, from: Data((#"{"settings":"# + start + rest + "}").utf8))
    }
    #expect(error?.contains(message) == true, "\(error ?? "nothing")")
  }

  // MARK: Mistakes

  @Test func `A wrong input is told with what was expected`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTM(inputSize: 3, hiddenSize: 4)(Tensor.zeros([2, 5, 4]))
    }
    #expect(errors(result).contains("RecurrentTests.swift:"))
    #expect(
      errors(result).contains(
        "LSTM: needs an input [n, steps, 3] of one step at least, not [2, 5, 4]"))
  }

  @Test func `A wrong state is told with what was expected`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRU(inputSize: 3, hiddenSize: 4, layers: 2)(
        Tensor.zeros([2, 5, 3]), initialState: Tensor.zeros([1, 2, 4]))
    }
    #expect(
      errors(result).contains(
        "GRU: the initial state is float32 [1, 2, 4]; for the input [2, 5, 3] it must be float32 "
          + "[2, 2, 4]: [layers * directions, n, hidden]"))
  }

  @Test func `Wrong lengths are told`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RNN(inputSize: 3, hiddenSize: 4)(
        Tensor.zeros([2, 5, 3]), initialState: nil, lengths: Tensor([2, 6] as [Int]))
    }
    #expect(
      errors(result).contains(
        "RNN: a length of 6 is not in 0 ... 5, the steps of input [2, 5, 3]"))
  }

  @Test func `Wrong settings and wrong steps of a cell are told`() async {
    let settings = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTM(inputSize: 3, hiddenSize: 4, dropoutRate: 1)
    }
    #expect(errors(settings).contains("LSTM: the dropout rate must be in 0 ..< 1, not 1.0"))
    let cell = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRUCell(inputSize: 3, hiddenSize: 4)(Tensor.zeros([2, 3]), state: Tensor.zeros([2, 3]))
    }
    #expect(
      errors(cell).contains("GRUCell: the state must be float32 [2, 4], not float32 [2, 3]"))
  }
}
