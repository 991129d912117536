import Adjoint

// Conventions of elementary and special functions, division with a rest, bounds and activations.

extension Convention {
  static let elementary = division + bounds + poles + origins + corners + bits

  private static let inf = Double.infinity
  private static let nan = Double.nan

  private static let division = [
    Convention(
      "`remainder(x, 3)` at 5, -5, 0", at: [5, -5, 0], gives: [2, 1, 0], derivative: [1, 1, 1]
    ) {
      remainder($0, 3)
    },
    Convention("`remainder(x, -3)` at 5, -5", at: [5, -5], gives: [-1, -2], derivative: [1, 1]) {
      remainder($0, -3)
    },
    Convention(
      "`remainder(5, y)` at 3, -3, 0", at: [3, -3, 0], gives: [2, -1, nan],
      derivative: [-1, 2, -inf]
    ) {
      remainder(5, $0)
    },
    Convention("`remainder(x, inf)` at 1, -1", at: [1, -1], gives: [1, inf], derivative: [1, 1]) {
      remainder($0, Tensor(inf, dtype: .float64))
    },
    Convention("`fmod(x, 3)` at 5, -5", at: [5, -5], gives: [2, -2], derivative: [1, 1]) {
      fmod($0, 3)
    },
    Convention("`fmod(-5, y)` at 3", at: [3], gives: [-2], derivative: [1]) { fmod(-5, $0) },
    Convention("`floorDivide(x, 2)` at 5, -5", at: [5, -5], gives: [2, -3], derivative: [0, 0]) {
      floorDivide($0, 2)
    },
    Convention("`floorDivide(x, 0)` at 1, 0", at: [1, 0], gives: [inf, nan], derivative: [0, 0]) {
      floorDivide($0, 0)
    },
    Convention(
      "`trunc`, `frac` of -1.5", at: [-1.5, -1.5], gives: [-1, -0.5], derivative: [0, 1]
    ) {
      concatenated([trunc($0[..<1]), frac($0[1...])])
    },
    Convention(
      "`int32` 7 divided by 0: `floorDivide`, `remainder`, `fmod`", at: [7, 0], gives: [0, 0, 0]
    ) {
      let x = $0.cast(to: .int32)
      return stacked([floorDivide(x[0], x[1]), remainder(x[0], x[1]), fmod(x[0], x[1])])
    },
    Convention(
      "`int32` -2^31 divided by -1: `floorDivide`, `remainder`", at: [-2_147_483_648, -1],
      gives: [-2_147_483_648, 0]
    ) {
      let x = $0.cast(to: .int32)
      return stacked([floorDivide(x[0], x[1]), remainder(x[0], x[1])])
    },
  ]

  private static let bounds = [
    Convention(
      "`clamp(x, min: 0, max: 1)` at 0, 1, NaN", at: [0, 1, nan], gives: [0, 1, nan],
      derivative: [0, 0, 1]
    ) {
      clamp($0, min: 0, max: 1)
    },
    Convention("`clamp(x, min: 2, max: 1)` at 0", at: [0], gives: [1], derivative: [0]) {
      clamp($0, min: 2, max: 1)
    },
    Convention("`clamp(x, min: y)` at 1, 1", at: [1, 1], gives: [1], derivative: [0.5, 0.5]) {
      clamp($0[0], min: $0[1])
    },
    Convention("`nanToNum` of NaN", at: [nan], gives: [0], derivative: [0]) { nanToNum($0) },
    Convention("`isClose` of inf and inf, NaN and NaN", at: [inf, nan], gives: [1, 0]) {
      isClose($0, $0)
    },
  ]

  private static let poles = [
    Convention("`cbrt` at 0", at: [0], gives: [0], derivative: [inf]) { cbrt($0) },
    Convention("`acosh` at 1, 0.5", at: [1, 0.5], gives: [0, nan], derivative: [inf, nan]) {
      acosh($0)
    },
    Convention("`atanh` at 1, -1", at: [1, -1], gives: [inf, -inf], derivative: [inf, inf]) {
      atanh($0)
    },
    Convention(
      "`erfinv` at 1, -1, 2", at: [1, -1, 2], gives: [inf, -inf, nan], derivative: [inf, inf, nan]
    ) {
      erfinv($0)
    },
    Convention(
      "`logit` at 0, 1, 2", at: [0, 1, 2], gives: [-inf, inf, nan], derivative: [inf, inf, -0.5]
    ) {
      logit($0)
    },
    Convention("`lgamma` at 0, -1", at: [0, -1], gives: [inf, inf], derivative: [-inf, nan]) {
      lgamma($0)
    },
    Convention("`digamma` at 0, -1", at: [0, -1], gives: [-inf, nan], derivative: [inf, inf]) {
      digamma($0)
    },
    Convention(
      "`polygamma(2, x)` at 0, inf", at: [0, inf], gives: [-inf, 0], derivative: [inf, 0]
    ) {
      polygamma(2, $0)
    },
    Convention("`logAddExp` of inf, inf", at: [inf, inf], gives: [inf], derivative: [nan, nan]) {
      logAddExp($0[0], $0[1])
    },
  ]

