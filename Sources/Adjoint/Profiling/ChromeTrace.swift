import Glibc

extension Profile {
  /// What happened when, as a JSON object in Chrome's Trace Event Format.
  ///
  /// `ui.perfetto.dev` and `chrome://tracing` show it: threads below one another, operations inside
  /// modules, derivative rules and optimizer steps. Times are microseconds from the beginning of the
  /// scope. Very long scopes are cut off after a million spans.
  ///
  /// Source: Nat Duca and Dan Sinclair, "Trace Event Format".
  public var trace: String {
    let process = Int(getpid())
    var lines: [String] = [
      metadata("process_name", process, thread: nil, "\"name\":\"Adjoint\"")
    ]
    for (index, thread) in timeline.threads.enumerated() {
      // The scope's own thread stands on top.
      let order = index == timeline.thread ? 0 : index + 1
      lines.append(
        metadata(
          "thread_name", process, thread: thread.identity, "\"name\":\(quoted(thread.name))"))
      lines.append(
        metadata(
          "thread_sort_index", process, thread: thread.identity, "\"sort_index\":\(order)"))
    }
    // A viewer wants outer spans first; they end last.
    let events = timeline.events.filter { $0.start >= timeline.start }
      .sorted { ($0.start, $1.duration) < ($1.start, $0.duration) }
    for event in events { lines.append(line(event, process)) }
    let other = "\"otherData\":{\"complete\":\"\(timeline.isComplete)\"}"
    return "{\"displayTimeUnit\":\"ms\",\(other),\"traceEvents\":[\n"
      + lines.joined(separator: ",\n") + "\n]}\n"
  }

  private func metadata(
    _ name: String, _ process: Int, thread: Int?, _ argument: String
  ) -> String {
    "{\"ph\":\"M\",\"name\":\"\(name)\",\"pid\":\(process),\"tid\":\(thread ?? process),"
      + "\"args\":{\(argument)}}"
  }

  private func line(_ event: ProfileLog.Event, _ process: Int) -> String {
    let key = timeline.keys[event.key]
    let context = key.context
    var arguments = ["\"phase\":\"\(context.phase.rawValue)\""]
    if context.region != 0 {
      arguments.append("\"module\":\(quoted(timeline.regions[context.region]))")
    }
    if let rule = context.rule {
      arguments.append("\"derivative of\":\(quoted(timeline.names[rule]))")
    }
    if key.kind == .operation {
      arguments.append("\"shape\":\(key.shape),\"dtype\":\"\(key.dtype)\"")
      if let flops = key.flops { arguments.append("\"FLOP\":\(plain(flops))") }
      if let bytes = key.bytes { arguments.append("\"bytes\":\(bytes)") }
    }
    let category =
      switch key.kind {
      case .operation: "operation"
      case .module, .again: "module"
      case .rules: "derivative"
      case .update: "update"
      }
    let name = (key.kind == .rules ? "derivative of " : "") + timeline.names[key.name]
    return "{\"ph\":\"X\",\"name\":\(quoted(name)),\"cat\":\"\(category)\","
      + "\"ts\":\(microseconds(event.start - timeline.start)),"
      + "\"dur\":\(microseconds(event.duration)),\"pid\":\(process),"
      + "\"tid\":\(timeline.threads[key.thread].identity),"
      + "\"args\":{\(arguments.joined(separator: ","))}}"
  }

  /// Nanoseconds as microseconds with three decimals.
  private func microseconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
    let decimals = String(rest)
    return "\(whole)." + String(repeating: "0", count: 3 - decimals.count) + decimals
  }

  private func plain(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// A JSON string.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
