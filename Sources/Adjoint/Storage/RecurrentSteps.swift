import CAdjoint

/// All steps of one recurrent layer in one direction, in tiles of sequences and hidden units.
///
/// A tile is the product of the hidden states of 16 sequences with the weights of 64 units, turned into
/// gates at once; nothing is allocated. Many sequences go through all steps on a thread of their own, few
/// share each step. The way back does the same in the other order: products with the gradients of the
/// step behind, then gates.
package struct RecurrentSteps: Sendable {
  /// What a step computes.
  package enum Kind: Sendable {
    case lstm, gru, tanh, relu
  }

  /// The result of the steps, and what the way back wants to know.
  package struct Run: Sendable {
    /// The hidden state after every step, `[steps, n, hidden]`; behind them an LSTM's last cell state.
    package let result: Tensor
    fileprivate let activations, cells: Payload
  }

  private let kind: Kind
  private let isReversed: Bool
  private let tileRows = 16
  private let tileUnits = 64

  /// Steps of a kind, the last step first if reversed.
  package init(_ kind: Kind, isReversed: Bool) { (self.kind, self.isReversed) = (kind, isReversed) }

  private var gates: Int {
    switch kind {
    case .lstm: 4
    case .gru: 3
    case .tanh, .relu: 1
    }
  }

  /// How many numbers of each unit and step the way back needs.
  private var kept: Int {
    switch kind {
    case .lstm: 5
    case .gru: 4
    case .tanh, .relu: 0
    }
  }

  private var code: adj_recurrent_kind {
    switch kind {
    case .lstm: ADJ_LSTM
    case .gru: ADJ_GRU
    case .tanh: ADJ_RNN_TANH
    case .relu: ADJ_RNN_RELU
    }
  }

  private func order(_ count: Int) -> [Int] {
    isReversed ? Array((0..<count).reversed()) : Array(0..<count)
  }

  // MARK: Forward

  /// The steps for the input's share of the gates `[steps, n, gates * hidden]`, weights
  /// `[gates * hidden, hidden]`, first states `[n, hidden]` and up to two biases `[gates * hidden]`.
  ///
  /// - Parameter keepsActivations: whether there will be a way back.
  package func forward(
    x: Tensor, weight: Tensor, states: [Tensor], biases: [Tensor], keepsActivations: Bool
  ) -> Run {
    let layout = Layout(x, weight, self)
    let (steps, dtype, size) = (x.shape[0], x.dtype, x.dtype.byteCount)
    let row = layout.hidden * size
    let source = x.payload.contiguous
    let first = states.map(\.payload.contiguous)
    let bias = (0..<2).map { index in
      index < biases.count
        ? biases[index].payload.contiguous
        : Payload(filledWith: 0, shape: [gates * layout.hidden], dtype: dtype)
    }
    // Not by the first tile that needs them, while the other threads wait.
    for operand in [source] + first + bias { operand.force() }
    let packed = layout.packedForward(weight.payload.contiguous)
    let span = layout.beginProfiling(x, kept: keepsActivations ? kept : 0)
    defer { span?.end() }
    let state = layout.rows * row
    let isLSTM = kind == .lstm
    // What the way back does not ask for is written over and over.
    let slots = keepsActivations ? steps : 2
    let activations = Payload(
      shape: [keepsActivations ? steps : 1, layout.rows, max(kept, 1), layout.hidden],
      dtype: dtype
    ) { _ in }
    let cells = Payload(
      shape: [isLSTM ? slots : 0, layout.rows, layout.hidden], dtype: dtype
    ) { _ in }
    let result = Payload(
      shape: [steps + (isLSTM ? 1 : 0), layout.rows, layout.hidden], dtype: dtype
    ) { out in
      let scratch = layout.scratch()
      let (kinds, cellBase) = (activations.address, cells.address)
      let order = order(steps)
      layout.forEachStep(Array(0..<steps)) { number, tile in
        let time = order[number]
        let (before, cell) =
          number == 0
          ? (first[0].address, first.last!.address)
          : (
            out + order[number - 1] * state, cellBase + (isLSTM ? (number - 1) % slots * state : 0)
          )
        let product = scratch.address + tile.index * layout.tileBytes
        for gate in 0..<gates {
          BLAS.multiply(
            dtype, m: tile.rows.count, n: tile.units.count, k: layout.hidden,
            BLAS.Matrix(
              address: before + tile.rows.lowerBound * row, leadingDimension: layout.hidden,
              transposed: false),
            layout.weights(packed, tile, gate), into: product + gate * tileUnits * size,
            leadingDimension: gates * tileUnits)
        }
        let place = tile.rows.lowerBound * row + tile.units.lowerBound * size
        let wide = tile.units.lowerBound * size
        var step = adj_recurrent_step()
        step.kind = code
        (step.rows, step.units) = (Int64(tile.rows.count), Int64(tile.units.count))
        (step.hidden, step.gates) = (Int64(layout.hidden), Int64(gates))
        step.kept = Int64(kept)
        (step.room, step.gate_room) = (Int64(gates * tileUnits), Int64(tileUnits))
        step.x = UnsafeRawPointer(
          source.address + (time * layout.rows + tile.rows.lowerBound) * gates * row + wide)
        step.product = UnsafeRawPointer(product)
        step.bias = UnsafeRawPointer(bias[0].address + wide)
        step.product_bias = UnsafeRawPointer(bias[1].address + wide)
        step.before = UnsafeRawPointer(before + place)
        step.cell = UnsafeRawPointer(cell + place)
        step.after = out + time * state + place
        step.next_cell = cellBase + (isLSTM ? number % slots * state + place : 0)
        step.activations =
          kinds + (keepsActivations ? time * layout.rows : 0) * kept * row
          + tile.rows.lowerBound * kept * row + wide
        adj_recurrent_forward(dtype.code, &step)
      }
      if isLSTM {
        let last = steps == 0 ? first[1].address : cellBase + (steps - 1) % slots * state
        (out + steps * state).copyMemory(from: last, byteCount: state)
      }
      withExtendedLifetime((source, first, bias, activations, cells)) {}
    }
    return Run(result: Tensor(result), activations: activations, cells: cells)
  }

  // MARK: Backward

  /// For the gradient of a run's result, those of the gates' inputs and of the products with the hidden
  /// state, `[steps, n, gates * hidden]` each, and of the first states.
  package func backward(
    _ gradient: Tensor, _ run: Run, x: Tensor, weight: Tensor, states: [Tensor]
  ) -> (x: Tensor, product: Tensor, states: [Tensor]) {
    let layout = Layout(x, weight, self)
    let (steps, dtype, size) = (x.shape[0], x.dtype, x.dtype.byteCount)
    let row = layout.hidden * size
    let state = layout.rows * row
    let (isLSTM, isGRU) = (kind == .lstm, kind == .gru)
    let (g, result) = (gradient.payload.contiguous, run.result.payload.contiguous)
    let first = states.map(\.payload.contiguous)
    // Not by the first tile that needs them, while the other threads wait.
    for operand in [g, result] + first { operand.force() }
    let packed = layout.packedBackward(weight.payload.contiguous)
    let span = layout.beginProfiling(x, kept: kept)
    defer { span?.end() }
    let dz = [layout.gateMemory(), layout.gateMemory()]
    let shape = x.shape
    let ofProducts = Payload(shape: isGRU ? shape : [0], dtype: dtype) { _ in }
    // Both are changed in place, before anybody sees them.
    let through = Payload(shape: [layout.rows, layout.hidden], dtype: dtype) { out in
      fill(out, with: 0, layout.rows * layout.hidden, dtype)
    }
    let ofCells = Payload(shape: [layout.rows, layout.hidden], dtype: dtype) { out in
      if isLSTM { out.copyMemory(from: g.address + steps * state, byteCount: state) }
    }
    let order = order(steps)
    let ofGates = Payload(shape: shape, dtype: dtype) { out in
      let products = isGRU ? ofProducts.address : out
      // Behind the first step only a product is left, which leads to the first states.
      layout.forEachStep((-1..<steps).reversed()) { number, tile in
        let (old, new) = (dz[(number + 1) % 2], dz[(number + 2) % 2])
        if number < steps - 1 { layout.multiply(old, packed, tile, into: through.address) }
        if number < 0 { return }
        let time = order[number]
        let before = number == 0 ? first[0].address : result.address + order[number - 1] * state
        let cell =
          isLSTM
          ? (number == 0 ? first[1].address : run.cells.address + (number - 1) * state) : before
        let place = tile.rows.lowerBound * row + tile.units.lowerBound * size
        let wide = tile.units.lowerBound * size
        let at = (time * layout.rows + tile.rows.lowerBound) * gates * row + wide
        var step = adj_recurrent_step_back()
        step.kind = code
        (step.rows, step.units) = (Int64(tile.rows.count), Int64(tile.units.count))
        (step.hidden, step.gates) = (Int64(layout.hidden), Int64(gates))
        step.kept = Int64(kept)
        (step.room, step.gate_room) = (Int64(layout.hidden), Int64(layout.rows * layout.hidden))
        step.gradient = UnsafeRawPointer(g.address + time * state + place)
        step.activations = UnsafeRawPointer(
          run.activations.address + (time * layout.rows + tile.rows.lowerBound) * kept * row
            + wide)
        step.before = UnsafeRawPointer(before + place)
        step.cell = UnsafeRawPointer(cell + place)
        step.after = UnsafeRawPointer(result.address + time * state + place)
        step.through = through.address + place
        step.of_cell = ofCells.address + place
        (step.dx, step.dp, step.dz) = (out + at, products + at, new.address + place)
        adj_recurrent_backward(dtype.code, &step)
      }
      withExtendedLifetime((g, result, first, run.activations, run.cells)) {}
    }
    let ofX = Tensor(ofGates)
    return (
      ofX, isGRU ? Tensor(ofProducts) : ofX,
      [Tensor(through)] + (isLSTM ? [Tensor(ofCells)] : [])
    )
  }

  // MARK: Tiles

  private struct Tile {
    let index: Int
    let rows, units: Range<Int>
    let column: Int
  }

  /// The sizes of a run, and memory in the order in which tiles read it.
  private struct Layout {
    let rows, hidden, gates: Int
    let dtype: DType
    private let tileRows, tileUnits, down, across: Int

    init(_ x: Tensor, _ weight: Tensor, _ steps: RecurrentSteps) {
      (rows, hidden, gates) = (x.shape[1], weight.shape[1], steps.gates)
      dtype = x.dtype
      (tileRows, tileUnits) = (steps.tileRows, steps.tileUnits)
      (down, across) = (
        (rows + tileRows - 1) / tileRows, (hidden + tileUnits - 1) / tileUnits
      )
    }

    /// The beginning of all steps: a product each, and the gates read or written with what is kept.
    func beginProfiling(_ x: Tensor, kept: Int) -> ProfileRecorder? {
      let units = x.shape[0] * rows * hidden
      return Profiling.begin(
        "recurrent steps", x.shape, dtype, flops: 2 * Double(units) * Double(gates * hidden),
        bytes: units * (gates + kept + 1) * dtype.byteCount)
    }

    /// The memory of one tile's products.
    var tileBytes: Int { tileRows * gates * tileUnits * dtype.byteCount }

    func scratch() -> Buffer { Buffer(byteCount: down * across * tileBytes) }

    /// Memory for the gradients of all gates of a step: `[gates, n, hidden]`.
    func gateMemory() -> Buffer {
      Buffer(elementCount: gates * rows * hidden, dtype: dtype)
    }

    /// Calls `body` with all tiles of one step after the other.
    ///
    /// Sequences do not depend on each other: rows of tiles that are enough for all threads go through the
    /// steps without waiting, fewer share out every step. A tile is the same either way, and so are its bits.
    func forEachStep(_ steps: [Int], _ body: (Int, Tile) -> Void) {
      let products = Double(rows * hidden) * Double(gates * hidden)
      func tile(_ index: Int) -> Tile {
        let (row, column) = (index % down * tileRows, index / down)
        let unit = column * tileUnits
        return Tile(
          index: index, rows: row..<min(row + tileRows, rows),
          units: unit..<min(unit + tileUnits, hidden), column: column)
      }
      if down >= ThreadPool.shared.threads {
        parallel(units: down, operations: products * Double(steps.count)) { row in
          for step in steps {
            for column in 0..<across { body(step, tile(row + column * down)) }
          }
        }
      } else {
        for step in steps {
          parallel(units: down * across, operations: products) { body(step, tile($0)) }
        }
      }
    }

    /// For each column of tiles and gate, the weights of its units side by side: `[hidden, units]`.
    func packedForward(_ weight: Payload) -> Buffer {
      let packed = Buffer(elementCount: across * gates * hidden * tileUnits, dtype: dtype)
      ThreadPool.shared.run(chunks: across * gates) { index in
        let (unit, gate) = (index / gates * tileUnits, index % gates)
        copy(
          weight, row: gate * hidden + unit, column: 0,
          [min(tileUnits, hidden - unit), hidden], to: packed, index * hidden * tileUnits,
          [1, Int64(tileUnits)])
      }
      return packed
    }

    /// For each column of tiles, the columns of all weights that lead to its units:
    /// `[gates * hidden, units]`.
    func packedBackward(_ weight: Payload) -> Buffer {
      let packed = Buffer(elementCount: across * gates * hidden * tileUnits, dtype: dtype)
      ThreadPool.shared.run(chunks: across) { index in
        let unit = index * tileUnits
        copy(
          weight, row: 0, column: unit, [gates * hidden, min(tileUnits, hidden - unit)],
          to: packed, index * gates * hidden * tileUnits, [Int64(tileUnits), 1])
      }
      return packed
    }

    private func copy(
      _ weight: Payload, row: Int, column: Int, _ box: [Int], to packed: Buffer, _ place: Int,
      _ strides: [Int64]
    ) {
      let size = dtype.byteCount
      adj_copy_box(
        Int32(size), 2, box.map(Int64.init), packed.address + place * size, strides,
        weight.address + (row * hidden + column) * size, [Int64(hidden), 1])
    }

    /// The packed weights of a gate for a tile's units.
    func weights(_ packed: Buffer, _ tile: Tile, _ gate: Int) -> BLAS.Matrix {
      let place = (tile.column * gates + gate) * hidden * tileUnits
      return BLAS.Matrix(
        address: packed.address + place * dtype.byteCount, leadingDimension: tileUnits,
        transposed: false)
    }

    /// Adds the products of all gates' gradients with the weights to a tile of `[n, hidden]`.
    func multiply(
      _ dz: Buffer, _ packed: Buffer, _ tile: Tile, into out: UnsafeMutableRawPointer
    ) {
      let size = dtype.byteCount
      for gate in 0..<gates {
        BLAS.multiply(
          dtype, m: tile.rows.count, n: tile.units.count, k: hidden,
          BLAS.Matrix(
            address: dz.address + (gate * rows + tile.rows.lowerBound) * hidden * size,
            leadingDimension: hidden, transposed: false),
          weights(packed, tile, gate), beta: 1,
          into: out + (tile.rows.lowerBound * hidden + tile.units.lowerBound) * size,
          leadingDimension: hidden)
      }
    }
  }
}
