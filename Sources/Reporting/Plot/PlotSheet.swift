import Environments
import Training

/// All charts of a plot side by side in one picture.
package enum PlotSheet {
  private static let (gap, margin) = (12.0, 20.0)

  /// An SVG file.
  package static func svg(_ sheet: ChartSheet) -> String { picture(of: sheet).text + "\n" }

  static func picture(of sheet: ChartSheet) -> SVG {
    let columns = sheet.charts.count < 3 ? max(1, sheet.charts.count) : sheet.charts.count == 4 ? 2 : 3
    let rows = (sheet.charts.count + columns - 1) / columns
    let width = 2 * margin + Double(columns) * (ChartDrawing.width + gap) - gap
    let colors = PlotColors.light
    var content = SVG()
    var y = margin + 16
    content.add(
      "text", ["x": SVG.number(margin + 8), "y": SVG.number(y), "font-size": "18", "font-weight": "600"],
      text: sheet.robot)
    y += 12
    addLegend(of: sheet, width: width, y: &y, to: &content)
    for line in wrapped(sheet.bandWords, columns: Int((width - 2 * margin) / 5.6)) {
      y += 15
      content.add(
        "text", ["class": "quiet", "x": SVG.number(margin + 8), "y": SVG.number(y), "font-size": "11"], text: line)
    }
    y += 18
    for (i, chart) in sheet.charts.enumerated() {
      let place = (
        x: margin + Double(i % columns) * (ChartDrawing.width + gap),
        y: y + Double(i / columns) * (ChartDrawing.height + gap)
      )
      content.add(ChartDrawing.svg(chart, xTitle: sheet.xTitle, at: place))
    }
    y += Double(rows) * (ChartDrawing.height + gap) - gap + margin
    var svg = SVG()
    let (w, h) = (SVG.number(width), SVG.number(y))
    svg.add(
      "svg",
      ["xmlns": "http://www.w3.org/2000/svg", "class": "panel", "width": w, "height": h, "viewBox": "0 0 \(w) \(h)"]
    ) { svg in
      svg.add("title", text: "\(sheet.robot): training curves")
      svg.add(raw: "<style>\(colors.css(series: sheet.sets.count))</style>")
      svg.add("rect", ["width": w, "height": h, "fill": colors.background])
      svg.add(content)
    }
    return svg
  }

  private static func addLegend(of sheet: ChartSheet, width: Double, y: inout Double, to svg: inout SVG) {
    let isComparison = sheet.sets.count > 1
    var x = margin + 8
    y += 8
    for (i, set) in sheet.sets.enumerated() {
      let name = words(for: set)
      let needed = (isComparison ? 62 : 0) + 6.4 * Double(name.count)
      if x + needed > width - margin, x > margin + 8 {
        x = margin + 8
        y += 18
      }
      svg.add("g", ["class": "s\(i)"]) { svg in
        var start = x
        if isComparison {
          svg.add(sample(i, x: x, y: y))
          svg.add(
            "text",
            [
              "class": "letter", "x": SVG.number(x + 40), "y": SVG.number(y + 4), "font-size": "12",
              "font-weight": "700",
            ],
            text: PlotColors.letter(of: i))
          start += 56
        }
        svg.add(
          "text",
          ["class": isComparison ? "" : "quiet", "x": SVG.number(start), "y": SVG.number(y + 4), "font-size": "12"],
          text: name)
      }
      x += needed + 24
    }
    y += 4
  }

  /// A piece of a series' line.
  static func sample(_ index: Int, x: Double, y: Double) -> SVG {
    var svg = SVG()
    let path = "M\(SVG.number(x)) \(SVG.number(y))h34"
    let dash = PlotColors.dash(of: index)
    if dash.isEmpty {
      svg.add("path", ["class": "line", "d": path])
    } else {
      svg.add("path", ["class": "line", "d": path, "stroke-dasharray": dash])
    }
    return svg
  }

  /// A set's name, and of how many runs it is.
  package static func words(for set: ChartSheet.Set) -> String {
    let name = set.name.count > 60 ? "\(set.name.prefix(28))…\(set.name.suffix(28))" : set.name
    return "\(name), \(NumberText.grouped(set.steps)) steps" + (set.runs.count > 1 ? ", \(set.runs.count) runs" : "")
  }

  private static func wrapped(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < columns {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
