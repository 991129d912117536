// Trains for a number of steps on random data: steps COUNT [small]
//
// With 1 it is the time from the start of a process to its first result; with very many it shows
// whether memory grows: ten lines with the steps done and the resident memory in kilobytes.
import Adjoint
import AdjointNN
import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let count = arguments.first.flatMap({ Int($0) }), count > 0 else {
  FileHandle.standardError.write(Data("usage: steps COUNT [small]\n".utf8))
  exit(EXIT_FAILURE)
}
let isSmall = arguments.last == "small"
let sizes = isSmall ? [16, 32, 10] : [784, 256, 128, 10]

let model = Sequential {
  for (inputs, outputs) in zip(sizes.dropLast(2), sizes.dropFirst().dropLast()) {
    Dense(inputSize: inputs, outputSize: outputs)
    ReLU()
    Dropout(rate: 0.2)
  }
  Dense(inputSize: sizes[sizes.count - 2], outputSize: 10)
}
let optimizer = Adam()
let parameters = model.parameters
let x = Tensor.normal([128, sizes[0]])
let y = (Tensor.uniform([128]) * 10).cast(to: .int64)
withMode(.training) {
  for step in 1...count {
    let (loss, gradients) = valueWithGradients(of: parameters) {
      softmaxCrossEntropy(logits: model(x), labels: y)
    }
    optimizer.update(parameters, gradients)
    if step % max(count / 10, 1) == 0 { print(step, residentKilobytes(), loss.scalar) }
  }
}

/// The memory of this process that is in RAM, as the kernel counts it.
func residentKilobytes() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
  return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}
