// The code of the article Broadcasting; the comments are what it prints.
import Adjoint

let matrix = Tensor([[1, 2, 3], [4, 5, 6]])  // [2, 3]
let row = Tensor([10, 20, 30])  // [3]
let column = Tensor([[100], [200]])  // [2, 1]

print((matrix + row).scalars)  // [11.0, 22.0, 33.0, 14.0, 25.0, 36.0]
print((matrix + column).scalars)  // [101.0, 102.0, 103.0, 204.0, 205.0, 206.0]
print((row + column).shape, (matrix * 2).shape)  // [2, 3] [2, 3]
print((Tensor.zeros([8, 1, 6, 1]) + Tensor.zeros([7, 1, 5])).shape)  // [8, 7, 6, 5]

// MARK: When shapes do not fit

let perRow = Tensor([100, 200])
print((matrix + perRow.expandingDimension(at: 1)).scalars)
// [101.0, 102.0, 103.0, 204.0, 205.0, 206.0]
print((matrix + perRow[.all, .newAxis]).shape)  // [2, 3]

// MARK: Keeping an axis

let mean = matrix.mean(axes: [1], keepingDimensions: true)
print(mean.shape, (matrix - mean).scalars)  // [2, 1] [-1.0, 0.0, 1.0, -1.0, 0.0, 1.0]
print(matrix.mean(axes: [1]).shape)  // [2]

let prediction = Tensor([[1], [2], [3]])
let target = Tensor([1, 2, 3])
print((prediction - target).shape)  // [3, 3]
print((prediction.squeezed(1) - target).shape)  // [3]

// MARK: All pairs

let points = Tensor([[0, 0], [3, 4], [6, 8]])  // [3, 2]
let differences = points[.all, .newAxis] - points[.newAxis]  // [3, 3, 2]
let distances = sqrt(square(differences).sum(axes: [2]))
print(distances.scalars)  // [0.0, 5.0, 10.0, 5.0, 0.0, 5.0, 10.0, 5.0, 0.0]
print(pairwiseDistances(points, points).scalars == distances.scalars)  // true

// MARK: Matrix products

let batch = Tensor.ones([5, 2, 3])
print(matmul(batch, Tensor.ones([3, 4])).shape)  // [5, 2, 4]
print(matmul(Tensor.ones([7, 1, 2, 3]), Tensor.ones([5, 3, 4])).shape)  // [7, 5, 2, 4]
print(matmul(matrix, row).shape, matmul(row, row).shape)  // [2] []

// MARK: Gradients

let weights = Tensor([1, 2, 3, 4, 5, 6]).reshaped(2, 3)
let bias = gradient(at: row) { (weights * (matrix + $0)).sum() }
print(bias.shape, bias.scalars)  // [3] [5.0, 7.0, 9.0]
let scale = gradient(at: Tensor(2)) { (weights * $0).sum() }
print(scale.shape, scale.scalar)  // [] 21.0

// MARK: Without arithmetic

let stretched = row.broadcast(to: [4, 3])
print(stretched.shape, stretched[3].scalars)  // [4, 3] [10.0, 20.0, 30.0]
var filled = Tensor.zeros([2, 3])
filled[.all, 1] = 7
print(filled.scalars)  // [0.0, 7.0, 0.0, 0.0, 7.0, 0.0]
print(row.tiled([2]).scalars)  // [10.0, 20.0, 30.0, 10.0, 20.0, 30.0]
print(row.repeated(2, axis: 0).scalars)  // [10.0, 10.0, 20.0, 20.0, 30.0, 30.0]

// MARK: Conditions

let positive = `where`(matrix .> 3, matrix, 0)
print(positive.scalars, maximum(matrix, Tensor([[2], [5]])).scalars)
// [0.0, 0.0, 0.0, 4.0, 5.0, 6.0] [2.0, 2.0, 3.0, 5.0, 5.0, 6.0]
