import Adjoint
import AdjointData
import Foundation
import Testing

struct RecordFileTests {
  /// A file of these bytes.
  private func withFile(_ bytes: [UInt8], _ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "records")
      try Data(bytes).write(to: url)
      try body(url)
    }
  }

  @Test func `Rows of an IDX file are those that reading it whole gives`() throws {
    let values = (0..<60).map { UInt8($0 * 4) }
    try withFile(idx(8, [10, 2, 3], values)) { url in
      let (whole, records) = (try IDX.read(url), try RecordFile(idx: url))
      #expect(records.count == 10 && records.elementShape == [2, 3] && records.dtype == .uint8)
      #expect(try records[7][0].bytes() == whole[7].bytes())
      for places in [[0], [3, 4, 5], [9, 9, 0, 1, 5, 4], Array(0..<10)] {
        let batch = try records.batch(at: places)
        #expect(batch.count == 1 && batch[0].shape == Shape([places.count, 2, 3]))
        #expect(batch[0].bytes() == whole.gathering(Tensor(places)).bytes())
      }
    }
    let shorts = [0x7fff, -2, 3].flatMap { bigEndian(Int16($0)) }
    try withFile(idx(0x0b, [3], shorts)) { url in
      let records = try RecordFile(idx: url)
      #expect(records.dtype == .int32 && records.elementShape == [])
      #expect(try records.batch(at: [2, 0])[0].scalars == [3, 32767])
    }
  }

  @Test func `Raw records are little-endian elements after an offset`() throws {
    let numbers = Tensor((0..<24).map { Float($0) / 8 }, shape: [4, 3, 2])
    try withFile([1, 2, 3] + numbers.bytes()) { url in
      let records = try RecordFile(url, elementShape: [3, 2], dtype: .float32, offset: 3)
      #expect(records.count == 4)
      #expect(
        try records.batch(at: [3, 1])[0].scalars
          == numbers.gathering(Tensor([3, 1] as [Int])).scalars)
    }
    try withFile([]) { url in
      let records = try RecordFile(url, elementShape: [2], dtype: .int64)
      #expect(records.count == 0)
    }
  }

  @Test func `A loader with workers streams a file in shuffled order`() throws {
    let numbered: [Int32] = (0..<300).flatMap { [$0, -$0] }
    let values = numbered.flatMap { bigEndian($0) }
    try withFile(idx(0x0c, [300, 2], values)) { url in
      let data = ZippedDataset([try RecordFile(idx: url), numbers(0..<300)])
      let loader = Loader(data, batchSize: 32, sampler: .shuffled, workers: 3)
      let batches = Array(loader.epoch(0))
      #expect(batches.flatMap { keys([$0[1]]) } == loader.order(epoch: 0))
      for batch in batches {
        #expect(batch[0][.all, 0].scalars == batch[1].scalars)
        #expect(batch[0][.all, 1].scalars == batch[1].scalars.map { -$0 })
      }
    }
  }

  @Test(
    "Unsound files are refused",
    arguments: [
      (
        idx(8, [3, 2], [1, 2, 3, 4, 5]), FormatError.Kind.truncated, "[3, 2] elements of 1 bytes, 5"
      ),
      (idx(8, [2], [1, 2, 3]), .malformed, "[2] elements of 1 bytes, 3 bytes follow"),
      (idx(0x0e, [0x7fff_ffff, 0x7fff_ffff], []), .truncated, "0 bytes follow"),
      (idx(8, [0, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []), .unsupported, "more elements"),
      (idx(8, [0xffff_ffff, 0], []), .unsupported, "4294967295 records without elements"),
      (idx(8, [0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []), .unsupported, "more elements than"),
      (idx(8, [], [1]), .mismatched, "an array with rows expected"),
      (idx(7, [1], [1]), .unsupported, "code 0x7"),
      ([0, 0, 8], .truncated, "4 bytes expected"),
      ([], .truncated, "4 bytes expected"),
      ([0x1f, 0x8b, 8, 0], .unsupported, "unpack it first"),
    ])
  func unsound(bytes: [UInt8], kind: FormatError.Kind, message: String) throws {
    try withFile(bytes) { url in
      let error = try formatError { _ = try RecordFile(idx: url) }
      #expect(error?.file == url.path(percentEncoded: false))
      #expect(error?.kind == kind)
      #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }
  }

  @Test func `Raw files must hold whole records, and bools of 0 and 1`() throws {
    try withFile([0, 1, 2]) { url in
      let error = try formatError { _ = try RecordFile(url, elementShape: [2], dtype: .uint8) }
      #expect(error?.kind == .truncated)
      let beyond = try formatError {
        _ = try RecordFile(url, elementShape: [1], dtype: .uint8, offset: 4)
      }
      #expect(beyond?.kind == .truncated)
      let bools = try RecordFile(url, elementShape: [], dtype: .bool)
      #expect(try bools.batch(at: [1, 0])[0].scalars == [1, 0])
      #expect(failure { _ = try bools[2] }?.kind == .malformed)
    }
  }

  @Test func `A folder, a pipe and nothing at all are refused at once`() throws {
    try withTemporaryFolder { folder in
      #expect(failure { _ = try RecordFile(idx: folder) }?.kind == .inaccessible)
      let missing = folder.appending(path: "missing")
      #expect(failure { _ = try RecordFile(idx: missing) }?.kind == .missing)
      let pipe = folder.appending(path: "pipe")
      mkfifo(pipe.path(percentEncoded: false), 0o600)
      #expect(failure { _ = try RecordFile(idx: pipe) }?.kind == .inaccessible)
    }
  }

  @Test func `A file that has become shorter is an error of its batch`() throws {
    try withFile(Array(repeating: 7, count: 100)) { url in
      let records = try RecordFile(url, elementShape: [10], dtype: .uint8)
      try Data(repeating: 7, count: 45).write(to: url)
      // Written in place or not: the open file is the old one or the shorter one, never half a record.
      #expect(try records[3][0].bytes() == Array(repeating: 7, count: 10))
      let file = try FileHandle(forWritingTo: url)
      let short = try RecordFile(url, elementShape: [5], dtype: .uint8)
      try file.truncate(atOffset: 12)
      var batches = Loader(short, batchSize: 4, workers: 1).epoch(0).makeIterator()
      let error = try formatError { _ = try batches.nextBatch() }
      #expect(error?.kind == .truncated)
      #expect(error?.message == "the file has become shorter")
    }
  }
}
