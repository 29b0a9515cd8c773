/// The style of plots: colors that readers with any kind of color vision tell apart, and dashes for prints without any.
struct PlotColors {
  let background: String
  /// Titles.
  let text: String
  /// The labels of axes.
  let quiet: String
  let grid: String
  let axis: String
  let series: [String]

  // Series are those of Okabe and Ito, "Color universal design" (2008), without those that would be too faint on each
  // background.
  static let light = PlotColors(
    background: "#ffffff", text: "#1b1f24", quiet: "#57606a", grid: "#e4e7eb", axis: "#8c959f",
    series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#b07d00"])
  static let dark = PlotColors(
    background: "#14171c", text: "#e8ebef", quiet: "#a3adb8", grid: "#2a3038", axis: "#6e7781",
    series: ["#56b4e9", "#e69f00", "#00b386", "#cc79a7", "#f5f5f5", "#f0e442"])

  /// Lengths of strokes and gaps; the first line is whole. There is one more than there are colors, so that no
  /// two series of a plot look alike.
  static let dashes = ["", "7 3", "2 2.5", "9 3 2 3", "4 2", "12 3 2 3 2 3", "1 4"]

  static let lineWidth = 1.7
  static let bandOpacity = 0.2

  static func dash(of series: Int) -> String { dashes[series % dashes.count] }

  /// The label at a line's end and in the legend: A, B, …, Z, AA, …
  static func letter(of series: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(series % 26)))
    return series < 26 ? letter : self.letter(of: series / 26 - 1) + letter
  }

  /// Rules for what `ChartDrawing` draws.
  ///
  /// - Parameter count: how many series there are.
  func css(series count: Int) -> String {
    let own = (0..<max(1, count)).map { i in
      let color = series[i % series.count]
      return ".s\(i) .line{stroke:\(color)}.s\(i) .band,.s\(i) .dot{fill:\(color)}"
    }
    return """
      .panel{fill:\(text);font-family:system-ui,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
      .panel .quiet{fill:\(quiet)}.panel .grid{stroke:\(grid);fill:none}.panel .axis{stroke:\(axis);fill:none}
      .panel .line{fill:none;stroke-width:\(Self.lineWidth);stroke-linejoin:round}.panel .band{fill-opacity:\(Self.bandOpacity)}
      .panel .letter{paint-order:stroke;stroke:\(background);stroke-width:3;stroke-linejoin:round}
      \(own.joined(separator: "\n"))
      """
  }
}
