import Adjoint

/// What a module holds directly.
enum Member {
  case parameter(Parameter)
  case buffer(Buffer)
  case module(any Module)

  var identity: ObjectIdentifier {
    switch self {
    case .parameter(let parameter): ObjectIdentifier(parameter)
    case .buffer(let buffer): ObjectIdentifier(buffer)
    case .module(let module): ObjectIdentifier(module)
    }
  }
}

/// The parameters, buffers and modules that a module holds itself, with their names, in declaration order.
///
/// This is the only use of reflection. It takes about a microsecond per property, so training walks
/// once and not every step.
func members(of module: any Module) -> [(name: String, member: Member)] {
  var found: [(name: String, member: Member)] = []

  func visit(_ value: Any, _ name: String) {
    switch value {
    case let parameter as Parameter: found.append((name, .parameter(parameter)))
    case let buffer as Buffer: found.append((name, .buffer(buffer)))
    case let module as any Module: found.append((name, .module(module)))
    case is Tensor: break
    case let collection as any Plain where collection.holdsPlainValues: break
    default:
      let mirror = Mirror(reflecting: value)
      switch mirror.displayStyle {
      case .optional: for child in mirror.children { visit(child.value, name) }
      case .collection, .tuple, .struct, .enum: visitChildren(mirror, of: name)
      case .dictionary: visitEntries(mirror, of: name)
      default: break  // Other classes are not part of the model; numbers and text hold nothing.
      }
    }
  }

  func visitChildren(_ mirror: Mirror, of parent: String?) {
    for (index, child) in mirror.children.enumerated() {
      // Tuples label their elements .0, .1, ...; arrays do not label them at all.
      let label = (child.label ?? String(index)).drop { $0 == "." }
      visitProperty(child.value, String(label), of: parent)
    }
  }

  func visitProperty(_ value: Any, _ label: String, of parent: String?) {
    let path = parent.map { $0 + "." } ?? ""
    let lazyStorage = "$__lazy_storage_$_"
    if label.hasPrefix(lazyStorage) {
      return visit(value, path + label.dropFirst(lazyStorage.count))
    }
    // The storage of a property wrapper: a struct called _name, which stands for what it wraps.
    if label.hasPrefix("_"), !(value is Tensor) {
      let mirror = Mirror(reflecting: value)
      if mirror.displayStyle == .struct, mirror.children.count == 1,
        let content = mirror.children.first
      {
        return visit(content.value, path + label.dropFirst())
      }
    }
    visit(value, path + label)
  }

  func visitEntries(_ mirror: Mirror, of parent: String) {
    let entries = mirror.children.map { Array(Mirror(reflecting: $0.value).children) }
      .map { (key: "\($0[0].value)", value: $0[1].value) }
    for entry in entries.sorted(by: { $0.key < $1.key }) {
      visit(entry.value, "\(parent).\(entry.key)")
    }
  }

  var mirrors = [Mirror(reflecting: module)]
  while let parent = mirrors[mirrors.count - 1].superclassMirror { mirrors.append(parent) }
  for mirror in mirrors.reversed() { visitChildren(mirror, of: nil) }
  return found
}

/// Collections that may be long, such as a vocabulary, and hold no parameter if their elements do not.
private protocol Plain {
  static var holdsPlainValues: Bool { get }
}

extension Plain {
  var holdsPlainValues: Bool { Self.holdsPlainValues }

  fileprivate static func isPlain(_ type: Any.Type) -> Bool {
    type is any TensorScalar.Type || type is any StringProtocol.Type || type is Character.Type
      || type is any BinaryInteger.Type || (type as? any Plain.Type)?.holdsPlainValues == true
  }
}

extension Array: Plain {
  static var holdsPlainValues: Bool { isPlain(Element.self) }
}
extension Set: Plain {
  static var holdsPlainValues: Bool { isPlain(Element.self) }
}
extension Dictionary: Plain {
  static var holdsPlainValues: Bool { isPlain(Value.self) }
}
