import Adjoint
import AdjointNN

/// Workloads of whole training steps.
let trainingWorkloads: [Workload] = [
  // The lab's model, 50 steps.
  Workload("mlp_step_b128") {
    let model = Sequential {
      Dense(inputSize: 784, outputSize: 256)
      ReLU()
      Dropout(rate: 0.2)
      Dense(inputSize: 256, outputSize: 128)
      ReLU()
      Dropout(rate: 0.2)
      Dense(inputSize: 128, outputSize: 10)
    }
    let optimizer = Adam()
    let parameters = model.parameters
    let x = random([128, 784])
    let y = (Tensor.uniform([128]) * 10).cast(to: .int64)
    return {
      withMode(.training) {
        for _ in 0..<50 {
          let (_, gradients) = valueWithGradients(of: parameters) {
            softmaxCrossEntropy(logits: model(x), labels: y)
          }
          optimizer.update(parameters, gradients)
        }
      }
    }
  }
]
