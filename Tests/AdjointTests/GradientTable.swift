import Adjoint

/// One differentiable function and where to try it.
///
/// Sizes have roles: axes of the same size belong together. Every size is replaced by 1 and by 0 in
/// turn, everywhere it occurs, to try the awkward shapes; `fixedSizes` must stay as they are.
struct GradientRow: Sendable, CustomStringConvertible {
  let name: String
  /// The operations as recorded in the sources that this row is there for.
  let operations: [String]
  let shapes: [Shape]
  var domain = Domain.everywhere
  var fixedSizes: Set<Int> = []
  /// Whether an axis may be empty.
  var allowsEmpty = true
  /// Whether operands of any shapes that broadcast are accepted.
  var broadcasts = false
  /// The tolerance of the comparison near zero.
  var tolerance = 1e-6
  let function: @Sendable ([Tensor]) -> Tensor

  var description: String { name }
}

/// Every differentiable operation, with at least one row.
enum GradientTable {
  static let rows =
    elementwise + powers + pairs + reductions + shaping + indexing + products + rowwise
    + linearAlgebra + tensorProducts
    + network
    + transforms
    + statistics + scans + ordering
    + shapesAndIndices
    + fourier + distributions
    + elementary + further
    + signal

  /// Operations that no public function calls directly, and the rows that reach them.
  static let reachedThrough = [
    "folded": "unfolded"  // the derivative of unfolded, differentiated at order 2
  ]

  /// Public functions of tensors without derivatives, so without a row.
  static let withoutDerivative: Set<String> = [
    "argMax", "argMin", "oneHot", ".==", ".!=", ".<", ".<=", ".>", ".>=", ".&", ".|", ".!",
    "any", "all", "countNonzero", "nonzero", "unique", "histogram", "argSort", "searchSorted",
    ".^", "&", "|", "^", "~", ">>", "isNaN", "isInfinite", "isFinite", "isClose", "allClose",
    "matrixRank",
    "gcd", "lcm", "signBit", "isIn", "unravelled", "uniqueConsecutive",
  ]

  /// A row for a function of one tensor of any shape.
  static func unary(
    _ name: String, _ domain: Domain = .everywhere, _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(name: name, operations: [name], shapes: [[2, 3]], domain: domain) { f($0[0]) }
  }

  private static let elementwise: [GradientRow] = [
    unary("-") { -$0 },
    unary("abs", .offZero) { abs($0) },
    unary("sign", .offZero) { sign($0) },
    unary("square") { square($0) },
    unary("exp") { exp($0) },
    unary("expm1") { expm1($0) },
    unary("exp2") { exp2($0) },
    unary("log", .positive) { log($0) },
    unary("log1p", .uniform(-0.7...2)) { log1p($0) },
    unary("log2", .positive) { log2($0) },
    unary("sqrt", .positive) { sqrt($0) },
    unary("rsqrt", .positive) { rsqrt($0) },
    unary("reciprocal", .offZero) { reciprocal($0) },
    unary("sin") { sin($0) },
    unary("cos") { cos($0) },
    unary("tan", .uniform(-1.2...1.2)) { tan($0) },
    unary("asin", .unit) { asin($0) },
    unary("acos", .unit) { acos($0) },
    unary("atan") { atan($0) },
    unary("sinh") { sinh($0) },
    unary("cosh") { cosh($0) },
    unary("tanh") { tanh($0) },
    unary("sigmoid") { sigmoid($0) },
    unary("softplus") { softplus($0) },
    unary("erf") { erf($0) },
    unary("floor", .betweenHalves) { floor($0) },
    unary("ceil", .betweenHalves) { ceil($0) },
    unary("round", .betweenHalves) { round($0) },
    unary("relu", .offZero) { relu($0) },
    unary("tracked") { square($0.tracked()) },
    GradientRow(
      name: "dropout", operations: ["dropout"], shapes: [[4, 5]],
      function: {
        var generator = Generator(seed: 7)
        return square(dropout($0[0], rate: 0.4, using: &generator))
      }),
    // Rounding to float32 blurs the differences: the tolerance still tells a derivative from none.
    GradientRow(
      name: "cast to float32 and back", operations: ["cast"], shapes: [[2, 3]], tolerance: 0.2,
      function: { square($0[0].cast(to: .float32)).cast(to: .float64) }),
    unary("tanh-GELU, a long expression") { x in
      0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    },
    unary("a number with dimensions added by literals") { 2 - 3 / (4 + $0 * $0) },
  ]

  private static let powers: [GradientRow] = [
    GradientRow(
      name: "pow of positive numbers", operations: ["pow"], shapes: [[2, 3], [2, 3]],
      domain: .first(.positive, others: .everywhere), broadcasts: true,
      function: { pow($0[0], $0[1]) }),
    unary("pow with exponent 3 of either sign", .offZero) { pow($0, 3) },
    unary("pow with exponent 2 of either sign", .offZero) { pow($0, 2) },
    unary("pow with exponent 1") { pow($0, 1) },
    unary("pow with exponent 0", .offZero) { pow($0, 0) + $0 },
    unary("pow with exponent -2 of either sign", .offZero) { pow($0, -2) },
    unary("pow with exponent 0.5", .positive) { pow($0, 0.5) },
    unary("pow of base 2") { pow(2, $0) },
    unary("pow of base 0 with positive exponents", .positive) { pow(0, $0) + $0 },
  ]

  private static func binary(
    _ name: String, _ domain: Domain = .everywhere,
    _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [name], shapes: [[2, 3], [2, 3]], domain: domain, broadcasts: true,
      function: { f($0[0], $0[1]) })
  }

  private static let pairs: [GradientRow] = [
    binary("+") { $0 + $1 },
    binary("-") { $0 - $1 },
    binary("*") { $0 * $1 },
    binary("/", .offZero) { $0 / $1 },
    binary("maximum", .distinct) { maximum($0, $1) },
    binary("minimum", .distinct) { minimum($0, $1) },
    binary("where") { a, b in
      var generator = Generator(seed: 5)
      let shape = (a.detached + b.detached).shape
      return `where`(Tensor.bernoulli(shape, probability: 0.5, using: &generator), a, b * b)
    },
    GradientRow(
      name: "where with a broadcast condition", operations: ["where"], shapes: [[2, 3], [2, 3]],
      fixedSizes: [2],
      function: { x in `where`(Tensor([[true], [false]]), x[0] * x[1], sin(x[1])) }),
    binary("compound assignment", .offZero) { a, b in
      var x = a
      x += b
      x *= a
      x -= sin(b)
      x /= b
      return x
    },
  ]
}
