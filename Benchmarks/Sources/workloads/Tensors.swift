import Adjoint

private let million8: Shape = [8 << 20]
private let square4096: Shape = [4096, 4096]

/// Workloads of single operations.
let tensorWorkloads: [Workload] = [
  // 10,000 recorded scalar operations, then back through all of them.
  Workload("small_ops_10k") {
    let x = Tensor(0.5).tracked()
    let (a, b) = (Tensor(0.999), Tensor(0.001))
    return {
      var y = x
      for _ in 0..<5000 { y = y * a + b }
      _ = gradients(of: y, withRespectTo: [x])[0].scalar
    }
  },
  // The tanh approximation of GELU from plain operators, forward and backward.
  Workload("elementwise_gelu_8m") {
    let x = random(million8).tracked()
    let g = Tensor.ones(million8)
    compute(g)
    return {
      let y = 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      let gradient = gradients(of: y, withRespectTo: [x], cotangent: g)[0]
      compute(y)
      compute(gradient)
    }
  },
  Workload("add_8m") {
    let (a, b) = (random(million8), random(million8))
    return { compute(a + b) }
  },
  Workload("exp_8m") {
    let a = random(million8)
    return { compute(exp(a)) }
  },
  Workload("sum_axis0_4096") {
    let a = random(square4096)
    return { compute(a.sum(axes: [0])) }
  },
  Workload("sum_axis1_4096") {
    let a = random(square4096)
    return { compute(a.sum(axes: [1])) }
  },
  Workload("softmax_4096") {
    let a = random(square4096)
    return { compute(softmax(a, axis: 1)) }
  },
  Workload("transpose_copy_4096") {
    let a = random(square4096)
    // Reshaping elements that are not in row-major order copies them.
    return { compute(a.transposed().reshaped(-1)) }
  },
  Workload("broadcast_add_4096") {
    let (a, b) = (random(square4096), random([4096]))
    return { compute(a + b) }
  },
  Workload("matmul_256") {
    let a = random([256, 256])
    return { for _ in 0..<50 { compute(matmul(a, a)) } }
  },
  Workload("matmul_1024") {
    let a = random([1024, 1024])
    return { compute(matmul(a, a)) }
  },
  Workload("batched_matmul_64x128") {
    let a = random([64, 128, 128])
    return { for _ in 0..<5 { compute(matmul(a, a)) } }
  },
  Workload("dropout_8m") {
    let a = random(million8)
    return { compute(dropout(a, rate: 0.2)) }
  },
  Workload("normal_8m") {
    return { compute(Tensor.normal(million8)) }
  },
  // A batch of 128 shuffled rows out of 60,000 x 784, 100 times.
  Workload("gather_rows_60k") {
    let x = random([60000, 784])
    let order = Tensor.permutation(60000)
    return { for i in 0..<100 { compute(x.gathering(order[i * 128..<(i + 1) * 128])) } }
  },
  // 8 images of 64 channels and 56 x 56 pixels by 64 kernels of 3 x 3: result and all gradients.
  Workload("conv3x3_64c_56px_train") {
    let (x, bias) = (random([8, 64, 56, 56]).tracked(), random([64]).tracked())
    let weights = (random([64, 64, 3, 3]) * 0.05).tracked()
    return {
      let loss = convolution(x, weights, bias: bias, padding: 1).sum()
      for gradient in gradients(of: loss, withRespectTo: [x, weights, bias]) { compute(gradient) }
    }
  },
  // 8,192 lookups in a table of 50,000 x 128, and the dense gradient.
  Workload("embedding_grad_50k") {
    let table = random([50000, 128]).tracked()
    let indices = randomTokens([8192], below: 50000)
    return {
      let loss = table.gathering(indices).sum()
      compute(gradients(of: loss, withRespectTo: [table])[0])
    }
  },
]

/// Decompositions and linear systems in double precision.
let linearAlgebraWorkloads: [Workload] = [
  // The factor of a positive definite matrix, and the gradient of its sum.
  Workload("cholesky_grad_512") {
    let root = random([512, 512]).cast(to: .float64)
    let matrix = matmul(root, root.transposed()) + 512 * Tensor.eye(512, dtype: .float64)
    let a = matrix.tracked()
    return { compute(gradients(of: cholesky(a).sum(), withRespectTo: [a])[0]) }
  },
  Workload("svd_512") {
    let a = random([512, 512]).cast(to: .float64)
    return {
      let found = svd(a)
      compute(found.u)
      compute(found.vh)
    }
  },
  // 64 right sides.
  Workload("solve_1024") {
    let a = random([1024, 1024]).cast(to: .float64)
    let b = random([1024, 64]).cast(to: .float64)
    return { compute(solve(a, b)) }
  },
]

/// What the machine can do at best, measured in the same run.
let floors: [Workload] = [
  // Reads and writes 32 MiB: a copy at the speed of memory.
  Workload("floor_copy_8m") {
    let a = random(million8)
    return { compute(a * 1) }
  },
  // The best rate of the matrix product: 17.2 billion operations.
  Workload("floor_sgemm_2048") {
    let a = random([2048, 2048])
    return { compute(matmul(a, a)) }
  },
]
