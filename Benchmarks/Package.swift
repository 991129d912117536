// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what measuring needs never reaches those who use the library.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Adjoint", path: "..")],
  targets: [
    .executableTarget(
      name: "workloads",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "steps",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "curves",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
        .product(name: "AdjointNotebook", package: "Adjoint"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
