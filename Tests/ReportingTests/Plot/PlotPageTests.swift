import Foundation
import Reporting
import Storage
import TestRuns
import Testing
import Training

/// The page of `ppo-robot plot` in a real browser.
@Suite(.serialized, .enabled(if: Browser.isInstalled, "needs Chromium; './setup --tests' installs it"))
struct PlotPageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Trains two seeds and another run, and plots all of them.
  private func page() throws -> String {
    let train = ["train", "--robot", "pendulum", "--steps", "20000", "--quiet"]
    #expect(try Command.run(train + ["--seeds", "1-2", "--run-dir", "seeds"], in: folder).status == 0)
    #expect(try Command.run(train + ["--seed", "3", "--run-dir", "run"], in: folder).status == 0)
    #expect(try Command.run(["plot", "seeds", "run"], in: folder).status == 0)
    #expect(try Command.run(["plot", "run"], in: folder).status == 0)
    return "file://\(folder.path)"
  }

  @Test func itLooksAsItShould() throws {
    let browser = try Browser()
    let address = try page()
    for (name, series) in [("plot.html", 2), ("run/plot.html", 1)] {
      for look in Browser.Look.all {
        try browser.take(look)
        try browser.open("\(address)/\(name)")
        #expect(try browser.text("return document.title") == "pendulum: training curves")
        #expect(try browser.number("return document.documentElement.scrollWidth - innerWidth") <= 0, "\(look)")
        let panels = try browser.number("return document.querySelectorAll('.panels svg[role=img]').length")
        #expect(panels == 12)
        #expect(
          try browser.number("return document.querySelectorAll('svg[data-figure=value_loss] .line').length")
            == Double(series))
        // No panel so small that its words could not be read.
        #expect(
          try browser.number(
            "return Math.min(...[...document.querySelectorAll('.panels svg[role=img]')].map(svg => svg.clientWidth))")
            >= 320)
        #expect(try browser.faults() == [], "\(look)")
        #expect(try browser.complaints() == [], "\(look)")
      }
    }
  }

  /// What the page holds, and what it reads off, is what stands in the table.
  @Test func valuesAreReadOff() throws {
    let browser = try Browser()
    try browser.open(page() + "/run/plot.html")
    let table = try CurveTable(csv: Array(try folder.data("run/progress.csv")), source: "the table")
    let points =
      "JSON.parse(document.querySelector('.figures').textContent).charts.find(c => c.figure === 'value_loss')"
    #expect(try browser.run("return \(points).series[0].x") as? [Double] == table["steps"])
    let losses = try #require(try browser.run("return \(points).series[0].y") as? [Double])
    let wanted = try #require(table["value_loss"])
    // Numbers lose a digit on their way from the browser.
    #expect(losses.count == wanted.count && zip(losses, wanted).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
    let reading = "document.querySelector('svg[data-figure=value_loss] .reading').textContent"
    let atEnd = try browser.text("return \(reading)")
    // By keys …
    try browser.run("document.getElementById('place').focus()")
    try browser.press("Home")
    #expect(try browser.text("return document.querySelector('output').textContent") == "0 env steps")
    let first = try #require(Double(try browser.text("return \(reading)")))
    #expect(abs(first - wanted[0]) < 0.005 * wanted[0])
    #expect(try browser.number("return document.querySelectorAll('.place').length") == 12)
    try browser.press("End")
    #expect(try browser.text("return \(reading)") == atEnd)
    #expect(try browser.number("return document.querySelectorAll('.place').length") == 0)
    // … and by the pointer.
    try browser.run(
      """
      const svg = document.querySelector("svg[data-figure=entropy]"), box = svg.getBoundingClientRect();
      svg.dispatchEvent(new PointerEvent("pointermove", {clientX: box.left + box.width / 2, clientY: box.top + 50}));
      """)
    #expect(try browser.number("return document.querySelectorAll('.place').length") == 12)
    #expect(try browser.complaints() == [])
  }
}
