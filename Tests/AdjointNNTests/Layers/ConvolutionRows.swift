import Adjoint
import AdjointNN

extension LayerRow {
  static let convolutions: [LayerRow] =
    convolutions1d + convolutions2d + convolutions3d + [
      LayerRow("conv2d per axis") {
        Conv2d(
          inputChannels: 2, outputChannels: 3, kernelSize: [3, 2], stride: [1, 2], padding: [2, 1],
          dilation: [2, 1])
      },
      LayerRow("depthwiseConv2d") {
        DepthwiseConv2d(channels: 3, kernelSize: 3, depthMultiplier: 2, padding: 1)
      },
      LayerRow("separableConv2d") {
        SeparableConv2d(
          inputChannels: 3, outputChannels: 4, kernelSize: 3, depthMultiplier: 2, stride: 2,
          padding: 1)
      },
    ]

  private static let modes = PaddingMode.allCases

  private static let convolutions1d: [LayerRow] =
    [
      LayerRow("conv1d") { Conv1d(inputChannels: 4, outputChannels: 6, kernelSize: 3) },
      LayerRow("conv1d settings") {
        Conv1d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1, groups: 2,
          useBias: false)
      },
      LayerRow("conv1d circular") {
        Conv1d(
          inputChannels: 2, outputChannels: 3, kernelSize: 3, stride: 2, padding: 2,
          paddingMode: .circular)
      },
      LayerRow("convTranspose1d") {
        ConvTranspose1d(inputChannels: 4, outputChannels: 6, kernelSize: 3)
      },
      LayerRow("convTranspose1d settings") {
        ConvTranspose1d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1,
          outputPadding: 1, dilation: 2, groups: 2, useBias: false)
      },
    ]
    + modes.map { mode in
      LayerRow("conv1d same \(mode)") {
        Conv1d(
          inputChannels: 2, outputChannels: 3, kernelSize: 2, padding: .same, dilation: 2,
          paddingMode: mode)
      }
    }

  private static let convolutions2d: [LayerRow] =
    [
      LayerRow("conv2d") { Conv2d(inputChannels: 4, outputChannels: 6, kernelSize: 3) },
      LayerRow("conv2d settings") {
        Conv2d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1, groups: 2,
          useBias: false)
      },
      LayerRow("conv2d circular") {
        Conv2d(
          inputChannels: 2, outputChannels: 3, kernelSize: 3, stride: 2, padding: 2,
          paddingMode: .circular)
      },
      LayerRow("convTranspose2d") {
        ConvTranspose2d(inputChannels: 4, outputChannels: 6, kernelSize: 3)
      },
      LayerRow("convTranspose2d settings") {
        ConvTranspose2d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1,
          outputPadding: 1, dilation: 2, groups: 2, useBias: false)
      },
    ]
    + modes.map { mode in
      LayerRow("conv2d same \(mode)") {
        Conv2d(
          inputChannels: 2, outputChannels: 3, kernelSize: 2, padding: .same, dilation: 2,
          paddingMode: mode)
      }
    }

  private static let convolutions3d: [LayerRow] =
    [
      LayerRow("conv3d") { Conv3d(inputChannels: 4, outputChannels: 6, kernelSize: 3) },
      LayerRow("conv3d settings") {
        Conv3d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1, groups: 2,
          useBias: false)
      },
      LayerRow("conv3d circular") {
        Conv3d(
          inputChannels: 2, outputChannels: 3, kernelSize: 3, stride: 2, padding: 2,
          paddingMode: .circular)
      },
      LayerRow("convTranspose3d") {
        ConvTranspose3d(inputChannels: 4, outputChannels: 6, kernelSize: 3)
      },
      LayerRow("convTranspose3d settings") {
        ConvTranspose3d(
          inputChannels: 4, outputChannels: 6, kernelSize: 3, stride: 2, padding: 1,
          outputPadding: 1, dilation: 2, groups: 2, useBias: false)
      },
    ]
    + modes.map { mode in
      LayerRow("conv3d same \(mode)") {
        Conv3d(
          inputChannels: 2, outputChannels: 3, kernelSize: 2, padding: .same, dilation: 1,
          paddingMode: mode)
      }
    }

}
