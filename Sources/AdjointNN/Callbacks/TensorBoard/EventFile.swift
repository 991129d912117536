import Foundation
import Synchronization

/// A file of TensorBoard events, each a record of TensorFlow's TFRecord format.
///
/// A record is the length of its data, a checksum of the length, the data, and a checksum of those.
struct EventFile {
  private static let counter = Atomic<Int>(0)
  private let file: GrowingFile

  /// A new file in a folder.
  init(in folder: URL) throws {
    let number = EventFile.counter.wrappingAdd(1, ordering: .relaxed).newValue
    let process = ProcessInfo.processInfo
    // The parts are those of TensorFlow's names; `tfevents` is what TensorBoard looks for.
    let name =
      "events.out.tfevents.\(Int(Date().timeIntervalSince1970)).\(process.hostName)."
      + "\(process.processIdentifier).\(number).v2"
    var event = ProtobufMessage()
    event.add(1, double: Date().timeIntervalSince1970)
    event.add(3, text: "brain.Event:2")
    file = try GrowingFile(
      folder.appending(path: name), startingWith: EventFile.record(event.bytes))
  }

  /// Adds the numbers of one step.
  func write(_ values: [SummaryValue], step: Int) throws {
    var summary = ProtobufMessage()
    for value in values { summary.add(1, message: value.message) }
    var event = ProtobufMessage()
    event.add(1, double: Date().timeIntervalSince1970)
    event.add(2, integer: step)
    event.add(5, message: summary)
    try file.append(EventFile.record(event.bytes))
  }

  private static func record(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(CRC32C.masked(length)) + data + littleEndian(CRC32C.masked(data))
  }
}
