/// Anderson's and Fisher's 150 irises of three species: length and width of sepals and petals, in cm.
///
/// From the UCI repository, CC BY 4.0, with the two corrected rows that scikit-learn has.
public enum Iris {
  /// The embedded table: 150 rows, 4 features, 3 classes.
  ///
  /// Throws ``FormatError`` when the package's own files are not there.
  public static func load() throws -> LabeledTable {
    try .embedded("iris", classNames: ["setosa", "versicolor", "virginica"])
  }
}
