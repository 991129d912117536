import AdjointNotebook
import Foundation

/// A picture as `Benchmarks/curves` describes it: charts beside one another.
struct Picture: Decodable {
  let file: String
  let charts: [Chart]

  struct Chart: Decodable {
    let title, xLabel, yLabel: String
    /// Axes that are not logarithmic: "x", "y" or "xy".
    let linearAxes: String?
    let hasLegend: Bool?
    let lines: [Line]

    func scale(of axis: Character) -> AxisScale {
      linearAxes?.contains(axis) ?? false ? .linear : .logarithmic
    }
  }

  struct Line: Decodable {
    let name: String
    let x, y: [Double]
    /// A model or a bound: a broken line without marks.
    let isDashed: Bool?
    let color: Int?
  }

  func figure() throws -> Figure {
    let figures = try charts.map { chart in
      let series = try chart.lines.enumerated().flatMap { index, line in
        let color = line.color ?? index
        let isDashed = line.isDashed ?? false
        let path = try Series(line.name, x: line.x, y: line.y, isDashed: isDashed).color(color)
        return isDashed ? [path] : [path, try .points("", x: line.x, y: line.y).color(color)]
      }
      return Figure.chart(
        series, title: chart.title, xLabel: chart.xLabel, yLabel: chart.yLabel,
        xScale: chart.scale(of: "x"),
        yScale: chart.scale(of: "y"),
        legend: chart.hasLegend ?? true ? .best : .none, width: charts.count > 1 ? 420 : 600,
        height: 290)
    }
    return figures.count > 1 ? .row(figures) : figures[0]
  }

  func write(to folder: URL) throws {
    let bytes = try figure().png(scale: 1)
    try Data(bytes).write(to: folder.appendingPathComponent(file))
  }
}
