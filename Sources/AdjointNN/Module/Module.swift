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
    var found: [(name: String, parameter: Parameter)] = []
    var seen: Set<ObjectIdentifier> = []
    func visit(_ module: any Module, _ path: String) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      for (name, member) in members(of: module) {
        switch member {
        case .module(let inner): visit(inner, path + name + ".")
        case .parameter(let parameter):
          if seen.insert(ObjectIdentifier(parameter)).inserted {
            found.append((path + name, parameter))
          }
        }
      }
    }
    visit(self, "")
    return found
  }

  /// All parameters, each once, in the order of `namedParameters`.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// The number of scalars that training changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// Converts every parameter to another floating dtype.
  public func convert(to dtype: DType, file: StaticString = #fileID, line: UInt = #line) {
    if !dtype.isFloatingPoint {
      programmingError(
        "convert", "parameters are floating, they cannot become \(dtype)", file: file, line: line)
    }
    for parameter in parameters {
      parameter.substitute(parameter.value.detached.cast(to: dtype).tracked())
    }
  }
}
