import Adjoint
import AdjointData
import AdjointNN
import AdjointNotebook
import Foundation
import Testing

@Suite struct `The file of a checkpoint` {
  private func training(
    _ model: some Module = classifier(), optimizer: any Optimizer = Adam(),
    metrics: [Metric] = [.accuracy], callbacks: [any Callback] = [EarlyStopping(monitor: "loss")]
  ) -> Training {
    Training(
      model, optimizer: optimizer, epochs: 2, metrics: metrics, callbacks: callbacks,
      verbose: .silent)
  }

  /// A file of a training in its second epoch.
  private func write(to url: URL) throws {
    let model = classifier()
    let training = training(model)
    for epoch in training {
      for batch in epoch.batches(of: [blobs().x], size: 40) {
        epoch.step { square(model(batch[0])).sum() }
        if epoch.index == 1 { try training.save(to: url) }
      }
    }
  }

  @Test func `says what differs if it belongs to another training`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      let path = url.path(percentEncoded: false)
      try write(to: url)
      func refusal(_ training: Training) -> String? {
        let before = bits(training.model as! Sequential)
        let text = thrown { try training.resume(from: url) }
        #expect(bits(training.model as! Sequential) == before)
        #expect(training.epoch == 0 && training.history.epochs.isEmpty)
        return text?.replacing(path, with: "FILE")
      }
      let wide = Sequential {
        Dense(inputSize: 2, outputSize: 4)
        Softmax()
      }
      #expect(
        refusal(training(wide))
          == "FILE: the model differs: \"0.weight\" is float32 [4, 2] in the model, but float32 "
          + "[8, 2] was given; \"0.bias\" is float32 [4] in the model, but float32 [8] was given; "
          + "unexpected: \"1.mean\", \"4.bias\", \"4.weight\"")
      #expect(
        refusal(training(optimizer: SGD()))
          == "FILE: the optimizer differs: the file has Adam, the training SGD")
      #expect(
        refusal(training(callbacks: []))
          == "FILE: the callback differs: the file has EarlyStopping, the training none")
      #expect(
        refusal(training(metrics: [.rocAUC]))
          == "FILE: the metrics differ: the file has accuracy, the training roc_auc")
      let own = Training(Centering(), optimizer: Adam(), epochs: 2)
      #expect(
        thrown { try own.resume(from: url) }?.replacing(path, with: "FILE")
          == "FILE: the model differs: the file has Sequential, the training Centering")
      #expect(thrown { try training().resume(from: url) } == nil)
    }
  }

  @Test func `is refused when it is damaged, and nothing changes`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      try write(to: url)
      let whole = try Data(contentsOf: url)
      for length in stride(from: 0, to: whole.count, by: 97) {
        try whole.prefix(length).write(to: url)
        let training = training()
        #expect(throws: FormatError.self) { try training.resume(from: url) }
        #expect(training.history.epochs.isEmpty)
      }
      try whole.write(to: url)
      let contents = try SafeTensors.read(url)
      let text = try #require(contents.metadata["training"])
      func check(_ from: String, _ to: String, _ message: String) throws {
        #expect(text.contains(from), "\(text)")
        let changed = contents.metadata.merging(["training": text.replacing(from, with: to)]) { $1 }
        try SafeTensors(contents.tensors, metadata: changed).write(to: url)
        let found = thrown { try training().resume(from: url) }
        #expect(found?.contains(message) == true, "\(found ?? "nothing")")
      }
      try check("\"version\":1", "\"version\":7", "version 7 is not known, only 1")
      try check("\"epoch\":1", "\"epoch\":-1", "-1 epochs, batches or steps are not possible")
      try check("\"epoch\":1", "\"epoch\":1e300", "training: ")
      try check("\"batch\":2", "\"batch\":9223372036854775807", "are not possible")
      try check("\"seed\":\"", "\"seed\":\"-", "a generator that is no number")
      try check("\"stepCounts\":[6]", "\"stepCounts\":[]", "0 numbers of steps for 1 optimizers")
      try SafeTensors(contents.tensors).write(to: url)
      #expect(thrown { try training().resume(from: url) }?.contains("is no checkpoint") == true)
    }
  }

  @Test func `can leave the one before beside it`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      let (x, y) = blobs(30)
      try classifier().fit(
        x, y, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(), callbacks: [],
        checkpoint: CheckpointPolicy(url, keepsPrevious: true), verbose: .silent)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.path(percentEncoded: false))
      #expect(names.sorted() == ["a.safetensors", "a.safetensors.previous"])
      func epoch(_ name: String) throws -> Bool {
        let file = try SafeTensors.read(folder.appending(path: name))
        return try #require(file.metadata["training"]).contains("\"epoch\":2")
      }
      #expect(try epoch("a.safetensors"))
      #expect(try !epoch("a.safetensors.previous"))
    }
  }

  @Test func `is not read where a policy says so`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a.safetensors")
      try write(to: url)
      let again = training()
      try again.enableCheckpoints(CheckpointPolicy(url, resumes: false))
      #expect(again.epoch == 0)
      try again.enableCheckpoints(CheckpointPolicy(url))
      #expect(again.epoch == 1)
    }
  }

  @Test func `ends the training with an error if it cannot be written`() {
    let (x, y) = blobs(30)
    let url = URL(filePath: "/dev/null/a.safetensors")
    #expect(throws: FormatError.self) {
      try classifier().fit(
        x, y, epochs: 2, loss: .categoricalCrossEntropy, optimizer: SGD(), callbacks: [],
        checkpoint: CheckpointPolicy(url), verbose: .silent)
    }
  }
}
