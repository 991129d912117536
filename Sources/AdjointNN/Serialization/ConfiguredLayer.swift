import Adjoint

/// A layer that is described by a few settings, apart from its weights.
///
/// Its settings are checked in one place, `problem`, whether they were written by a programmer,
/// whose program stops, or read from a file, which is refused. The protocol is not public, so layers
/// name `SavableLayer` too: else their documentation would not say that they are layers.
protocol ConfiguredLayer: SavableLayer {
  /// What a file holds of the layer.
  associatedtype Settings: Codable
  var settings: Settings { get }

  /// Why there is no layer of these settings; nil if there is one.
  static func problem(with settings: Settings) -> String?

  /// A layer of checked settings whose weights are constants: they take no memory, so that the
  /// sizes a file claims cost nothing until weights fit them.
  init(decoded settings: Settings)
}

extension ConfiguredLayer {
  /// The settings, if there is such a layer; else the program stops.
  static func checked(
    _ settings: Settings, _ file: StaticString, _ line: UInt
  ) -> Settings {
    if let problem = problem(with: settings) {
      programmingError(String(describing: Self.self), problem, file: file, line: line)
    }
    return settings
  }

  /// Writes the settings, not the weights.
  public func encode(to encoder: any Encoder) throws { try settings.encode(to: encoder) }

  /// A layer of the settings that were written, with constants for weights.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings(from: decoder)
    if let problem = Self.problem(with: settings) {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem))
    }
    self.init(decoded: settings)
  }
}

/// The first of several problems.
func firstProblem(_ problems: String?...) -> String? { problems.compactMap { $0 }.first }

/// A message unless a condition holds.
func unless(_ condition: Bool, _ message: @autoclosure () -> String) -> String? {
  condition ? nil : message()
}
