/// Simple formulas as styled text: Greek letters, signs, superscripts and subscripts.
enum MathText {
  private static let signs = [
    "times": "×", "cdot": "·", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "propto": "∝", "infty": "∞", "in": "∈",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦", "sum": "∑", "prod": "∏",
    "int": "∫", "partial": "∂", "nabla": "∇", "sqrt": "√", "odot": "⊙", "otimes": "⊗",
    "ldots": "…", "dots": "…", "cdots": "⋯", "top": "⊤", "mid": "|", "mathbb": "",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "quad": " ", "left": "", "right": "", "mathbf": "",
    "displaystyle": "",
  ]

  static func html(_ formula: Substring) -> String {
    var rest = formula
    return sequence(&rest, depth: 0)
  }

  private static func sequence(_ rest: inout Substring, depth: Int) -> String {
    var result = ""
    while let character = rest.first, character != "}" || depth == 0 {
      result += atom(&rest, depth: depth)
    }
    return result
  }

  private static func atom(_ rest: inout Substring, depth: Int) -> String {
    guard let character = rest.popFirst() else { return "" }
    switch character {
    case "^", "_":
      let tag = character == "^" ? "sup" : "sub"
      return depth < 12 ? "<\(tag)>\(atom(&rest, depth: depth + 1))</\(tag)>" : ""
    case "{":
      guard depth < 12 else { return "" }
      let body = sequence(&rest, depth: depth + 1)
      rest = rest.dropFirst()
      return body
    case "\\":
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      if name.isEmpty {
        let sign = rest.popFirst()
        return sign.map { ",;: !".contains($0) ? " " : String($0).xmlEscaped } ?? ""
      }
      rest = rest.dropFirst(name.count)
      if ["mathrm", "text", "operatorname"].contains(name) {
        return "<span class=\"upright\">\(atom(&rest, depth: depth + 1))</span>"
      }
      if name == "frac" {
        let over = atom(&rest, depth: depth + 1)
        return "\(over)/\(atom(&rest, depth: depth + 1))"
      }
      // The names of functions, such as exp, stand upright.
      return signs[String(name)] ?? "<span class=\"upright\">\(name)</span>"
    case "-": return "−"
    default:
      return character.isNumber
        ? "<span class=\"upright\">\(character)</span>" : String(character).xmlEscaped
    }
  }
}
