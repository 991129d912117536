// The code of the article TensorsAndViews; the comments are what it prints.
// MARK: Making tensors

import Adjoint

let x = Tensor([[1, 2, 3], [4, 5, 6]])
print(x)
// [[1., 2., 3.],
//  [4., 5., 6.]]
// (shape [2, 3], float32)

print(Tensor(7).shape, Tensor([1, 2, 3]).shape)  // [] [3]
print(Tensor.zeros([2, 2]).scalars)  // [0.0, 0.0, 0.0, 0.0]
print(Tensor.arange(4).dtype, Tensor.arange(0, 1, step: 0.25).scalars)
// int64 [0.0, 0.25, 0.5, 0.75]
print(Tensor.linspace(0, 1, count: 3).scalars, Tensor.eye(2).scalars)
// [0.0, 0.5, 1.0] [1.0, 0.0, 0.0, 1.0]

let labels: [Int] = [3, 1, 2]
print(Tensor(labels).dtype, Tensor([3, 1, 2]).dtype)  // int64 float32
print(Tensor([0.5, 1.5], dtype: .float64).dtype)  // float64
print(Tensor([UInt8](repeating: 255, count: 4), shape: [2, 2]).dtype)  // uint8

let precise = Tensor([1, 2, 3], dtype: .float64)
print((precise * 0.5).dtype, precise.cast(to: .int32).dtype)  // float64 int32

// MARK: Reading numbers

print(x.sum().scalar, x.scalars(as: Int.self))  // 21.0 [1, 2, 3, 4, 5, 6]
print(x.argMax(axis: 1).scalars(as: Int.self))  // [2, 2]

// MARK: Indexing

print(x[1].scalars, x[1, 2].scalar)  // [4.0, 5.0, 6.0] 6.0
print(x[.all, 1..<3].scalars)  // [2.0, 3.0, 5.0, 6.0]
print(x[-1, (-2)...].scalars)  // [5.0, 6.0]
print(x[..., .every(2)].scalars, x[.all, .every(-1)].scalars)
// [1.0, 3.0, 4.0, 6.0] [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]
print(x[.newAxis, ..., 0].shape)  // [1, 2]

let rows = Tensor([1, 0, 1] as [Int])
print(x[rows].shape, x[rows, Tensor([0, 1, 2] as [Int])].scalars)  // [3, 3] [4.0, 2.0, 6.0]
print(x[x .> 2].scalars)  // [3.0, 4.0, 5.0, 6.0]
print(x.gathering(Tensor([2, 0] as [Int]), axis: 1).scalars)  // [3.0, 1.0, 6.0, 4.0]

// MARK: Changing parts

var y = x
y[0, 1] = 20
y[.all, 2] = Tensor([30, 60])
y[y .< 2] = -1
print(y.scalars, x.scalars)
// [-1.0, 20.0, 30.0, 4.0, 5.0, 60.0] [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]

var table = Tensor.zeros([3, 2])
for row in 0..<3 { table[row] = Tensor([Double(row), Double(row * row)]) }
print(table.scalars)  // [0.0, 0.0, 1.0, 1.0, 2.0, 4.0]

let g = gradient(at: Tensor([1, 2, 3])) { x in
  var y = x * x
  y[1] = 10 * x[0]
  return y.sum()
}
print(g.scalars)  // [12.0, 0.0, 6.0]

// MARK: Views

let wide = Tensor.arange(6).reshaped(2, 3)
print(wide.transposed().shape, wide.transposed().scalars(as: Int.self))
// [3, 2] [0, 3, 1, 4, 2, 5]
print(Tensor.ones([3, 1]).broadcast(to: [3, 1000]).shape)  // [3, 1000]

// MARK: Shapes

let images = Tensor.zeros([8, 3, 28, 28])
print(images.flattened(from: 1).shape)  // [8, 2352]
print(images.reshaped(8, 3, -1).shape, images.permuted(0, 2, 3, 1).shape)
// [8, 3, 784] [8, 28, 28, 3]
print(concatenated([x, x], axis: 0).shape, stacked([x, x]).shape)  // [4, 3] [2, 2, 3]
print(x.split(into: 3, axis: 1).map(\.shape))  // [[2, 1], [2, 1], [2, 1]]
