import Environments
import Training

/// Draws a chart as a picture of its own.
///
/// Colors come from rules beside it; see `PlotColors.css(series:)`.
struct ChartDrawing {
  static let (width, height) = (360.0, 216.0)
  private static let (left, top, bottom) = (52.0, 34.0, 40.0)
  /// How far lines may reach beyond the axes, so that one that runs along an edge is whole.
  private static let overhang = 3.0

  private let chart: Chart
  private let xTitle: String
  /// Where the axes end.
  private let (right, floor): (Double, Double)
  private var svg = SVG()

  /// - Parameters:
  ///   - place: in a picture that is put together of several; nil for a picture of its own.
  static func svg(_ chart: Chart, xTitle: String, at place: (x: Double, y: Double)? = nil) -> SVG {
    var drawing = ChartDrawing(chart, xTitle)
    drawing.draw(at: place)
    return drawing.svg
  }

  private init(_ chart: Chart, _ xTitle: String) {
    self.chart = chart
    self.xTitle = xTitle
    right = Self.width - (chart.series.count > 1 ? 26 : 14)
    floor = Self.height - Self.bottom
  }

  private var isComparison: Bool { chart.series.count > 1 }

  private mutating func draw(at place: (x: Double, y: Double)?) {
    let viewBox = "0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))"
    let drawing = self
    let content = { (svg: inout SVG) in
      svg.add("title", text: chart.panel.heading)
      svg.add("desc", text: drawing.chart.words)
      drawing.addHeading(to: &svg)
      drawing.addAxes(to: &svg)
      drawing.addSeries(to: &svg)
    }
    if let place {
      svg.add(
        "svg",
        [
          "class": "panel", "x": SVG.number(place.x), "y": SVG.number(place.y), "width": SVG.number(Self.width),
          "height": SVG.number(Self.height), "viewBox": viewBox,
        ], content: content)
    } else {
      // The script of a page finds the axes by these.
      let axes = [Self.left, Self.top, right - Self.left, floor - Self.top].map(SVG.number).joined(separator: " ")
      svg.add(
        "svg",
        [
          "class": "panel", "role": "img", "viewBox": viewBox, "data-figure": chart.panel.figure, "data-axes": axes,
          "xmlns": "http://www.w3.org/2000/svg",
        ], content: content)
    }
  }

  // MARK: Words and axes

  private func addHeading(to svg: inout SVG) {
    svg.add("text", ["x": "8", "y": "19", "font-size": "13", "font-weight": "600"], text: chart.panel.heading)
    var notes: [String] = []
    if let above = chart.above { notes.append("▲ to \(NumberText.short(above))") }
    if let below = chart.below { notes.append("▼ to \(NumberText.short(below))") }
    let place = SVG.number(right)
    if isComparison {
      // Where the script writes what it reads off.
      svg.add(
        "text", ["class": "quiet reading", "x": place, "y": "19", "font-size": "11", "text-anchor": "end"],
        text: notes.joined(separator: "  "))
    } else {
      svg.add("text", ["x": place, "y": "19", "font-size": "12", "text-anchor": "end"]) { svg in
        if !notes.isEmpty {
          svg.add("tspan", ["class": "quiet", "font-size": "11"], text: notes.joined(separator: "  "))
        }
        let last = chart.series.first?.curve.last.map(NumberText.short) ?? ""
        svg.add("tspan", ["class": "reading", "dx": notes.isEmpty ? "0" : "10"], text: last)
      }
    }
  }

  private func add(
    _ text: String, at x: String, _ y: String, anchor: String, class name: String, to svg: inout SVG
  ) {
    guard !text.isEmpty else { return }
    svg.add("text", ["class": name, "x": x, "y": y, "font-size": "11", "text-anchor": anchor], text: text)
  }

  private func addAxes(to svg: inout SVG) {
    let lines = chart.y.ticks.map { "M\(SVG.number(Self.left)) \(SVG.number(y($0.value)))H\(SVG.number(right))" }
    svg.add("path", ["class": "grid", "d": lines.joined()])
    for tick in chart.y.ticks {
      add(
        tick.text, at: SVG.number(Self.left - 6), SVG.number(y(tick.value) + 4), anchor: "end", class: "quiet", to: &svg
      )
    }
    let marks = chart.x.ticks.map { "M\(SVG.number(x($0.value))) \(SVG.number(floor))v4" }
    svg.add(
      "path",
      ["class": "axis", "d": "M\(SVG.number(Self.left)) \(SVG.number(floor))H\(SVG.number(right))" + marks.joined()])
    for tick in chart.x.ticks {
      // The last one keeps within the picture.
      let isLast = chart.x.position(of: tick.value) > 0.95
      add(
        tick.text, at: SVG.number(isLast ? Self.width - 4 : x(tick.value)), SVG.number(floor + 16),
        anchor: isLast ? "end" : "middle", class: "quiet", to: &svg)
    }
    add(
      xTitle, at: SVG.number((Self.left + right) / 2), SVG.number(floor + 32), anchor: "middle", class: "quiet",
      to: &svg)
  }

