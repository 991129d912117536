// The code of the article Determinism; the comments are what it prints.
// MARK: The promise

import Adjoint

func experiment() -> [Double] {
  withGenerator(seed: 1) {
    let x = Tensor.normal([200, 300]), w = Tensor.normal([300, 40])
    return gradient(at: w) { tanh(matmul(x, $0)).sum() }.scalars
  }
}
let once = experiment()
let before = threads
threads = 1
print(once == experiment())  // true
threads = before
print(once == withImmediateEvaluation { experiment() })  // true

// MARK: Seeds

var generator = Generator(seed: 7)
var copy = generator
let first = Tensor.uniform([3], using: &generator)
let second = Tensor.uniform([3], using: &generator)
print(first.scalars == second.scalars)  // false
print(first.scalars == Tensor.uniform([3], using: &copy).scalars)  // true

let weights = withGenerator(seed: 1) { Tensor.normal([2, 2]) }
print(weights.scalars == withGenerator(seed: 1) { Tensor.normal([2, 2]) }.scalars)  // true

// MARK: One stream for each part

func draw(noise count: Int) -> [Double] {
  withGenerator(seed: 1) {
    var noise = Generator.split()
    _ = Tensor.normal([count], using: &noise)
    return Tensor.uniform([2]).scalars
  }
}
print(draw(noise: 10) == draw(noise: 1_000_000))  // true

// MARK: Going on

let whole = withGenerator(seed: 3) { Tensor.uniform([4]).scalars + Tensor.uniform([4]).scalars }
let (half, position) = withGenerator(seed: 3) { (Tensor.uniform([4]).scalars, Generator.scoped) }
let rest = withGenerator(seed: 99) {
  Generator.scoped = position
  return Tensor.uniform([4]).scalars
}
print(whole == half + rest)  // true

// MARK: Swift's own randomness

var order = Generator(seed: 5)
let shuffled = Array(0..<5).shuffled(using: &order)
order = Generator(seed: 5)
print(shuffled == Array(0..<5).shuffled(using: &order))  // true
