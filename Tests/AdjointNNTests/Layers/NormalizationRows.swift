import Adjoint
import AdjointNN

extension LayerRow {
  static let normalizations: [LayerRow] =
    perChannel + [
      LayerRow("batchNorm1d features training") { BatchNorm1d(channels: 3) },
      LayerRow("batchNorm2d settings training") {
        BatchNorm2d(channels: 3, epsilon: 0.01, momentum: 0.3, affine: false)
      },
      LayerRow("batchNorm2d all batches training") { BatchNorm2d(channels: 3, momentum: nil) },
      LayerRow("batchNorm2d untracked") {
        BatchNorm2d(channels: 3, tracksRunningStatistics: false)
      },
      LayerRow("layerNorm") { LayerNorm(shape: [5]) },
      LayerRow("layerNorm settings") {
        LayerNorm(shape: [3, 5], epsilon: 0.01, useBias: false)
      },
      LayerRow("layerNorm plain") { LayerNorm(shape: [5], affine: false) },
      LayerRow("rmsNorm") { RMSNorm(shape: [5]) },
      LayerRow("rmsNorm settings") { RMSNorm(shape: [3, 5], epsilon: 0.01, affine: false) },
      LayerRow("groupNorm") { GroupNorm(groups: 2, channels: 4) },
      LayerRow("groupNorm settings") {
        GroupNorm(groups: 4, channels: 4, epsilon: 0.01, affine: false)
      },
      LayerRow("localResponseNorm") { LocalResponseNorm(size: 3, alpha: 0.5, beta: 0.6, k: 2) },
    ]

  private static let perChannel: [LayerRow] = ["", " training"].flatMap { mode in
    [
      LayerRow("batchNorm1d\(mode)") { BatchNorm1d(channels: 3) },
      LayerRow("instanceNorm1d\(mode)") { InstanceNorm1d(channels: 3) },
      LayerRow("instanceNorm1d tracking\(mode)") {
        InstanceNorm1d(channels: 3, affine: true, tracksRunningStatistics: true)
      },
      LayerRow("batchNorm2d\(mode)") { BatchNorm2d(channels: 3) },
      LayerRow("instanceNorm2d\(mode)") { InstanceNorm2d(channels: 3) },
      LayerRow("instanceNorm2d tracking\(mode)") {
        InstanceNorm2d(channels: 3, affine: true, tracksRunningStatistics: true)
      },
      LayerRow("batchNorm3d\(mode)") { BatchNorm3d(channels: 3) },
      LayerRow("instanceNorm3d\(mode)") { InstanceNorm3d(channels: 3) },
      LayerRow("instanceNorm3d tracking\(mode)") {
        InstanceNorm3d(channels: 3, affine: true, tracksRunningStatistics: true)
      },
    ]
  }
}
