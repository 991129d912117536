// Common divisors and multiples of integers.

/// The greatest common divisor of two integers, not negative; that of 0 and 0 is 0.
///
/// By Euclid's algorithm on whole tensors: as many passes as the slowest pair needs, at most 92.
public func gcd(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = integers("gcd", a, b, file, line)
  return abs(euclid(a, b))
}

/// The least common multiple of two integers, not negative; 0 if either is 0.
///
/// One that does not fit into the dtype wraps around.
public func lcm(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let (a, b) = integers("lcm", a, b, file, line)
  // Division by 0, the divisor of two zeros, gives 0.
  return abs(floorDivide(a, euclid(a, b)) * b)
}

/// The last divisor of Euclid's algorithm, of either sign.
private func euclid(_ a: Tensor, _ b: Tensor) -> Tensor {
  var (divisor, rest) = (a, b)
  while rest.any().scalar != 0 {
    let isDone = rest .== 0
    // A division by 0 leaves 0, so what is done stays done.
    (divisor, rest) = (`where`(isDone, divisor, rest), remainder(divisor, rest))
  }
  return divisor
}

/// Two integer operands of one dtype, broadcast.
private func integers(
  _ name: StaticString, _ a: Tensor, _ b: Tensor, _ file: StaticString, _ line: UInt
) -> (Tensor, Tensor) {
  let (a, b) = matched("\(name)", a, b, file, line)
  let shape = broadcastShape("\(name)", a, b, file, line)
  if a.dtype.isFloatingPoint || a.dtype == .bool {
    programmingError("\(name)", "needs integer tensors, not \(a.dtype)", file: file, line: line)
  }
  return (a.broadcast(to: shape), b.broadcast(to: shape))
}
