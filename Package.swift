// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is compiled with the same strictness: a warning is an error.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A script of `Notebooks-as-scripts` and the command that runs it.
struct Notebook {
  var name: String
  var folder: String?

  var target: Target {
    .executableTarget(
      name: name,
      dependencies: [
        "Adjoint", "AdjointNN", "AdjointData", "AdjointNotebook", "NotebookOptions",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Notebooks-as-scripts/\(folder ?? name)", swiftSettings: strict)
  }
}

let notebooks = [
  Notebook(name: "tensors"),
  Notebook(name: "gradient-check"),
  Notebook(name: "mnist", folder: "mnist-mlp"),
  Notebook(name: "mnist-cnn"),
  Notebook(name: "spiral"),
  Notebook(name: "char-gpt"),
  Notebook(name: "gaussian-process"),
  Notebook(name: "heat-equation"),
  Notebook(name: "pendulum"),
  Notebook(name: "vae"),
  Notebook(name: "newton"),
  Notebook(name: "sequence"),
  Notebook(name: "notebooks", folder: "index"),
]

let package = Package(
  name: "Adjoint",
  products: [
    .library(name: "Adjoint", targets: ["Adjoint"]),
    .library(name: "AdjointNN", targets: ["AdjointNN"]),
    .library(name: "AdjointData", targets: ["AdjointData"]),
    .library(name: "AdjointNotebook", targets: ["AdjointNotebook"]),
  ] + notebooks.map { .executable(name: $0.name, targets: [$0.name]) },
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
      resources: [
        .copy("Resources/iris"), .copy("Resources/mnist"), .copy("Resources/wine"),
      ], swiftSettings: strict),
    .target(name: "AdjointNotebook", dependencies: ["CZlib"], swiftSettings: strict),
    .target(
      name: "AdjointNN", dependencies: ["Adjoint", "AdjointData", "AdjointNotebook"],
      swiftSettings: strict),
    .target(
      name: "NotebookOptions",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
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
  ] + notebooks.map(\.target),
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
