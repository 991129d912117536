// swift-tools-version: 6.2
import PackageDescription

// A package as a stranger would write it: it sees the public API only, and SwiftPM refuses it if
// the library uses unsafe flags.
//
// With ADJOINT_URL it takes a version from a git repository, else the folder it lies in:
//
//   git clone . /tmp/Adjoint && git -C /tmp/Adjoint tag 0.0.1
//   ADJOINT_URL=file:///tmp/Adjoint swift run -c release --package-path Tests/Consumer consumer
let adjoint: Package.Dependency =
  if let url = Context.environment["ADJOINT_URL"] {
    .package(url: url, from: "0.0.1")
  } else {
    .package(name: "Adjoint", path: "../..")
  }

let package = Package(
  name: "Consumer",
  dependencies: [adjoint],
  targets: [
    .executableTarget(
      name: "consumer",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
      ]),
    // A training that can be killed at any time: see Tests/Interchange/check_resume.py.
    .executableTarget(
      name: "resume",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
        .product(name: "AdjointNotebook", package: "Adjoint"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
