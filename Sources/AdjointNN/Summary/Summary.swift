import Adjoint
import AdjointNotebook

extension Module {
  /// A table of the parts as `summary` gives it, or a line for a module without parts.
  public var description: String {
    let hasParts = members(of: self).contains {
      if case .module = $0.member { true } else { false }
    }
    if !hasParts { return "\(kind)(\(details.joined(separator: ", ")))" }
    let shapes = certainFeatures(of: self).flatMap { features in
      (self as? any Layer).map {
        ShapeObserver(running: $0, inputShape: [features], file: #fileID, line: #line)
      }
    }
    return SummaryTable(self, shapes: shapes, expandsNested: false, width: nil).text
  }
}

extension Layer {
  /// A table of the layers, their output shapes and numbers of parameters, as Keras prints it.
  ///
  /// Layers are called by their paths, the first part of the names of their parameters. Shapes are
  /// those of a batch of zeros that is sent through the model; `None` stands for the batch.
  /// - Parameters:
  ///   - inputShape: the shape of one input, without the batch axis.
  ///   - expandsNested: whether the parts of parts have lines of their own.
  ///   - width: the columns the table takes; as many as the terminal allows by default.
  public func summary(
    inputShape: Shape, expandsNested: Bool = false, width: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> String {
    let shapes = ShapeObserver(running: self, inputShape: inputShape, file: file, line: line)
    return SummaryTable(self, shapes: shapes, expandsNested: expandsNested, width: width).text
  }

  /// A picture of the layers, with their shapes and numbers of parameters.
  ///
  /// It shows the parts of the model that data pass through, in that order, as one chain; a
  /// connection past a part is not seen.
  /// - Parameters:
  ///   - inputShape: the shape of one input, without the batch axis.
  ///   - title: the title; the name of the model's class by default.
  public func networkDiagram(
    inputShape: Shape, title: String? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Figure {
    let shapes = ShapeObserver(running: self, inputShape: inputShape, file: file, line: line)
    let passed = rows(of: self, shapes: shapes, expandsNested: false).filter { $0.turn != nil }
    let layers = passed.sorted { $0.turn ?? 0 < $1.turn ?? 0 }.map {
      NetworkDiagram.Layer(
        name: $0.name, kind: $0.kind, details: $0.details, inputShape: $0.inputShape ?? [],
        outputShape: $0.outputShape ?? [], parameterCount: $0.parameterCount)
    }
    return Figure.network(layers, title: title ?? kind)
  }
}
