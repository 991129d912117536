import Adjoint
import Foundation

/// A small table of measurements with the class of each row.
///
/// ```swift
/// let iris = try Table.iris()
/// let (training, validation) = TensorDataset(iris.features, iris.labels)
///   .split(validationFraction: 0.2, stratifiedBy: iris.labels)
/// ```
public struct Table: Sendable {
  /// The measurements: float32 [rows, features].
  public let features: Tensor
  /// The classes: int64 [rows].
  public let labels: Tensor
  /// The names of the columns.
  public let featureNames: [String]
  /// What the labels mean.
  public let classNames: [String]

  /// Anderson's and Fisher's 150 irises of three species: length and width of sepals and petals, in cm.
  ///
  /// From the UCI repository, CC BY 4.0, with the two corrected rows that scikit-learn has.
  ///
  /// Throws ``FormatError`` when the package's own files are not there.
  public static func iris() throws -> Table {
    try embedded("iris", classNames: ["setosa", "versicolor", "virginica"])
  }

  /// 178 wines of three cultivars from one region of Italy: 13 results of chemical analysis.
  ///
  /// By Aeberhard and Forina, from the UCI repository, CC BY 4.0.
  ///
  /// Throws ``FormatError`` when the package's own files are not there.
  public static func wine() throws -> Table {
    try embedded("wine", classNames: ["class_0", "class_1", "class_2"])
  }

  private static func embedded(_ name: String, classNames: [String]) throws -> Table {
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
    return Table(
      features: Tensor(values, shape: [labels.count, names.count]), labels: Tensor(labels),
      featureNames: names, classNames: classNames)
  }
}
