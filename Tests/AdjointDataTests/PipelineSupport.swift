import Adjoint
import AdjointData
import Testing

/// What an exit test wrote to its standard error.
func stopMessage(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

/// A reference value of `make_pipeline.py`.
func reference(_ name: String) throws -> Tensor {
  let file = try SafeTensors.decode(fixture("pipeline.safetensors"), name: "pipeline.safetensors")
  return try #require(file[name])
}

/// Whether two tensors have one shape and nearly equal elements.
func isNear(_ a: Tensor, _ b: Tensor, within tolerance: Double = 1e-12) -> Bool {
  a.shape == b.shape && zip(a.scalars, b.scalars).allSatisfy { Swift.abs($0 - $1) <= tolerance }
}

/// The error that `body` throws; nil when it throws none, or another kind of error.
func failure(_ body: () throws -> Void) -> FormatError? {
  do {
    try body()
    return nil
  } catch {
    return error as? FormatError
  }
}
