import Adjoint
import AdjointNN

extension LayerRow {
  static let shapes: [LayerRow] = [
    LayerRow("flatten") { Flatten() },
    LayerRow("flatten 0") { Flatten(firstAxis: 0) },
    LayerRow("unflatten") { Unflatten(axis: 1, sizes: [3, -1]) },
    LayerRow("pixelShuffle") { PixelShuffle(factor: 2) },
    LayerRow("pixelUnshuffle") { PixelUnshuffle(factor: 2) },
    LayerRow("channelShuffle") { ChannelShuffle(groups: 2) },
    LayerRow("zeroPad") { Padding(2) },
    LayerRow("constantPad") { Padding(before: 1, after: 3, with: .constant(0.7)) },
    LayerRow("reflectionPad") { Padding([2, 1], with: .reflect) },
    LayerRow("replicationPad") { Padding(1, with: .replicate) },
    LayerRow("circularPad") { Padding(before: 2, after: 1, with: .circular) },
    LayerRow("upsample nearest") { Upsample(scale: 2) },
    LayerRow("upsample linear") { Upsample(scale: 1.5, mode: .linear) },
    LayerRow("upsample aligned") {
      Upsample(size: [7, 3], mode: .linear, aligningCorners: true)
    },
    LayerRow("upsample cubic") { Upsample(size: [7, 8], mode: .cubic) },
    LayerRow("upsample trilinear") { Upsample(size: [3, 5, 4], mode: .linear) },
  ]

  static let containers: [LayerRow] = [
    LayerRow("residual") {
      Residual {
        Conv2d(inputChannels: 2, outputChannels: 2, kernelSize: 3, padding: 1)
        ReLU()
      }
    },
    LayerRow("residual projection") {
      Residual(
        projection: Conv2d(inputChannels: 2, outputChannels: 3, kernelSize: 1, useBias: false),
        activation: .relu
      ) {
        Conv2d(inputChannels: 2, outputChannels: 3, kernelSize: 3, padding: 1)
        ReLU()
      }
    },
    LayerRow("parallel") {
      Parallel(joining: .concatenation(axis: -1)) {
        Dense(inputSize: 4, outputSize: 3)
        Dense(inputSize: 4, outputSize: 2)
      }
    },
    LayerRow("parallel sum") {
      Parallel(joining: .sum) {
        Dense(inputSize: 4, outputSize: 3)
        Dense(inputSize: 4, outputSize: 3)
      }
    },
    LayerRow("weightNorm dense") { WeightNorm(Dense(inputSize: 4, outputSize: 3)) },
    LayerRow("weightNorm conv") {
      WeightNorm(Conv1d(inputChannels: 2, outputChannels: 3, kernelSize: 2), axis: 1)
    },
    LayerRow("spectralNorm dense") { SpectralNorm(Dense(inputSize: 4, outputSize: 3)) },
    LayerRow("spectralNorm dense training") {
      SpectralNorm(Dense(inputSize: 4, outputSize: 3), iterations: 2)
    },
    LayerRow("spectralNorm convTranspose") {
      SpectralNorm(
        ConvTranspose1d(inputChannels: 2, outputChannels: 3, kernelSize: 2), axis: 1)
    },
  ]
}
