import Adjoint
import AdjointNN

/// Single operations against their size, which explain the bends of the others.
let operationCurves: [Curve] = [
  // x * 1.5 + 0.5: reads and writes 4 bytes for each element.
  Curve("elements", powersOfTwo(64, 1 << 26).enumerated().filter { $0.offset % 2 == 0 }.map(\.1)) {
    elements($0)
  },
  Curve(
    "elements-one", powersOfTwo(64, 1 << 26).enumerated().filter { $0.offset % 2 == 0 }.map(\.1)
  ) {
    threads = 1
    return elements($0)
  },
  Curve("product", powersOfTwo(8, 4096)) { square($0) },
  Curve("product-one", powersOfTwo(8, 4096)) {
    threads = 1
    return square($0)
  },
  // The products of a dense layer of 256 x 256 against the rows of the batch.
  Curve("rows", powersOfTwo(1, 4096)) { rows in
    let (x, weight) = (random([rows, 256]), random([256, 256]))
    return Measurement { compute([matmul(x, weight)]) }
  },
  // Costs that do not depend on the amount of work: each part is done 100 times.
  Curve("fixed", [100]) { count in
    let (x, a) = (random([8, 8]), random([8, 8]))
    let (variable, weight) = (x.tracked(), a.tracked())
    let large = random([1000])
    let parameters = (0..<100).map { _ in Parameter(random([8])) }
    let gradients = Gradients(parameters.map { _ in random([8]) }, of: parameters)
    let optimizer = Adam()
    func repeated(_ body: @escaping () -> Void) -> () -> Void {
      { for _ in 0..<count { body() } }
    }
    var measurement = Measurement(repeated { compute([x + a]) })
    measurement.parts = [
      ("sum of 8 x 8", repeated { compute([x + a]) }),
      ("sum of 8 x 8, recorded", repeated { compute([variable + weight]) }),
      ("product of 8 x 8", repeated { compute([matmul(x, a)]) }),
      ("product of 8 x 8, recorded", repeated { compute([matmul(variable, weight)]) }),
      (
        "product of 8 x 8, recorded, with both gradients",
        repeated {
          compute(
            Adjoint.gradients(
              of: matmul(variable, weight).sum(), withRespectTo: [variable, weight]))
        }
      ),
      ("an expression of 1,000 elements", repeated { compute([large * 1.5 + 0.5]) }),
      ("Adam, for each parameter", { optimizer.update(parameters, gradients) }),
    ]
    return measurement
  },
]

private func elements(_ count: Int) -> Measurement {
  let x = random([count])
  return Measurement { compute([x * 1.5 + 0.5]) }
}

private func square(_ size: Int) -> Measurement {
  let a = random([size, size])
  return Measurement { compute([matmul(a, a)]) }
}
