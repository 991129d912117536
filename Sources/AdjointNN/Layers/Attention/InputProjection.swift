import Adjoint

/// The linear maps of queries, keys and values of an attention layer.
struct InputProjection {
  /// One weight below another, where all three have inputs of one size, else three.
  private let weights: [Parameter]
  private let bias: Parameter?
  let inputSizes: [Int]
  private let outputSizes: [Int]

  init(
    inputs: [Int], outputs: [Int], useBias: Bool, weightInitializer: Initializer, dtype: DType,
    file: StaticString, line: UInt
  ) {
    let isPacked = Set(inputs).count == 1
    let shapes = isPacked ? [(outputs.reduce(0, +), inputs[0])] : Array(zip(outputs, inputs))
    weights = shapes.map { rows, columns in
      guard let shape = Shape(exactly: [rows, columns]) else {
        programmingError(
          "MultiHeadAttention", "there is no map from \(columns) to \(rows) features", file: file,
          line: line)
      }
      return Parameter(weightInitializer(shape, dtype: dtype), file: file, line: line)
    }
    bias =
      useBias
      ? Parameter(Tensor.zeros([outputs.reduce(0, +)], dtype: dtype), file: file, line: line)
      : nil
    (inputSizes, outputSizes) = (inputs, outputs)
  }

  /// The parameters under PyTorch's names.
  var children: [(label: String?, value: Any)] {
    let names =
      weights.count == 1
      ? ["in_proj_weight"] : ["q_proj_weight", "k_proj_weight", "v_proj_weight"]
    let named = zip(names, weights).map { (label: Optional($0), value: $1 as Any) }
    return named + [("in_proj_bias", bias as Any)]
  }

  /// The three mapped; without keys the queries stand for them, without values the keys.
  func callAsFunction(_ query: Tensor, _ key: Tensor?, _ value: Tensor?) -> [Tensor] {
    func mapped(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
      let product = matmul(x, weight.transposed())
      return bias.map { product + $0 } ?? product
    }
    if weights.count == 1 && key == nil && value == nil {
      return mapped(query, weights[0].value, bias?.value).split(outputSizes, axis: 2)
    }
    let rows =
      weights.count == 1
      ? weights[0].value.split(outputSizes) : weights.map(\.value)
    let biases = bias?.value.split(outputSizes)
    let inputs = [query, key ?? query, value ?? key ?? query]
    return inputs.indices.map { mapped(inputs[$0], rows[$0], biases?[$0]) }
  }
}
