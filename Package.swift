// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is compiled with the same strictness: a warning is an error.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Adjoint",
  products: [
    .library(name: "Adjoint", targets: ["Adjoint"]),
    .library(name: "AdjointNN", targets: ["AdjointNN"]),
    .library(name: "AdjointData", targets: ["AdjointData"]),
    .library(name: "AdjointNotebook", targets: ["AdjointNotebook"]),
    .executable(name: "mnist", targets: ["mnist"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .target(
      name: "CAdjoint",
      cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "Adjoint", dependencies: ["COpenBLAS", "CLAPACKE", "CAdjoint"], swiftSettings: strict),
    .target(
      name: "AdjointData", dependencies: ["Adjoint", "CZlib", "CPNG"],
      resources: [.copy("Resources/mnist")], swiftSettings: strict),
    .target(name: "AdjointNotebook", dependencies: ["CZlib"], swiftSettings: strict),
    .target(
      name: "AdjointNN", dependencies: ["Adjoint", "AdjointData", "AdjointNotebook"],
      swiftSettings: strict),
    .executableTarget(
      name: "mnist",
      dependencies: [
        "AdjointNN", "AdjointData", "AdjointNotebook",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Notebooks-as-scripts/mnist-mlp", swiftSettings: strict),
    .testTarget(
      name: "AdjointTests", dependencies: ["Adjoint"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "AdjointNNTests", dependencies: ["AdjointNN"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "AdjointDataTests", dependencies: ["AdjointData"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "AdjointNotebookTests", dependencies: ["AdjointNotebook"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
