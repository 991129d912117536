import Adjoint
import AdjointNN

extension LayerRow {
  static let pooling: [LayerRow] =
    pooling1d + pooling2d + pooling3d + [
      LayerRow("maxPool2d dilation") {
        MaxPool2d(kernelSize: [2, 1], stride: 1, dilation: [2, 1])
      },
      LayerRow("globalAvgPool") { GlobalAvgPool() },
      LayerRow("globalMaxPool") { GlobalMaxPool() },
    ]

  private static let pooling1d: [LayerRow] = [
    LayerRow("maxPool1d") { MaxPool1d(kernelSize: 2) },
    LayerRow("maxPool1d settings") {
      MaxPool1d(kernelSize: 3, stride: 2, padding: 1, roundingUp: true)
    },
    LayerRow("avgPool1d") { AvgPool1d(kernelSize: 2) },
    LayerRow("avgPool1d settings") {
      AvgPool1d(
        kernelSize: 3, stride: 2, padding: 1, roundingUp: true, includingPadding: false)
    },
    LayerRow("lpPool1d") { LPPool1d(exponent: 2, kernelSize: 2, stride: 1) },
    LayerRow("adaptiveMaxPool1d") { AdaptiveMaxPool1d(outputSize: 3) },
    LayerRow("adaptiveAvgPool1d") { AdaptiveAvgPool1d(outputSize: 3) },
  ]

  private static let pooling2d: [LayerRow] = [
    LayerRow("maxPool2d") { MaxPool2d(kernelSize: 2) },
    LayerRow("maxPool2d settings") {
      MaxPool2d(kernelSize: 3, stride: 2, padding: 1, roundingUp: true)
    },
    LayerRow("avgPool2d") { AvgPool2d(kernelSize: 2) },
    LayerRow("avgPool2d settings") {
      AvgPool2d(
        kernelSize: 3, stride: 2, padding: 1, roundingUp: true, includingPadding: false)
    },
    LayerRow("lpPool2d") { LPPool2d(exponent: 2, kernelSize: 2, stride: 1) },
    LayerRow("adaptiveMaxPool2d") { AdaptiveMaxPool2d(outputSize: 3) },
    LayerRow("adaptiveAvgPool2d") { AdaptiveAvgPool2d(outputSize: 3) },
  ]

  private static let pooling3d: [LayerRow] = [
    LayerRow("maxPool3d") { MaxPool3d(kernelSize: 2) },
    LayerRow("maxPool3d settings") {
      MaxPool3d(kernelSize: 3, stride: 2, padding: 1, roundingUp: true)
    },
    LayerRow("avgPool3d") { AvgPool3d(kernelSize: 2) },
    LayerRow("avgPool3d settings") {
      AvgPool3d(
        kernelSize: 3, stride: 2, padding: 1, roundingUp: true, includingPadding: false)
    },
    LayerRow("lpPool3d") { LPPool3d(exponent: 2, kernelSize: 2, stride: 1) },
    LayerRow("adaptiveMaxPool3d") { AdaptiveMaxPool3d(outputSize: 3) },
    LayerRow("adaptiveAvgPool3d") { AdaptiveAvgPool3d(outputSize: 3) },
  ]

}
