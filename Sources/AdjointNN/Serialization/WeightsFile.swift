import Adjoint
import AdjointData
import Foundation

extension Module {
  /// Writes the values of all parameters and buffers into a safetensors file.
  ///
  /// Names and layouts are PyTorch's, so `safetensors.torch.load_file` gives a state dictionary there. The
  /// architecture is not written: see `SavableLayer` for models that are. The file appears under its
  /// name only when it is complete. Throws ``/AdjointData/FormatError`` when it cannot be written.
  public func saveWeights(to url: URL) throws {
    try SafeTensors(state.map { ($0.name, $0.value) }, metadata: ["format": "pt"]).write(to: url)
  }

  /// Sets all parameters and buffers to those of a safetensors file.
  ///
  /// Names, shapes and dtypes must be those of the model: if anything differs the model stays as it was
  /// and a ``StateMismatch`` tells everything that differs. ``/AdjointData/FormatError`` is thrown for a
  /// file that cannot be read.
  public func loadWeights(from url: URL) throws {
    let tensors = try SafeTensors.read(url).tensors
    try load(
      stateDictionary: Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first })
  }
}
