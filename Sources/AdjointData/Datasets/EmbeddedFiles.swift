import Foundation

/// The files that the package carries.
///
/// The generated `Bundle.module` stops the program when its folder has been left behind; this
/// throws instead.
enum EmbeddedFiles {
  static func folder(_ name: String, sourceFile: String = #filePath) throws -> URL {
    let candidates = [
      // Where the build puts them: beside the executable.
      Bundle.main.bundleURL.appending(path: "Adjoint_AdjointData.resources/\(name)"),
      // Where they come from, for an executable that was copied out of the build folder.
      URL(filePath: sourceFile).appending(path: "../../Resources/\(name)").standardizedFileURL,
    ]
    let found = candidates.first {
      FileManager.default.fileExists(atPath: $0.path(percentEncoded: false))
    }
    guard let found else {
      let places = candidates.map { $0.path(percentEncoded: false) }.joined(separator: ", ")
      throw FormatError(
        .missing, file: places, field: name,
        "the package's own files are in neither place; copy the .resources folder along with the"
          + " executable")
    }
    return found
  }
}
