import Adjoint

/// A part of a model, or a model: a class that holds parameters and other modules.
///
/// There is nothing to declare. Parameters are found by their type, in the order of the properties:
///
/// ```swift
/// final class Regression: Module {
///   let weight = Parameter(Tensor.zeros([3]))
///   let bias = Parameter(Tensor.zeros([]))
///   func callAsFunction(_ x: Tensor) -> Tensor { matmul(x, weight.value) + bias.value }
/// }
/// ```
///
/// A module that maps one tensor to one tensor is a `Layer`, which can be stacked and trained by
/// `fit`.
public protocol Module: AnyObject, CustomStringConvertible {
  /// Settings worth showing in a picture of the model, such as `rate 0.2`; none by default.
  var details: [String] { get }
}

extension Module {
  /// No settings.
  public var details: [String] { [] }

  /// The name of the class, such as `Dense`.
  var kind: String { String(describing: type(of: self)) }

  /// All parameters with their paths, such as `hidden1.weight`.
  ///
  /// The order is that of the declarations, a superclass first. Properties may be optionals, arrays,
  /// tuples, dictionaries (in the order of their keys), structs and other modules, nested at will.
  /// A parameter that is shared appears once, under its first path. A `lazy` property counts once it
  /// has been used; what only a closure captured cannot be found.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    walk().compactMap { name, member in
      if case .parameter(let parameter) = member { (name, parameter) } else { nil }
    }
  }

  /// All buffers with their paths, such as `norm.running_mean`, found as the parameters are.
  public var namedBuffers: [(name: String, buffer: Buffer)] {
    walk().compactMap { name, member in
      if case .buffer(let buffer) = member { (name, buffer) } else { nil }
    }
  }

  /// All modules inside with their paths, such as `encoder.0`, outer ones first; each once.
  public var namedModules: [(name: String, module: any Module)] {
    walk().compactMap { name, member in
      if case .module(let module) = member { (name, module) } else { nil }
    }
  }

  /// All parameters, each once, in the order of `namedParameters`.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// The number of scalars in all parameters, frozen ones included.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// Converts every parameter and every floating buffer to another floating dtype.
  public func convert(to dtype: DType, file: StaticString = #fileID, line: UInt = #line) {
    if !dtype.isFloatingPoint {
      programmingError(
        "convert", "parameters are floating, they cannot become \(dtype)", file: file, line: line)
    }
    for parameter in parameters { parameter.convert(to: dtype) }
    for (_, buffer) in namedBuffers where buffer.dtype.isFloatingPoint {
      buffer.substitute(buffer.value.cast(to: dtype))
    }
  }

  /// Everything inside, each once under its first path.
  private func walk() -> [(name: String, member: Member)] {
    var found: [(name: String, member: Member)] = []
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    func visit(_ module: any Module, _ path: String) {
      for (name, member) in members(of: module) {
        guard seen.insert(member.identity).inserted else { continue }
        found.append((path + name, member))
        if case .module(let inner) = member { visit(inner, path + name + ".") }
      }
    }
    visit(self, "")
    return found
  }
}
