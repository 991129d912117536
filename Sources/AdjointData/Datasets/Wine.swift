/// 178 wines of three cultivars from one region of Italy: 13 results of chemical analysis.
///
/// By Aeberhard and Forina, from the UCI repository, CC BY 4.0.
public enum Wine {
  /// The embedded table: 178 rows, 13 features, 3 classes.
  ///
  /// Throws ``FormatError`` when the package's own files are not there.
  public static func load() throws -> LabeledTable {
    try .embedded("wine", classNames: ["class_0", "class_1", "class_2"])
  }
}
