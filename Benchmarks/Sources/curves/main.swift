// Measures how time and memory grow, one point in a process: see Benchmarks/curves, which runs it.
//
//     curves list                        one line for each curve: its name, its sizes, the quick ones
//     curves measure CURVE SIZE SECONDS  one point as JSON
//     curves draw FOLDER                 PNG files in the folder, from JSON on standard input
import Foundation

let curves =
  trainingCurves + chainCurves + sequenceCurves + threadCurves + operationCurves

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("curves: \(message)\n".utf8))
  exit(EXIT_FAILURE)
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("list", 1):
  struct Entry: Encodable { let name: String, sizes, quick: [Int] }
  let entries = curves.map { Entry(name: $0.name, sizes: $0.sizes, quick: $0.quickSizes) }
  print(String(decoding: try JSONEncoder().encode(entries), as: UTF8.self))
case ("measure", 4):
  guard let curve = curves.first(where: { $0.name == arguments[1] }) else {
    fail("no curve \(arguments[1])")
  }
  guard let size = Int(arguments[2]), size > 0, let seconds = Double(arguments[3]) else {
    fail("a size and seconds are needed, not \(arguments[2]) and \(arguments[3])")
  }
  let point = measure(curve, at: size, for: seconds)
  print(String(decoding: try JSONEncoder().encode(point), as: UTF8.self))
case ("draw", 2):
  let folder = URL(fileURLWithPath: arguments[1])
  let pictures = try JSONDecoder().decode(
    [Picture].self, from: FileHandle.standardInput.readDataToEndOfFile())
  for picture in pictures { try picture.write(to: folder) }
default: fail("usage: curves list | measure CURVE SIZE SECONDS | draw FOLDER")
}
