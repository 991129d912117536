// swift-tools-version: 6.2
import PackageDescription

// A package as a stranger would write it: it sees the public API only, and SwiftPM refuses it if
// the library uses unsafe flags.
let package = Package(
  name: "Consumer",
  dependencies: [.package(name: "Adjoint", path: "../..")],
  targets: [
    .executableTarget(
      name: "consumer",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
