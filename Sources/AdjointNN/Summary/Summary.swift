import Adjoint
import AdjointNotebook

extension Module {
  /// The kind with its settings and, line by line, its parts: `Dense(784 to 256)`.
  ///
  /// What passes through is known only when the model runs: `summary(inputShape:)` shows shapes and
  /// numbers of parameters.
  public var description: String {
    let parts = members(of: self).compactMap { name, member -> String? in
      guard case .module(let part) = member else { return nil }
      let text = "\(part)".split(separator: "\n").joined(separator: "\n  ")
      return "  \(name): \(text)\n"
    }
    let head = details.joined(separator: ", ")
    if parts.isEmpty { return "\(kind)(\(head))" }
    return "\(kind)(\(head)\n\(parts.joined()))"
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
  ///   - dtype: that of the input; by default that of the parameters. Models that begin with an
  ///     `Embedding` take `.int64`.
  public func summary(
    inputShape: Shape, expandsNested: Bool = false, width: Int? = nil, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> String {
    let shapes = ShapeObserver(
      running: self, inputShape: inputShape, dtype: dtype, file: file, line: line)
    return SummaryTable(self, shapes: shapes, expandsNested: expandsNested, width: width).text
  }

  /// A picture of the layers, with their shapes and numbers of parameters.
  ///
  /// It shows the parts of the model that data pass through, in that order, as one chain; a
  /// connection past a part is not seen.
  /// - Parameters:
  ///   - inputShape: the shape of one input, without the batch axis.
  ///   - title: the title; the name of the model's class by default.
  ///   - dtype: that of the input, as in `summary`.
  public func networkDiagram(
    inputShape: Shape, title: String? = nil, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Figure {
    let shapes = ShapeObserver(
      running: self, inputShape: inputShape, dtype: dtype, file: file, line: line)
    let passed = rows(of: self, shapes: shapes, expandsNested: false).filter { $0.turn != nil }
    let layers = passed.sorted { $0.turn ?? 0 < $1.turn ?? 0 }.map {
      NetworkDiagram.Layer(
        name: $0.name, kind: $0.kind, details: $0.details, inputShape: $0.inputShape ?? [],
        outputShape: $0.outputShape ?? [], parameterCount: $0.parameterCount)
    }
    return Figure.network(layers, title: title ?? kind)
  }
}
