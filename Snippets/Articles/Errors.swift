// The code of the article Errors; the comments are what it prints.
// MARK: Stops

import Adjoint
import AdjointData
import AdjointNN
import Foundation

func standardized(
  _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if x.rank != 2 {
    programmingError(
      "standardized", "needs rows of features [n, d], not \(x.shape)", file: file, line: line)
  }
  let (variance, mean) = x.varianceAndMean(axes: [0], keepingDimensions: true)
  return (x - mean) / sqrt(variance)
}
print(standardized(Tensor([[1, 2], [3, 6]])).shape)  // [2, 2]

// MARK: Throws

let url = FileManager.default.temporaryDirectory.appending(path: "guides-errors.safetensors")
defer { try? FileManager.default.removeItem(at: url) }
try SafeTensors([(name: "a", tensor: Tensor([1, 2, 3]))]).write(to: url)
let bytes = try Data(contentsOf: url)
try bytes.dropLast(4).write(to: url)
do {
  _ = try SafeTensors.read(url)
} catch let error as FormatError {
  print(error.kind, error.field)  // truncated data section
}

let model = Dense(inputSize: 3, outputSize: 2)
do {
  try model.load(stateDictionary: ["weight": Tensor.zeros([3, 2]), "biases": Tensor.zeros([2])])
} catch {
  print(error)
  // "weight" is float32 [2, 3] in the model, but float32 [3, 2] was given; missing: "bias"; unexpected: "biases"
}

// MARK: Both, where either may be meant

let singular = Tensor([[1, 2], [2, 4]])
do {
  _ = try solve(checking: singular, Tensor([1, 1]))
} catch {
  print(error.reason)  // singular
}

// MARK: Numbers that are not numbers

let x = Tensor([1, 4, 9])
let slope = withAnomalyDetection { gradient(at: x) { sqrt($0).sum() } }
print(slope.scalars == [0.5, 0.25, 1.0 / 6].map { Double(Float($0)) })  // true

let values = Tensor([0, 4])
func badRoot(_ x: Tensor) -> Tensor { `where`(x .> 0, sqrt(x), 0).sum() }
func goodRoot(_ x: Tensor) -> Tensor { `where`(x .> 0, sqrt(`where`(x .> 0, x, 1)), 0).sum() }
print(isNaN(gradient(at: values, badRoot)).scalars(as: Bool.self))  // [true, false]
print(gradient(at: values, goodRoot).scalars)  // [0.0, 0.25]
