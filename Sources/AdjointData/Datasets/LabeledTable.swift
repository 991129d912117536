import Adjoint
import Foundation

/// A small table of measurements with the class of each row.
///
/// ```swift
/// let iris = try Iris.load()
/// let (training, validation) = TensorDataset(iris.features, iris.labels)
///   .split(validationFraction: 0.2, stratifiedBy: iris.labels)
/// ```
public struct LabeledTable: Sendable {
  /// The measurements: float32 [rows, features].
  public let features: Tensor
  /// The classes: int64 [rows].
  public let labels: Tensor
  /// The names of the columns.
  public let featureNames: [String]
  /// What the labels mean.
  public let classNames: [String]

  /// One of the package's own files: a line of names, then numbers and a class in each line.
  static func embedded(_ name: String, classNames: [String]) throws -> LabeledTable {
    let url = try EmbeddedFiles.folder(name).appending(path: "\(name).csv")
    let lines = try Corpus.text(url).split(separator: "\n").map { $0.split(separator: ",") }
    guard let names = lines.first?.dropLast().map(String.init) else {
      throw FormatError(
        .truncated, file: url.path(percentEncoded: false), field: "line 1", "the names are missing")
    }
    var values: [Float] = []
    var labels: [Int] = []
    for (number, cells) in lines.enumerated().dropFirst() {
      let numbers = cells.dropLast().compactMap { Float($0) }
      let label = cells.last.flatMap { classNames.firstIndex(of: String($0)) }
      guard numbers.count == names.count, let label else {
        throw FormatError(
          .malformed, file: url.path(percentEncoded: false), field: "line \(number + 1)",
          "\(names.count) numbers and one of \(classNames) expected")
      }
      values += numbers
      labels.append(label)
    }
    return LabeledTable(
      features: Tensor(values, shape: [labels.count, names.count]), labels: Tensor(labels),
      featureNames: names, classNames: classNames)
  }
}
