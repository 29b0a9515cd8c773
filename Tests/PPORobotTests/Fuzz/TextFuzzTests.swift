import Environments
import Foundation
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// Settings and tables of a run that were changed on purpose.
@Suite struct TextFuzzTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Settings

  private static let marks = [
    "&a ", "*a", "\" #\"", "' #'", "\"", "'", "#", " #", "\n#", "\\", "[", "]", "{", "}", ": ", "? ", "- ", ",", "\n",
    "  ",
    "\t", "|\n", ">-\n", "!!str ", "!!binary ", "<<: ", "--- ", "...\n", "%YAML 1.1\n---\n", "\r", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{A0}", "\u{301}", "\u{1B}[2J", "\u{7F}", "\u{9B}", "1e999", "nan", "~", "ppo", "steps", "envs",
    "9223372036854775808", "-1", "0", "\\u0000", "\\x1b",
  ]

  @Test func settingsAreReadOrRefusedInOneLine() throws {
    let entry = try #require(Catalog.standard["pendulum"])
    let sound = SettingsFile.text(of: TrainingSettings(), robot: "pendulum").split(separator: "\n").map(String.init)
    var mutation = Mutation(seed: 21)
    var accepted = 0
    let count = FuzzCount.of(500, many: 10_000)
    for number in 0..<count {
      // A few lines of a sound file, or nothing of it.
      var text = number % 4 == 0 ? "" : (0..<4).map { _ in mutation.pick(sound) }.joined(separator: "\n")
      for _ in 0...mutation.index(below: 12) {
        let place = text.unicodeScalars.index(
          text.startIndex, offsetBy: mutation.index(below: text.unicodeScalars.count + 1))
        text.unicodeScalars.insert(contentsOf: mutation.pick(Self.marks).unicodeScalars, at: place)
      }
      if mutation.index(below: 3) == 0 { text = mutation.changed(text) }
      do {
        for assignment in try SettingsFile.parse(Array(text.utf8)).assignments {
          _ = try? TrainingSettings.resolved(
            for: entry, file: nil, assignments: ["\(assignment.key)=\(assignment.text)"], options: [])
        }
        accepted += 1
      } catch { #expect("\(error)".count < 2_000, "\(text.debugDescription)") }
      let file = try folder.write(text, to: "settings.yaml")
      do {
        _ = try TrainingSettings.resolved(for: entry, file: file, assignments: [], options: [])
      } catch { #expect(isCleanLine(error), "\(text.debugDescription): \(error)") }
    }
    #expect(accepted > 0 && accepted < count)
  }

  // MARK: Tables

  private static let cells = [
    "", "nan", "inf", "-inf", "1e308", "-1e308", "1e101", "1e100", "-1e100", "1e-320", "0", "-0", "1e18", "1e19", "1",
    "-1",
    "0x1p3", "9223372036854775807", "x", "\u{1B}[2J", "\"", "\"a,b\"", "\0", "1 ", "+1", "99999999999", "3",
  ]

  /// A table of a run at work, with any cell, name or line another.
  private func table(_ names: [String], _ mutation: inout Mutation) -> [UInt8] {
    let rows = mutation.pick([0, 1, 2, 3, 30, 400])
    var lines = [names] + (0..<rows).map { row in names.indices.map { "\((row + 1) * ($0 + 1))" } }
    for _ in 0..<mutation.index(below: 5) {
      let row = mutation.index(below: lines.count)
      let cell = mutation.index(below: names.count)
      if lines[row].indices.contains(cell), row > 0 || mutation.index(below: 5) == 0 {
        lines[row][cell] = mutation.pick(Self.cells)
      }
      switch mutation.index(below: 30) {
      case 0: lines.remove(at: row)
      case 1: lines.insert(lines[row], at: mutation.index(below: lines.count))
      case 2: lines[row].removeLast()
      case 3: lines.shuffle()
      default: break
      }
      if lines.isEmpty { lines = [names] }
    }
    let bytes = Array((lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n").utf8)
    return mutation.index(below: 8) == 0 ? mutation.changed(bytes) : bytes
  }

  private func makeRun(_ mutation: inout Mutation) throws {
    let path = folder.path + "/run"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let entry = try #require(Catalog.standard["pendulum"])
    let settings = try TrainingSettings.resolved(for: entry, file: nil, assignments: [], options: [])
    let robot = mutation.pick(["pendulum", "a\u{1B}[2Jb", "<x>&'\""])
    _ = try folder.write(SettingsFile.text(of: settings, robot: robot), to: "run/config.yaml")
    let progress = [
      "steps", "return", "length_s", "kl", "std/a", "std/b", "training_seconds", "evaluation_seconds",
    ]
    let evaluations = ["steps", "return", "return/std", "return/ci95_low", "return/ci95_high", "success"]
    for (name, columns) in [("progress", progress), ("evaluations", evaluations)] {
      try Data(table(columns, &mutation)).write(to: URL(fileURLWithPath: "\(path)/\(name).csv"))
    }
  }

  @Test func tablesAreDrawnOrRefusedInOneLine() throws {
    var mutation = Mutation(seed: 22)
    var drawn = 0
    let count = FuzzCount.of(200, many: 2_000)
    for number in 0..<count {
      try makeRun(&mutation)
      do {
        let set = try CurveSet.read(folder.path + "/run")
        for abscissa in Abscissa.allCases {
          let sheet = ChartSheet([set, set], panels: CurvePanel.standard, against: abscissa)
          _ = PlotPage.body(of: sheet)
          #expect(sheet.summary.split(separator: "\n").allSatisfy { isCleanLine($0) }, "\(number): \(sheet.summary)")
        }
        var watcher = RunWatcher(folder.path + "/run", in: .standard)
        _ = (try watcher.state().line, try watcher.curves())
        drawn += 1
      } catch { #expect(isCleanLine(error), "\(number): \(error)") }
    }
    #expect(drawn > 0 && drawn < count)
  }

  @Test func theCommandIsClean() throws {
    var mutation = Mutation(seed: 23)
    for number in 0..<FuzzCount.of(6, many: 200) {
      try makeRun(&mutation)
      let outcome = try Command.run(["plot", "run", "--out", number % 2 == 0 ? "plot.html" : "plot.svg"], in: folder)
      #expect(outcome.isClean, "\(number): \(outcome)")
    }
  }
}
