import Adjoint

// Ties, NaN and empty groups of the network primitives.

extension Convention {
  private static func signal(_ x: Tensor) -> Tensor { x.reshaped([1, 1, x.elementCount]) }

  static let network = [
    Convention("`maxPooling` of 1, 3, 3", at: [1, 3, 3], gives: [3], derivative: [0, 1, 0]) {
      maxPooling(signal($0), size: 3)
    },
    Convention(
      "`maxPooling` of NaN, 1, NaN", at: [.nan, 1, .nan], gives: [.nan], derivative: [0, 0, 1]
    ) {
      maxPooling(signal($0), size: 3)
    },
    Convention(
      "`maxPooling` of -inf, -inf", at: [-.infinity, -.infinity], gives: [-.infinity],
      derivative: [1, 0]
    ) {
      maxPooling(signal($0), size: 2)
    },
    Convention("`lpPooling` of 0, 0", at: [0, 0], gives: [0], derivative: [0, 0]) {
      lpPooling(signal($0), exponent: 2, size: 2)
    },
    Convention(
      "`averagePooling` of 3, 6 in windows of 2 with padding 1", at: [3, 6], gives: [1.5, 3],
      derivative: [0.5, 0.5]
    ) {
      averagePooling(signal($0), size: 2, padding: 1)
    },
    Convention("`layerNorm` of 2, 2", at: [2, 2], gives: [0, 0], derivative: [0, 0]) {
      layerNorm($0)
    },
    Convention("`batchNorm` of one element in a channel", at: [3], gives: [0], derivative: [0]) {
      batchNorm($0.reshaped([1, 1])).result
    },
    Convention(
      "`scaledDotProductAttention` of a query without keys", at: [1, 2], gives: [0, 0],
      derivative: [0, 0]
    ) { x in
      let row = x.reshaped([1, 2])
      let nothing = Tensor([[0]] as [[Int]]).cast(to: .bool)
      return scaledDotProductAttention(query: row, key: row, value: row, mask: .allowed(nothing))
    },
  ]
}
