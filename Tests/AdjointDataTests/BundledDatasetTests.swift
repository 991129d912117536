import Adjoint
import AdjointData
import Foundation
import Testing

struct BundledDatasetTests {
  @Test func `Iris and wine are those of scikit-learn`() throws {
    for (name, table) in [("iris", try Iris.load()), ("wine", try Wine.load())] {
      #expect(table.features.dtype == .float32 && table.labels.dtype == .int64)
      let expected = try reference("\(name).x")
      #expect(table.features.shape == expected.shape)
      #expect(table.features.bytes() == expected.bytes())
      #expect(table.labels.bytes() == (try reference("\(name).y")).bytes())
      #expect(table.classNames.count == 3 && table.featureNames.count == expected.shape[1])
    }
    #expect(try Iris.load().features.shape == [150, 4])
    #expect(try Iris.load().featureNames[2] == "petal length")
    #expect(try Iris.load().classNames == ["setosa", "versicolor", "virginica"])
    #expect(try Wine.load().featureNames.last == "proline")
  }

  @Test func `Fashion-MNIST reads a folder of four files`() throws {
    try withTemporaryFolder { folder in
      let pixels = Array(repeating: UInt8(7), count: 2 * 28 * 28)
      let files = [
        "train-images-idx3-ubyte": idx(8, [2, 28, 28], pixels),
        "train-labels-idx1-ubyte": idx(8, [2], [9, 0]),
        "t10k-images-idx3-ubyte": idx(8, [2, 28, 28], pixels),
        "t10k-labels-idx1-ubyte": idx(8, [2], [1, 2]),
      ]
      for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
      let data = try FashionMNIST.load(directory: folder)
      #expect(data.trainImages.shape == [2, 28, 28] && data.testLabels.bytes() == [1, 2])
      #expect(data.trainLabels.bytes().map { FashionMNIST.classNames[Int($0)] }[0] == "Ankle boot")
      let labels = folder.appending(path: "t10k-labels-idx1-ubyte")
      try Data(idx(8, [2], [1, 10])).write(to: labels)
      let error = try formatError { _ = try FashionMNIST.load(directory: folder) }
      #expect(error?.kind == .mismatched && error?.field == "label 1")
    }
    #expect(FashionMNIST.classNames.count == 10)
  }

  @Test func `A missing Debian package is an error that says what to do`() throws {
    let error = try formatError { _ = try FashionMNIST.load() }
    // Nil where the package is installed.
    #expect(error?.message.contains("install Debian's package dataset-fashion-mnist") != false)
  }

  /// Records whose pixels tell record, channel and place apart.
  private func records(_ labels: [[UInt8]], from first: Int = 0) -> Data {
    var bytes: [UInt8] = []
    for (number, labels) in labels.enumerated() {
      let start: Int = (first + number) * 50
      let pixels: [UInt8] = (0..<3072).map { UInt8(truncatingIfNeeded: start + $0 / 16) }
      bytes += labels + pixels
    }
    return Data(bytes)
  }

  @Test func `CIFAR-10 batches become planes of red, green and blue`() throws {
    try withTemporaryFolder { folder in
      for batch in 1...5 {
        try records([[UInt8(batch)], [9]], from: 2 * batch).write(
          to: folder.appending(path: "data_batch_\(batch).bin"))
      }
      try records([[3]]).write(to: folder.appending(path: "test_batch.bin"))
      let data = try CIFAR10.load(directory: folder)
      #expect(data.trainImages.shape == [10, 3, 32, 32] && data.trainImages.dtype == .uint8)
      #expect(data.trainLabels.bytes() == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
      #expect(data.testImages.shape == [1, 3, 32, 32] && data.testLabels.bytes() == [3])
      // Record 3 of all, green, row 2, column 17: byte 1024 + 2 * 32 + 17 of its pixels.
      let pixel = data.trainImages[3, 1, 2, 17].scalar
      #expect(pixel == Double((5 * 50 + 1105 / 16) % 256))
      #expect(CIFAR10.classNames.count == 10 && CIFAR10.classNames[3] == "cat")
      try FileManager.default.removeItem(at: folder.appending(path: "data_batch_4.bin"))
      let error = try formatError { _ = try CIFAR10.load(directory: folder) }
      #expect(error?.kind == .missing && error?.file.hasSuffix("data_batch_4.bin") == true)
    }
  }

  @Test func `CIFAR-100 has two labels for each image, and names in files`() throws {
    try withTemporaryFolder { folder in
      try records([[19, 99], [0, 1]]).write(to: folder.appending(path: "train.bin"))
      try records([[4, 5]]).write(to: folder.appending(path: "test.bin"))
      let fine = (0..<100).map { "fine \($0)" }.joined(separator: "\n") + "\n"
      let coarse = (0..<20).map { "coarse \($0)" }.joined(separator: "\n")
      try Data(fine.utf8).write(to: folder.appending(path: "fine_label_names.txt"))
      try Data(coarse.utf8).write(to: folder.appending(path: "coarse_label_names.txt"))
      let data = try CIFAR100.load(directory: folder)
      #expect(data.trainLabels.bytes() == [99, 1] && data.trainCoarseLabels.bytes() == [19, 0])
      #expect(data.testLabels.bytes() == [5] && data.testCoarseLabels.bytes() == [4])
      #expect(data.trainImages.shape == [2, 3, 32, 32])
      #expect(data.trainImages[0, 0, 0, 0].scalar == 0)
      #expect(data.classNames[99] == "fine 99" && data.coarseClassNames.count == 20)
      try Data("one\n".utf8).write(to: folder.appending(path: "coarse_label_names.txt"))
      let error = try formatError { _ = try CIFAR100.load(directory: folder) }
      #expect(error?.message == "20 lines expected, found 1")
    }
  }

  @Test func `Unsound CIFAR files are refused with the record`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "batch.bin")
      for length in [0, 1, 3072, 3074, 2 * 3073 - 1] {
        try Data(repeating: 0, count: length).write(to: url)
        #expect(failure { _ = try CIFAR10.read(url) }?.kind == .truncated)
      }
      try records([[9], [10]]).write(to: url)
      let error = try formatError { _ = try CIFAR10.read(url) }
      #expect(error?.field == "label 1" && error?.offset == 3073)
      #expect(error?.message == "a number below 10 expected, found 10")
      try records([[20, 0]]).write(to: url)
      #expect(failure { _ = try CIFAR100.read(url) }?.field == "coarse label 0")
    }
  }
}
