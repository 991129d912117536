// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the instrumentation comes from the command line (see Scripts/fuzz), and no
// unsafe flag reaches the library.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "Adjoint", path: "../..")],
  targets: [
    .systemLibrary(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CFuzzer",
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointData", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
