// swift-tools-version: 6.2
import PackageDescription

// A program that trains and can be killed at any time: see Tests/Interchange/check_resume.py.
let package = Package(
  name: "ResumeRun",
  dependencies: [.package(name: "Adjoint", path: "../..")],
  targets: [
    .executableTarget(
      name: "resume",
      dependencies: [
        .product(name: "Adjoint", package: "Adjoint"),
        .product(name: "AdjointNN", package: "Adjoint"),
        .product(name: "AdjointNotebook", package: "Adjoint"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
