// Times workloads: workloads [--list | --profile] [NAME ...]
//
// With --profile it prints where the time of one run goes instead.
//
// Prints one JSON line for each: the median of seven runs after two that are not counted. Names, sizes
// and meaning are those of the suites in PyTorch and JAX that `compare` runs beside this one.
import Adjoint
import Foundation

let workloads = tensorWorkloads + linearAlgebraWorkloads + trainingWorkloads + floors
let isProfiling = CommandLine.arguments.contains("--profile")
let names = CommandLine.arguments.dropFirst().filter { $0 != "--profile" }
if names.contains("--list") {
  for workload in workloads { print(workload.name) }
  exit(EXIT_SUCCESS)
}
if let unknown = names.first(where: { name in !workloads.contains { $0.name == name } }) {
  FileHandle.standardError.write(Data("no workload \(unknown); --list names them\n".utf8))
  exit(EXIT_FAILURE)
}
for workload in workloads where names.isEmpty || names.contains(workload.name) {
  withGenerator(seed: 0) {
    let run = workload.prepare()
    if isProfiling {
      for _ in 0..<2 { run() }
      print(workload.name, withProfiling(run), separator: "\n")
      return
    }
    let seconds = (0..<9).map { _ in
      let start = ContinuousClock.now
      run()
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let median = seconds.dropFirst(2).sorted()[3]
    let line = "{\"name\": \"\(workload.name)\", \"seconds\": \(median)}\n"
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}
