import Adjoint
import AdjointData
import Foundation
import Testing

/// Where Tests/Interchange/check_npz.py has put files of other programs, and looks for ours.
private let folder = ProcessInfo.processInfo.environment["ADJOINT_INTERCHANGE"].map {
  URL(filePath: $0, directoryHint: .isDirectory)
}

@Suite("Files of other programs", .enabled(if: folder != nil))
struct InterchangeTests {
  @Test("They are read and written again")
  func rewrite() throws {
    let folder = try #require(folder)
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    for file in files where file.lastPathComponent.hasPrefix("theirs") {
      func ours(_ ending: String) -> URL {
        let stem = file.deletingPathExtension().lastPathComponent.dropFirst(6)
        return folder.appending(path: "ours\(stem)\(ending)")
      }
      switch file.pathExtension {
      case "npy": try NPY.write(NPY.read(file), to: ours(".npy"))
      case "npz":
        let archive = try NPZ.read(file)
        try archive.write(to: ours("-stored.npz"))
        try archive.write(to: ours("-deflated.npz"), compressed: true)
        try SafeTensors(archive.tensors).write(to: ours(".safetensors"))
      case "safetensors":
        let mapped = try SafeTensorsFile(file)
        let tensors = try mapped.names.map { ($0, try #require(try mapped[$0])) }
        try NPZ(tensors).write(to: ours("-mapped.npz"))
        try NPZ(SafeTensors.read(file).tensors).write(to: ours("-read.npz"))
      case "png": try PNG.write(PNG.read(file), to: ours(".png"))
      case "csv":
        let table = try CSV.read(file, types: ["code": .text], missing: .nan)
        try table.write(to: ours(".csv"))
      default: Issue.record("\(file.lastPathComponent) is not known")
      }
    }
  }
}
