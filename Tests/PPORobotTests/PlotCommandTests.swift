import Foundation
import PPORobot
import Reporting
import TestRuns
import TestSupport
import Testing

/// What a user of `ppo-robot plot` sees.
@Suite struct PlotCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func plot(_ arguments: String..., environment: [String: String] = [:]) throws -> Command.Outcome {
    try Command.run(["plot"] + arguments, in: folder, environment: environment)
  }

  /// A run of `rows` iterations, as a training would leave it.
  private func makeRun(
    _ name: String, rows: Int = 3, robot: String = "biped", offset: Double = 0, ending: String = ""
  ) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    _ = try folder.write("robot: \(robot)\n", to: "\(name)/config.yaml")
    var progress = "steps,return,length_s,kl,std/a,std/b,difficulty,training_seconds\n"
    for row in 1...max(1, rows) where row <= rows {
      let value = row == 2 ? "" : "\(Double(row * row) + offset)"
      progress += "\(row * 1000),\(value),\(row),0.01,0.5,0.3,1,\(Double(row) / 4)\n"
    }
    _ = try folder.write(progress + ending, to: "\(name)/progress.csv")
    _ = try folder.write(
      "steps,return,return/std,return/ci95_low,return/ci95_high,success\n2000,7,1,6.5,7.5,0.25\n",
      to: "\(name)/evaluations.csv")
  }

  /// The data in a page, by figure.
  private func data(of name: String) throws -> (whole: [String: Any], charts: [String: [[String: Any]]]) {
    let text = try folder.text(name)
    let start = try #require(text.range(of: "<script type=\"application/json\" class=\"figures\">"))
    let end = try #require(text.range(of: "</script>", range: start.upperBound..<text.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(text[start.upperBound..<end.lowerBound].utf8))
    let whole = try #require(json as? [String: Any])
    let charts = try #require(whole["charts"] as? [[String: Any]])
    var series: [String: [[String: Any]]] = [:]
    for chart in charts {
      series[try #require(chart["figure"] as? String)] = try #require(chart["series"] as? [[String: Any]])
    }
    return (whole, series)
  }

  @Test func aPageHoldsTheFiguresOfTheTables() throws {
    try makeRun("run", ending: "4000,1")
    let outcome = try plot("run/")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors == "run/plot.html: 6 panels\n")
    #expect(outcome.lines[0].split(separator: " ") == ["figure", "first", "least", "greatest", "last"])
    #expect(outcome.lines[1].split(separator: " ") == ["Return", "1", "1", "9", "9"])
    let (whole, charts) = try data(of: "run/plot.html")
    #expect(whole["robot"] as? String == "biped" && whole["end"] as? Double == 3000)
    #expect(
      Set(charts.keys) == ["return", "length_s", "kl", "std", "evaluation/return", "evaluation/success"])
    let returns = try #require(charts["return"]?.first)
    // Where no episode ended, none is missing.
    #expect(returns["x"] as? [Double] == [1000, 3000] && returns["y"] as? [Double] == [1, 9])
    let deviation = try #require(charts["std"]?.first)
    #expect(deviation["y"] as? [Double] == [0.4, 0.4, 0.4])
    #expect(deviation["low"] as? [Double] == [0.3, 0.3, 0.3] && deviation["high"] as? [Double] == [0.5, 0.5, 0.5])
    let evaluation = try #require(charts["evaluation/return"]?.first)
    #expect(evaluation["x"] as? [Double] == [2000] && evaluation["y"] as? [Double] == [7])
    #expect(evaluation["low"] as? [Double] == [6.5] && evaluation["high"] as? [Double] == [7.5])
  }

  @Test func againstTimeEvaluationsStandWhereTheyWereMade() throws {
    try makeRun("run")
    #expect(try plot("run", "--against", "time", "--out", "a.html").status == 0)
    let (whole, charts) = try data(of: "a.html")
    #expect(whole["x"] as? String == "training time (s)" && whole["end"] as? Double == 0.75)
    #expect(charts["evaluation/return"]?.first?["x"] as? [Double] == [0.5])
  }

  @Test func seedsMakeOneLine() throws {
    for seed in 1...3 { try makeRun("set/seed-\(seed)", rows: seed + 1, offset: Double(seed)) }
    try makeRun("other")
    let outcome = try plot("set", "other", "--panels", "return,length_s")
    #expect(outcome.status == 0 && outcome.errors == "plot.html: 2 panels\n")
    let series = try #require(try data(of: "plot.html").charts["return"])
    #expect(series.count == 2)
    // The second iterations have no return; two of three runs have a third.
    #expect(series[0]["x"] as? [Double] == [1000, 3000])
    #expect(series[0]["y"] as? [Double] == [3, 11.5])
    #expect(series[0]["low"] as? [Double] == [2, 11] && series[0]["high"] as? [Double] == [4, 12])
    #expect(outcome.lines[1].split(separator: " ") == ["Return", "set", "3", "3", "11.5", "11.5"])
    let page = try folder.text("plot.html")
    #expect(page.contains("<b>A</b><span>set, 4,000 steps, 3 runs</span>"))
    #expect(page.contains("<b>B</b><span>other, 3,000 steps</span>"))
    #expect(page.contains("stroke-dasharray=\"7 3\""))
  }

  @Test func namesAreWhatTellsRunsApart() {
    #expect(CurveSet.shortNames(of: ["runs/biped/a", "./runs/biped/b"]) == ["a", "b"])
    #expect(CurveSet.shortNames(of: ["x/seed-1", "y/seed-1"]) == ["x", "y"])
    #expect(CurveSet.shortNames(of: ["/runs/a", "/runs/a/b"]) == ["a", "a/b"])
    #expect(CurveSet.shortNames(of: ["runs/a"]) == ["a"])
    #expect(CurveSet.shortNames(of: ["."]) == ["."])
  }

  /// Sound XML without a trace of what could not be computed, however odd names and figures are.
  @Test func picturesAreSoundXML() throws {
    try makeRun("a <b> & \"c\"")
    try makeRun("d", offset: 1e90)
    try makeRun("e", rows: 1)
    #expect(try plot("a <b> & \"c\"", "d", "e", "--out", "a.svg").status == 0)
    let text = try folder.text("a.svg")
    #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("–"))
    #expect(
      text.contains("a &lt;b&gt; &amp; &quot;c&quot;, 3,000 steps") || text.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
    let reader = try Command.run(
      "/usr/bin/env",
      [
        "python3", "-c", "import sys, xml.dom.minidom as m; print(m.parse(sys.argv[1]).documentElement.tagName)",
        "a.svg",
      ],
      in: folder)
    #expect(reader.output == "svg\n", "\(reader.errors)")
    let first = try folder.data("a.svg")
    #expect(try plot("a <b> & \"c\"", "d", "e", "--out", "b.svg").status == 0)
    #expect(try folder.data("b.svg") == first)
  }

  @Test func pixelsShowTheSamePicture() throws {
    try makeRun("run")
    try makeRun("other", offset: 5)
    #expect(try plot("run", "other", "--out", "a.png", environment: ["PATH": "/nowhere"]).status == 0)
    let file = [UInt8](try folder.data("a.png"))
    var (width, height): (UInt32, UInt32) = (0, 0)
    try #require(unsafe test_png_read(file, file.count, &width, &height, nil) == 1)
    var pixels = [UInt8](repeating: 0, count: Int(3 * width * height))
    try #require(unsafe test_png_read(file, file.count, &width, &height, &pixels) == 1)
    // Twice as large as the SVG.
    #expect(try plot("run", "other", "--out", "a.svg").status == 0)
    let size = try #require(try /width="(\d+)" height="(\d+)"/.firstMatch(in: folder.text("a.svg")))
    #expect(Int(size.1) == Int(width) / 2 && Int(size.2) == Int(height) / 2)
    // The colors of both series, of words, of what is quiet and of the grid, and mostly paper.
    var counts: [SIMD3<UInt8>: Int] = [:]
    for i in stride(from: 0, to: pixels.count, by: 3) {
      counts[SIMD3(pixels[i], pixels[i + 1], pixels[i + 2]), default: 0] += 1
    }
    for color in [0x0072b2, 0xd55e00, 0x1b1f24, 0x57606a, 0xe4e7eb] {
      let pixel = SIMD3(UInt8(color >> 16), UInt8(color >> 8 & 255), UInt8(color & 255))
      #expect(counts[pixel, default: 0] > 100, "\(pixel)")
    }
    #expect(counts[SIMD3(255, 255, 255), default: 0] > pixels.count / 3 / 2)
    #expect(try plot("run", "other", "--out", "b.png").status == 0)
    #expect(try folder.data("b.png") == folder.data("a.png"))
  }

  @Test func noPanelHasMoreCurvesThanCanBeToldApart() throws {
    let names = (1...9).map { "run\($0)" }
    for name in names { try makeRun(name) }
    #expect(try Command.run(["plot"] + names.dropLast() + ["--out", "a.svg"], in: folder).status == 0)
    let outcome = try Command.run(["plot"] + names + ["--out", "b.svg"], in: folder)
    #expect(outcome.status != 0)
    #expect(
      outcome.errors
        == "Error: 9 curves in a panel cannot be distinguished; give at most 8, and runs that differ in their seed alone as "
        + "one folder of train --seeds\n")
    #expect(!folder.contents.contains("b.svg"))
  }

  @Test(arguments: [
    (["none"], "there is no folder 'none'"),
    (["empty"], "'empty' is not a run directory: it has no config.yaml"),
    (["run/progress.csv"], "'run/progress.csv' is not a run directory: it has no config.yaml"),
    (["new"], "'new' has no iterations yet; plot it once its training has made one"),
    (["run", "arm"], "'run' trains 'biped' and 'arm' 'arm'; runs can be shown together if they are of one robot"),
    (["torn"], "'torn/progress.csv' is damaged: line 5 has 1 cells where the first line names 8"),
    (["run", "--out", "a.jpg"], "--out is 'a.jpg'; it must end in .html, .svg or .png"),
    (["run", "--out", "none/a.svg"], "none/a.svg cannot be written: No such file or directory"),
    (["run", "--out", "folder.svg"], "'folder.svg' is a folder"),
    (["run", "--against", "hours"], "--against is 'hours'; it must be steps or time"),
    (
      ["run", "--panels", "retrun"],
      "there is no figure 'retrun'; did you mean 'return'?; --panels takes columns of progress.csv, and of "
        + "evaluations.csv with evaluation/ before them"
    ),
  ])
  func mistakesGetOneLine(_ arguments: [String], _ message: String) throws {
    try makeRun("run")
    try makeRun("arm", robot: "arm")
    try makeRun("new", rows: 0)
    try makeRun("torn", ending: "1\n")
    for name in ["empty", "folder.svg"] {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    let outcome = try Command.run(["plot"] + arguments, in: folder)
    #expect(outcome.status > 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors == "Error: \(message)\n")
    #expect(!folder.contents.contains { $0.hasSuffix(".html") })
  }
}