  // MARK: Curves

  private func x(_ value: Double) -> Double { Self.left + chart.x.position(of: value) * (right - Self.left) }

  /// Values beyond the axis lie beyond its end, but not out of all bounds.
  private func y(_ value: Double) -> Double {
    let position = value > 0 || chart.y.scale == .linear ? chart.y.position(of: value) : -2
    return floor - min(3, max(-2, position)) * (floor - Self.top)
  }

  private func addSeries(to svg: inout SVG) {
    let (width, height) = (right - Self.left, floor - Self.top + 2 * Self.overhang)
    let (x, y) = (Self.left, Self.top - Self.overhang)
    // A picture in the picture cuts off what lies outside.
    svg.add(
      "svg",
      [
        "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(width + Self.overhang),
        "height": SVG.number(height),
        "viewBox": [x, y, width + Self.overhang, height].map(SVG.number).joined(separator: " "),
      ]
    ) { svg in
      for series in chart.series { add(series, to: &svg) }
    }
    if isComparison { addLetters(to: &svg) }
  }

  private func add(_ series: Chart.Series, to svg: inout SVG) {
    svg.add("g", ["class": "s\(series.index)"]) { svg in
      let stretches = series.curve.points.split { !$0.y.isFinite }
      let bands = stretches.filter { $0.contains { $0.low < $0.high } && $0.count > 1 }.map { points in
        path(points.map { ($0.x, $0.high) } + points.reversed().map { ($0.x, $0.low) }) + "Z"
      }
      if !bands.isEmpty { svg.add("path", ["class": "band", "d": bands.joined()]) }
      let lines = stretches.filter { $0.count > 1 }.map { path($0.map { ($0.x, $0.y) }) }.joined()
      let dash = isComparison ? PlotColors.dash(of: series.index) : ""
      if !lines.isEmpty {
        dash.isEmpty
          ? svg.add("path", ["class": "line", "d": lines])
          : svg.add("path", ["class": "line", "d": lines, "stroke-dasharray": dash])
      }
      for stretch in stretches where chart.hasDots || stretch.count == 1 {
        for point in stretch {
          svg.add(
            "circle",
            [
              "class": "dot", "cx": SVG.number(x(point.x)), "cy": SVG.number(y(point.y)), "r": "2",
            ])
        }
      }
    }
  }

  private func path(_ points: [(Double, Double)]) -> String {
    points.enumerated().map { i, point in
      "\(i == 0 ? "M" : i == 1 ? "L" : " ")\(SVG.number(x(point.0))) \(SVG.number(y(point.1)))"
    }.joined()
  }

  /// Each series' letter at its end; letters that would meet are placed below each other in the lines' order.
  private func addLetters(to svg: inout SVG) {
    let distance = 11.0
    var ends = chart.series.compactMap { series in
      series.curve.points.last { $0.y.isFinite }.map {
        (index: series.index, x: x($0.x) + 5, y: min(floor, max(Self.top, y($0.y))))
      }
    }
    ends.sort { ($0.x, $0.y) < ($1.x, $1.y) }
    var columns: [[(index: Int, x: Double, y: Double)]] = []
    for end in ends {
      if let first = columns.last?.first, end.x - first.x < 14 {
        columns[columns.count - 1].append(end)
      } else {
        columns.append([end])
      }
    }
    for var column in columns {
      column.sort { $0.y < $1.y }
      for i in column.indices.dropFirst() { column[i].y = max(column[i].y, column[i - 1].y + distance) }
      var lowest = floor
      for i in column.indices.reversed() {
        column[i].y = min(column[i].y, lowest)
        lowest = column[i].y - distance
      }
      for (index, x, y) in column {
        svg.add(
          "text",
          ["class": "letter", "x": SVG.number(x), "y": SVG.number(y + 4), "font-size": "11", "font-weight": "700"],
          text: PlotColors.letter(of: index))
      }
    }
  }
}
