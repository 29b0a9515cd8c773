import Storage
import Training

/// A plot as a page for a browser: one file that needs no network.
package enum PlotPage {
  package static func html(_ sheet: ChartSheet) -> String {
    let title = "\(sheet.robot): training curves"
    return WebPage.filled(
      WebPage.part("plot.html"),
      [
        "title": WebPage.escaped(title), "style": style(series: sheet.sets.count) + frame, "body": body(of: sheet),
        "script": WebPage.part("numbers.js") + WebPage.part("plot.js"),
      ])
  }

  /// The body of a page below its heading: legend, panels, and the figures as a table and as data.
  package static func body(of sheet: ChartSheet) -> String {
    """
    <div class="curves">
    \(legend(of: sheet))
    <div class="reader">
    <label for="place">Read off at</label>
    <input type="range" id="place" min="0" max="1000" value="1000">
    <output for="place"></output>
    </div>
    <div class="panels">
    \(sheet.charts.map { "<div>\(ChartDrawing.svg($0, xTitle: sheet.xTitle).text)</div>" }.joined(separator: "\n"))
    </div>
    <p class="note">\(WebPage.escaped(sheet.bandWords))</p>
    \(table(of: sheet))
    <script type="application/json" class="figures">\(data(of: sheet))</script>
    </div>
    """
  }

  private static func legend(of sheet: ChartSheet) -> String {
    let items = sheet.sets.enumerated().map { i, set in
      var html = SVG()
      html.add("li") { html in
        if sheet.sets.count > 1 {
          html.add(
            "svg",
            ["class": "panel s\(i)", "viewBox": "0 0 34 10", "width": "34", "height": "10", "aria-hidden": "true"]
          ) {
            $0.add(PlotSheet.sample(i, x: 0, y: 5))
          }
          html.add("b", text: PlotColors.letter(of: i))
        }
        html.add("span", text: PlotSheet.words(for: set))
      }
      return html.text
    }
    return "<ul class=\"sets\">\(items.joined())</ul>"
  }

  private static func table(of sheet: ChartSheet) -> String {
    let heads = sheet.columns.map { "<th scope=\"col\"\($0 == "run" ? " class=\"run\"" : "")>\($0)</th>" }.joined()
    let rows = sheet.rows.map { row in
      let cells = sheet.cells(of: row).enumerated().map { i, cell in
        i == 0
          ? "<th scope=\"row\">\(WebPage.escaped(cell))</th>"
          : "<td\(i == 1 && sheet.sets.count > 1 ? " class=\"run\"" : "")>\(WebPage.escaped(cell))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <h2 id="last-figures">Figures</h2>
      <div class="scroll" role="region" aria-labelledby="last-figures" tabindex="0"><table>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  /// The points of all curves as JSON.
  package static func data(of sheet: ChartSheet) -> String {
    let charts = sheet.charts.map { chart in
      JSON.object([
        ("figure", .text(chart.panel.figure)), ("title", .text(chart.panel.title)), ("unit", .text(chart.panel.unit)),
        (
          "series",
          .array(
            chart.series.map { series in
              let points = series.curve.points
              let column = { (value: (Curve.Point) -> Double) in JSON.array(points.map { .number(value($0)) }) }
              return .object([
                ("letter", .text(PlotColors.letter(of: series.index))), ("x", column(\.x)), ("y", column(\.y)),
                ("low", column(\.low)), ("high", column(\.high)),
              ])
            })
        ),
      ])
    }
    return WebPage.embedded(
      .object([
        ("robot", .text(sheet.robot)), ("end", .number(sheet.x.range.upperBound)), ("x", .text(sheet.xTitle)),
        ("charts", .array(charts)),
      ]))
  }

  /// Rules for what `body(of:)` makes.
  static func style(series count: Int) -> String {
    let (light, dark) = (PlotColors.light, PlotColors.dark)
    return """
      \(light.css(series: count))
      \(rules(light))
      @media (prefers-color-scheme: dark) {
      \(dark.css(series: count))
      \(rules(dark))
      }
      \(WebPage.part("plot.css"))
      """
  }

  /// Rules for a page that shows curves alone.
  private static let frame = """
    body { margin: 0; font: 16px/1.5 system-ui, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
    body { background: \(PlotColors.light.background); color: \(PlotColors.light.text); }
    @media (prefers-color-scheme: dark) {
      body { background: \(PlotColors.dark.background); color: \(PlotColors.dark.text); }
    }
    main { max-width: 1440px; margin: 0 auto; padding: 1rem; box-sizing: border-box; }
    h1 { font-size: 1.4rem; margin: .3rem 0; }
    h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
    """

  private static func rules(_ colors: PlotColors) -> String {
    """
    .note { color: \(colors.quiet); font-size: .85rem; max-width: 70rem; }
    .panel .place { stroke: \(colors.text); stroke-width: 1; }
    thead th { border-bottom: 1px solid \(colors.axis); }
    tbody tr { border-bottom: 1px solid \(colors.grid); }
    """
  }
}