  private static let origins = [
    Convention("`atan2` at 0, 0", at: [0, 0], gives: [0], derivative: [0, 0]) {
      atan2($0[0], $0[1])
    },
    Convention("`hypot` at 0, 0", at: [0, 0], gives: [0], derivative: [0, 0]) {
      hypot($0[0], $0[1])
    },
    Convention("`hypot` of inf, NaN", at: [inf, nan], gives: [inf]) { hypot($0[0], $0[1]) },
    Convention("`xlogy(x, y)` at 0, 0", at: [0, 0], gives: [0], derivative: [0, 0]) {
      xlogy($0[0], $0[1])
    },
    Convention("`xlogy(x, 1)`, `xlogy(x, NaN)` at 0", at: [0], gives: [0, nan], derivative: [nan]) {
      stacked([xlogy($0[0], 1), xlogy($0[0], Tensor(nan, dtype: .float64))])
    },
    Convention("`sinc` at 0", at: [0], gives: [1], derivative: [0]) { sinc($0) },
    Convention("`copysign(x, -1)` at 0, 2", at: [0, 2], gives: [0, -2], derivative: [0, -1]) {
      copysign($0, -1)
    },
  ]

  private static let corners = [
    Convention("`leakyReLU` at 0", at: [0], gives: [0], derivative: [0.01]) { leakyReLU($0) },
    Convention("`elu` at 0", at: [0], gives: [0], derivative: [1]) { elu($0) },
    Convention("`elu` at 1000", at: [1000], gives: [1000], derivative: [1]) { elu($0) },
    Convention("`relu6` at 0, 6", at: [0, 6], gives: [0, 6], derivative: [0, 0]) { relu6($0) },
    Convention("`hardswish` at -3, 3", at: [-3, 3], gives: [0, 3], derivative: [0, 1]) {
      hardswish($0)
    },
    Convention(
      "`softshrink` at 0.5, 1, NaN", at: [0.5, 1, nan], gives: [0, 0.5, nan], derivative: [0, 1, 1]
    ) {
      softshrink($0)
    },
    Convention("`hardshrink` at 0.5, 1", at: [0.5, 1], gives: [0, 1], derivative: [0, 1]) {
      hardshrink($0)
    },
    Convention(
      "`threshold(x, above: 1, otherwise: 5)` at 1, NaN", at: [1, nan], gives: [5, nan],
      derivative: [0, 1]
    ) {
      threshold($0, above: 1, otherwise: 5)
    },
    Convention("`softsign` at 0", at: [0], gives: [0], derivative: [1]) { softsign($0) },
    Convention(
      "`silu`, `gelu`, `mish` at -inf", at: [-inf, -inf, -inf], gives: [nan, nan, nan],
      derivative: [nan, nan, nan]
    ) {
      concatenated([silu($0[..<1]), gelu($0[1..<2]), mish($0[2...])])
    },
  ]

  private static let bits = [
    Convention("`int32` 1 << 32, -8 >> 32, 1 << -1", at: [1, -8, 32, -1], gives: [0, -1, 0]) {
      let x = $0.cast(to: .int32)
      return stacked([x[0] << x[2], x[1] >> x[2], x[0] << x[3]])
    },
    Convention("`pow` of `int32` 2, -1, 0 to -1", at: [2, -1, 0], gives: [0, -1, 0]) {
      pow($0.cast(to: .int32), -1)
    },
    Convention(
      "`pow` of `int32` 2, 3 to 31, 21", at: [2, 3, 31, 21], gives: [-2_147_483_648, 1_870_418_611]
    ) {
      let x = $0.cast(to: .int32)
      return pow(x[..<2], x[2...])
    },
  ]
}
