// Spectra of short pieces of a signal, one after the other, and the signal they belong to.

/// The short-time Fourier transform: the spectra of overlapping pieces of a signal.
///
/// Piece t is x_(t hop) ... x_(t hop + size - 1) times the window. Centred, the signal is first mirrored
/// at both ends by size / 2 elements, so that the middle of piece t is x_(t hop).
///
/// Shapes: `[..., n]` gives `[..., size / 2 + 1, pieces]` with n / hop + 1 pieces, or
/// (n - size) / hop + 1 if not centred.
/// - Parameters:
///   - x: the signal.
///   - size: the elements of a piece.
///   - hop: the distance from piece to piece; a quarter of the size by default.
///   - window: at most `size` factors, put in the middle of zeros; all 1 by default.
///   - centered: whether the signal is mirrored at its ends.
///   - oneSided: whether the half of the spectrum that mirrors the other is left out.
///   - normalization: that of the transforms; `.ortho` divides by sqrt(size).
public func stft(
  _ x: Tensor, size: Int, hop: Int? = nil, window: Tensor? = nil, centered: Bool = true,
  oneSided: Bool = true, normalization: FourierNormalization = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> ComplexTensor {
  let frames = SignalFrames("stft", x, size, hop, window, file, line)
  if x.rank < 1 { frames.fail("needs a signal [..., n], not a tensor of shape []") }
  let (length, half) = (x.shape[x.rank - 1], size / 2)
  if centered && half >= length {
    frames.fail(
      "a signal of shape \(x.shape) is too short to be mirrored at its ends by \(half) elements")
  }
  if !centered && size > length {
    frames.fail("a signal of shape \(x.shape) has no piece of \(size) elements")
  }
  let signal = centered ? x.padded([(half, half)], with: .reflect) : x
  let pieces = signal.unfolded(size: size, step: frames.hop) * frames.window
  let spectra =
    oneSided
    ? rfft(pieces, normalization: normalization)
    : fft(ComplexTensor(pieces), normalization: normalization)
  return spectra.transposed()
}

/// The signal of a short-time Fourier transform: the inverse of `stft`.
///
/// The pieces, faded by the window once more, are added up and divided by the sum of the squared
/// windows. Of all signals its transform is the closest to spectra that belong to none.
///
/// Shapes: `[..., size / 2 + 1, pieces]` gives `[..., n]`, by default with n = (pieces - 1) hop, and
/// `size` more if not centred. Other parameters are those of `stft`.
///
/// Source: Griffin and Lim, "Signal estimation from modified short-time Fourier transform", 1984.
/// - Parameters:
///   - spectra: what `stft` gives.
///   - size: the elements of a piece.
///   - hop: the distance from piece to piece; a quarter of the size by default.
///   - window: at most `size` factors, put in the middle of zeros; all 1 by default.
///   - centered: whether the signal was mirrored at its ends.
///   - oneSided: whether the half of the spectrum that mirrors the other was left out.
///   - length: the elements of the signal; what no piece reaches is 0.
///   - normalization: that of the transforms.
public func istft(
  _ spectra: ComplexTensor, size: Int, hop: Int? = nil, window: Tensor? = nil,
  centered: Bool = true, oneSided: Bool = true, length: Int? = nil,
  normalization: FourierNormalization = .backward, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let frames = SignalFrames("istft", spectra.real, size, hop, window, file, line)
  let (shape, rows) = (spectra.shape, oneSided ? size / 2 + 1 : size)
  if shape.rank < 2 || shape[shape.rank - 2] != rows || shape[shape.rank - 1] < 1 {
    frames.fail("needs spectra [..., \(rows), pieces] for pieces of \(size), not shape \(shape)")
  }
  // The second half of a spectrum of real pieces is the first once more.
  let half = ..<(size / 2 + 1)
  let lines = ComplexTensor(
    real: spectra.real.transposed().sliced(half, axis: -1),
    imaginary: spectra.imaginary.transposed().sliced(half, axis: -1))
  let pieces = irfft(lines, count: size, normalization: normalization)
  let (axis, count) = (shape.rank - 2, shape[shape.rank - 1])
  let (reach, overflow) = (count - 1).multipliedReportingOverflow(by: frames.hop)
  let (whole, isTooLong) = reach.addingReportingOverflow(size)
  if overflow || isTooLong { frames.fail("\(count) pieces every \(frames.hop) are too long") }
  let sum = (pieces * frames.window).folded(axis: axis, length: whole, step: frames.hop)
  let squares = square(frames.window).broadcast(to: [count, size])
  let weights = squares.folded(axis: 0, length: whole, step: frames.hop)

  let start = centered ? size / 2 : 0
  let wanted = length ?? whole - 2 * start
  if wanted < 0 { frames.fail("a signal cannot have \(wanted) elements") }
  let end = min(wanted, whole - start) + start
  let known = weights.sliced(start..<end, axis: 0)
  if known.elementCount > 0, !(known.detached.min().scalar > 1e-11) {
    frames.fail(
      "windows every \(frames.hop) elements leave some elements out; they must overlap and not be 0"
    )
  }
  return (sum.sliced(start..<end, axis: -1) / known).resized(axis: axis, to: wanted)
}

/// The pieces of a signal, checked.
private struct SignalFrames {
  let name: String
  let hop: Int
  let window: Tensor
  let file: StaticString
  let line: UInt

  init(
    _ name: String, _ x: Tensor, _ size: Int, _ hop: Int?, _ window: Tensor?,
    _ file: StaticString, _ line: UInt
  ) {
    func fail(_ message: String) -> Never {
      programmingError(name, message, file: file, line: line)
    }
    let step = hop ?? max(size / 4, 1)
    if size < 1 || step < 1 {
      fail("needs a size and a hop of at least 1, not \(size) and \(step)")
    }
    if !x.dtype.isFloatingPoint { fail("needs a floating dtype, not \(x.dtype); cast first") }
    let factors = window ?? Tensor.ones([size], dtype: x.dtype)
    if factors.rank != 1 || factors.elementCount > size || factors.dtype != x.dtype {
      fail(
        "the window must be a vector of at most \(size) \(x.dtype) numbers, not "
          + "\(factors.dtype) \(factors.shape)")
    }
    let room = size - factors.elementCount
    self.window = room == 0 ? factors : factors.padded([(room / 2, room - room / 2)])
    (self.name, self.hop, self.file, self.line) = (name, step, file, line)
  }

  func fail(_ message: String) -> Never { programmingError(name, message, file: file, line: line) }
}

extension ComplexTensor {
  /// The last two axes exchanged.
  fileprivate func transposed() -> ComplexTensor {
    ComplexTensor(real: real.transposed(), imaginary: imaginary.transposed())
  }
}
