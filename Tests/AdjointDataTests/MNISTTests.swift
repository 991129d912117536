import Adjoint
import AdjointData
import Foundation
import Testing

@Suite("MNIST")
struct MNISTTests {
  @Test("The embedded database is complete")
  func embedded() throws {
    let mnist = try MNIST.load()
    #expect(mnist.trainImages.shape == [60000, 28, 28])
    #expect(mnist.trainLabels.shape == [60000])
    #expect(mnist.testImages.shape == [10000, 28, 28])
    #expect(mnist.testLabels.shape == [10000])
    #expect(mnist.trainImages.dtype == .uint8 && mnist.testLabels.dtype == .uint8)
    #expect(mnist.trainLabels.bytes().prefix(8) == [5, 0, 4, 1, 9, 2, 1, 3])
    var counts = Array(repeating: 0, count: 10)
    for label in mnist.trainLabels.bytes() { counts[Int(label)] += 1 }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(mnist.testImages.bytes().reduce(0) { $0 + Int($1) } == 264_923_200)
  }

  @Test("A folder may hold plain and gzip files under either spelling of their names")
  func folder() throws {
    try withFolder { folder in
      let mnist = try MNIST.load(directory: folder)
      #expect(mnist.trainImages.shape == [3, 28, 28])
      #expect(mnist.testImages.shape == [2, 28, 28])
      #expect(mnist.trainLabels.bytes() == [0, 9, 5])
      #expect(mnist.testLabels.bytes() == [1, 2])
    }
  }

  @Test("A missing file is named, with the names and the place that were tried")
  func missing() throws {
    try withFolder(changing: ["t10k-labels.idx1-ubyte": nil]) { folder in
      let error = try formatError { _ = try MNIST.load(directory: folder) }
      #expect(error?.kind == .missing)
      #expect(error?.file == folder.path(percentEncoded: false))
      #expect(error?.field == "t10k-labels")
      #expect(
        error?.message == "none of t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz,"
          + " t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz is there")
      let nowhere = folder.appending(path: "nowhere")
      let other = try formatError { _ = try MNIST.load(directory: nowhere) }
      #expect(
        other?.description.hasSuffix("nowhere: train-images: there is no such folder") == true)
    }
  }

  @Test(
    "Files that do not belong together are refused",
    arguments: [
      ("train-labels-idx1-ubyte", idx(8, [2], [0, 1]), "2 labels for 3 images in "),
      ("train-labels-idx1-ubyte", idx(8, [3], [0, 10, 1]), "found 10"),
      ("train-labels-idx1-ubyte", idx(8, [3, 1], [0, 1, 1]), "found uint8 [3, 1]"),
      ("train-labels-idx1-ubyte", idx(9, [3], [0, 1, 1]), "found int32 [3]"),
      ("train-images-idx3-ubyte", idx(8, [3, 2, 2], Array(repeating: 0, count: 12)), "[3, 2, 2]"),
      ("train-images-idx3-ubyte", idx(8, [0, 28, 28], []), "n > 0 expected"),
    ])
  func mismatches(name: String, contents: [UInt8], message: String) throws {
    try withFolder(changing: [name: contents]) { folder in
      let error = try formatError { _ = try MNIST.load(directory: folder) }
      #expect(error?.kind == .mismatched)
      #expect(error?.file.hasSuffix(name) == true)
      #expect(error?.message.contains(message) == true)
    }
  }

  /// A folder with a tiny database: three training and two test images.
  private func withFolder(
    changing changes: [String: [UInt8]?] = [:], _ body: (URL) throws -> Void
  ) throws {
    let pixels = Array(repeating: UInt8(7), count: 28 * 28)
    var files: [String: [UInt8]?] = [
      "train-images-idx3-ubyte": idx(8, [3, 28, 28], pixels + pixels + pixels),
      "train-labels-idx1-ubyte": idx(8, [3], [0, 9, 5]),
      // Contents decide, not names: these are not compressed.
      "t10k-images-idx3-ubyte.gz": idx(8, [2, 28, 28], pixels + pixels),
      "t10k-labels.idx1-ubyte": idx(8, [2], [1, 2]),
    ]
    files.merge(changes) { $1 }
    try withTemporaryFolder { folder in
      for case (let name, let contents?) in files {
        try Data(contents).write(to: folder.appending(path: name))
      }
      try body(folder)
    }
  }
}
