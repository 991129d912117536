import Adjoint
import ArgumentParser
import Foundation
import NotebookOptions

/// The command line of the notebook.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mnist",
    abstract: "Trains a multilayer network on the MNIST digits and writes down how.")

  @Option(help: "How many times the network sees the whole training set.")
  var epochs = 20

  @Option(help: "How many images each update of the weights uses.")
  var batchSize = 128

  @Option(help: "The step size of Adam.")
  var learningRate = 0.001

  @Option(help: "The share of hidden units that each training step leaves out, below 1.")
  var dropout = 0.2

  @Option(
    help: ArgumentHelp(
      "A folder with the four MNIST files, plain or gzip. (default: the embedded copy)",
      valueName: "folder"),
    transform: { URL(fileURLWithPath: $0) })
  var data: URL?

  @OptionGroup var notebook: NotebookOptions

  @Option(help: "The training log: 0 for none, 1 for a progress bar, 2 for a line per epoch.")
  var verbose = 2

  @Option(help: "The number of threads. (default: all processors; results do not depend on it)")
  var threads: Int?

  @Option(help: "The test accuracy below which the notebook exits with a failure.")
  var minimumAccuracy = 0.975

  func validate() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw ValidationError(message) }
    }
    try require(epochs >= 1, "--epochs must be at least 1, not \(epochs).")
    try require(batchSize >= 1, "--batch-size must be at least 1, not \(batchSize).")
    try require(
      learningRate > 0 && learningRate.isFinite,
      "--learning-rate must be a positive number, not \(learningRate).")
    try require(dropout >= 0 && dropout < 1, "--dropout must be in 0 ..< 1, not \(dropout).")
    try require((0...2).contains(verbose), "--verbose must be 0, 1 or 2, not \(verbose).")
    try require(
      threads.map { (1...256).contains($0) } ?? true, "--threads must be in 1 ... 256.")
    try require(
      (0...1).contains(minimumAccuracy), "--minimum-accuracy must be in 0 ... 1.")
  }
}
