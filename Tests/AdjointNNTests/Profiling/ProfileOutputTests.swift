import Adjoint
import AdjointData
import AdjointNN
import Foundation
import Testing

struct ProfileOutputTests {
  private static func training() -> Profile {
    let (model, optimizer) = (Profiled(), Adam())
    let x = Tensor.ones([4, 40])
    return withProfiling {
      for _ in 0..<3 {
        let (_, gradients) = valueWithGradients(of: model) {
          withProfilingRegion("a \"loss\" \\ of\nours") { square(model(x)).mean() }
        }
        optimizer.update(model, gradients)
      }
      _ = x.sorted()
    }
  }

  private struct Trace: Decodable {
    struct Event: Decodable {
      struct Arguments: Decodable {
        var name: String?
        var phase: String?
        var module: String?
        var shape: [Int]?
        var FLOP: Double?
      }
      var ph: String
      var name: String
      var cat: String?
      var ts: Double?
      var dur: Double?
      var pid: Int
      var tid: Int
      var args: Arguments
    }
    var traceEvents: [Event]
  }

  private func decoded(_ text: String) throws -> [Trace.Event] {
    try JSONDecoder().decode(Trace.self, from: Data(text.utf8)).traceEvents
  }

  @Test func `The trace is JSON with a span for every operation and call`() throws {
    let profile = Self.training()
    let events = try decoded(profile.trace)
    let spans = events.filter { $0.ph == "X" }
    let operations = spans.filter { $0.cat == "operation" }
    #expect(operations.count == profile.operations.reduce(0) { $0 + $1.count })
    let calls = spans.filter { $0.cat == "module" }
    #expect(calls.count == profile.calls.reduce(0) { $0 + $1.count })
    #expect(spans.contains { $0.name.hasPrefix("a \"loss\" \\ of\nours") })
    #expect(spans.filter { $0.cat == "update" }.count == 3)
    let products = operations.filter { $0.name == "matmul" && $0.args.phase == "forward" }
    #expect(products.count == 9)
    #expect(products[0].args.shape == [4, 40] && products[0].args.FLOP == 2 * 4 * 40 * 40)
    #expect(products[0].args.module?.hasSuffix("Profiled.blocks.0.dense") == true)
    let names = events.filter { $0.name == "thread_name" }
    #expect(names.count == 1 && names[0].tid == spans[0].tid)
  }

  @Test func `Spans of a thread are nested and lie in the scope`() throws {
    let profile = Self.training()
    let length = Double(profile.duration.components.attoseconds) * 1e-12
    var open: [Double] = []
    var last = 0.0
    for span in try decoded(profile.trace) where span.ph == "X" {
      let (start, end) = (try #require(span.ts), try #require(span.ts) + #require(span.dur))
      #expect(start >= last && end <= length + 0.001)
      last = start
      while let outer = open.last, outer <= start { open.removeLast() }
      if let outer = open.last { #expect(end <= outer + 0.001) }
      open.append(end)
    }
  }

  @Test func `A trace is written to a file, or the error names it`() throws {
    let profile = Self.training()
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try profile.writeTrace(to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == profile.trace)
    let missing = file.appending(path: "in/no/folder.json")
    #expect(throws: FormatError.self) { try profile.writeTrace(to: missing) }
  }

  @Test func `Tables have at most 100 columns, and their shares are the whole`() throws {
    let profile = Self.training()
    for grouping in [Profile.Grouping.operation, .module] {
      let lines = profile.table(by: grouping).split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 100 })
      let end = try #require(lines.firstIndex { $0.hasPrefix("total") })
      #expect(lines[end - 1].hasPrefix("Swift, waiting"))
      #expect(lines[end].hasSuffix("100%"))
      if grouping == .module {
        // Lines of modules that do nothing themselves end before the last column.
        let shares = lines[2..<end].filter { $0.count > 90 }
          .compactMap { $0.split(separator: " ").last }.compactMap { Double($0.dropLast()) }
        let sum: Double = shares.reduce(0, +)
        let tolerance: Double = 0.1 * Double(shares.count)
        #expect(sum > 100 - tolerance && sum < 100 + tolerance)
      }
    }
  }

  @Test func `A table says what it does not know, and joins small lines`() throws {
    let profile = Self.training()
    let text = profile.description
    #expect(text == profile.table(by: .operation))
    let sorting = try #require(text.split(separator: "\n").first { $0.hasPrefix("sorted") })
    #expect(sorting.split(separator: " ")[6] == "-")
    let short = profile.table(by: .operation, rows: 2)
    #expect(short.contains(" more "))
    #expect(short.split(separator: "\n").count == 2 + 3 + 2 + 1)
  }

  @Test func `Modules stand as they are nested`() {
    let lines = withProfiling { _ = Profiled()(Tensor.ones([4, 40])) }
      .table(by: .module).split(separator: "\n")
    func indentation(_ name: String) -> Int? {
      lines.first { $0.drop { $0 == " " }.hasPrefix(name + ": ") }?.prefix { $0 == " " }.count
    }
    #expect(indentation("Profiled") == 0)
    #expect(indentation("blocks.0") == 2 && indentation("output") == 2)
    #expect(indentation("dense") == 4)
  }

  @Test func `Nothing recorded is a table all the same`() throws {
    let profile = withProfiling {}
    #expect(profile.operations.isEmpty)
    #expect(profile.description.contains("Swift, waiting"))
    #expect(profile.table(by: .module).contains("total"))
    #expect(try decoded(profile.trace).allSatisfy { $0.ph == "M" })
  }

  @Test func `The machine's limits are measured`() {
    let limits = MachineLimits.measured
    #expect(limits.float32 > 1e8 && limits.float64 > 1e8)
    #expect(limits.float64 < limits.float32 * 1.5)
    #expect(limits.copying.count == 4 && limits.copying.allSatisfy { $0.rate > 1e7 })
    let outer = withProfiling { _ = MachineLimits.measured }
    #expect(outer.operations.isEmpty)
  }
}
