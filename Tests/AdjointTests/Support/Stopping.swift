import Testing

/// Expects that a program stopped with a text, and named a place: the file of the test, unless
/// another one is given.
func expect(
  _ result: ExitTest.Result?, says text: String, at place: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  let line = message.split(separator: "\n").first { $0.contains("Fatal error") } ?? ""
  #expect(
    line.contains("Fatal error: \(text)"), "\(message.suffix(300))", sourceLocation: sourceLocation)
  #expect(line.contains(place ?? sourceLocation.fileName), sourceLocation: sourceLocation)
}
