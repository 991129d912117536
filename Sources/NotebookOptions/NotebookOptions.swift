import ArgumentParser
import Foundation

/// What the command line of every notebook takes.
///
/// ```swift
/// struct Options: ParsableCommand {
///   static let configuration = CommandConfiguration(commandName: "spiral", abstract: "...")
///   @OptionGroup var notebook: NotebookOptions
/// }
/// let options = Options.parseOrExit()
/// let output = options.notebook.output(of: "spiral")
/// ```
public struct NotebookOptions: ParsableArguments {
  /// The seed.
  @Option(help: "The seed of everything random: the same seed gives the same numbers.")
  public var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Where the page, the notebook and the pictures go. (default: NAME-output)",
      valueName: "folder"),
    transform: { URL(fileURLWithPath: $0) })
  private var output: URL?

  /// Options to be parsed.
  public init() {}

  /// The folder that was asked for, or one named for the notebook in the current folder.
  public func output(of name: String) -> URL {
    output ?? URL(fileURLWithPath: "\(name)-output")
  }
}

/// The result of `work`, or one clear line on the terminal and a failing exit.
public func orExit<Result>(_ work: @autoclosure () throws -> Result) -> Result {
  do { return try work() } catch { NotebookOptions.exit(withError: error) }
}
