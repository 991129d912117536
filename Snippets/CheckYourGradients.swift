// Compare the derivatives of any function or model with finite differences.
import Adjoint
import AdjointNN

let a = Tensor.normal([3, 4]), b = Tensor.normal([4])
print(checkGradients(of: { softmax($0[0] * $0[1]) }, at: [a, b]))

let model = Sequential {
  Dense(inputSize: 4, outputSize: 8)
  ReLU()
  Dropout(rate: 0.5)
  Dense(inputSize: 8, outputSize: 3)
}
let report = withMode(.training) {
  checkGradients(of: model, inputs: [a]) { inputs in
    softmaxCrossEntropy(logits: model(inputs[0]), labels: Tensor([0, 2, 1] as [Int]))
  }
}
print(report)
