import Environments
import Learning
import Networks
import Robotics
import Storage
import Training

/// What can be seen of a run at work. It reads the run's folder and nothing else, so that it can be in the training's process
/// or in any other.
package struct RunWatcher {
  private let catalog: Catalog
  /// A run directory, or a folder of `train --seeds`.
  package let path: String
  private var view = RefreshedValue<View>()
  private var diagnosis = RefreshedValue<[Finding]>()

  /// What the tables contain.
  private struct View {
    var figures: [(key: String, value: JSON)]
    /// A part of a page.
    var curves: String
  }

  package init(_ path: String, in catalog: Catalog) {
    self.path = path
    self.catalog = catalog
  }

  /// The runs in the folder that have begun.
  private var runs: [RunDirectory] {
    get throws { try SeedFolder.runs(in: path).map(RunDirectory.init(path:)).filter(\.isBegun) }
  }

  /// The run at work: of several the first that is not complete, or else the last.
  package static func current(in path: String) throws -> RunDirectory? {
    let runs = try SeedFolder.runs(in: path).map(RunDirectory.init(path:)).filter(\.isBegun)
    return runs.first { Files.kind(at: $0.summary) == .nothing } ?? runs.last
  }

  /// The panels of `ppo-robot plot`, as a part of a page.
  package mutating func curves() throws -> String { try updatedView().curves }

  /// The present state of the run.
  package mutating func state() throws -> JSON {
    guard let run = try Self.current(in: path) else { return .object([("status", .text("starting"))]) }
    let silence = Files.stamp(of: run.progress).map { Host.secondsSince1970 - Double($0.seconds) } ?? 0
    let status =
      Files.kind(at: run.summary) == .other ? "complete" : silence > Self.longSilence ? "silent" : "training"
    return .object(
      [("status", .text(status)), ("silent_s", .number(silence))] + (try updatedView().figures)
        + [
          ("doctor", .array(try findings(of: run).map(\.json))),
          ("policy", Files.stamp(of: run.last).map { .text("\($0.seconds).\($0.nanoseconds)") } ?? .null),
        ])
  }

  /// Seconds without an iteration after which nothing is being learned any more, or something takes its time.
  private static let longSilence = 60.0

  private mutating func updatedView() throws -> View {
    let (runs, path) = (try runs, path)
    return try view.value(from: runs.flatMap { [$0.progress, $0.evaluations] } + [path]) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let set = CurveSet(name: name, runs: try runs.map(RunCurves.init(in:)))
      let sheet = ChartSheet([set], panels: CurvePanel.standard, against: .steps)
      let curves = sheet.charts.isEmpty ? "<p>No iteration is over yet.</p>" : PlotPage.body(of: sheet)
      let current = try Self.current(in: path)
      let figures = try set.runs.first { $0.folder == current }.map(Self.figures) ?? []
      return View(figures: figures, curves: curves)
    }
  }

  /// How far the run has come, and what is left.
  private static func figures(of run: RunCurves) throws -> [(key: String, value: JSON)] {
    let settings = try TrainingSettings.recorded(
      in: SettingsFile.read(run.folder.config), source: quoted(run.folder.config))
    let last = { (name: String) in run.progress[name]?.last ?? .nan }
    let (steps, training) = (last("steps"), last("training_seconds"))
    let rest = max(0, Double(settings.steps) - steps)
    let present = { (table: CurveTable, name: String) in JSON.number(ifAny: table[name]?.last { $0.isFinite }) }
    let overhead = last("evaluation_seconds") + last("checkpoint_seconds") + last("logging_seconds")
    return [
      ("robot", .text(run.robot)), ("run_dir", .text(run.folder.path)), ("rows", .whole(run.progress.rowCount)),
      ("evaluations", .whole(run.evaluations.rowCount)), ("steps", .number(steps)),
      ("total_steps", .whole(settings.steps)), ("steps_per_second", .number(steps / training)),
      ("return", present(run.progress, "return")), ("length_s", present(run.progress, "length_s")),
      ("success", present(run.evaluations, "success")),
      ("training_seconds", .number(training)), ("seconds_left", .number(rest / steps * (training + overhead))),
    ]
  }

  /// What the run doctor found wrong when the last checkpoint was written.
  private mutating func findings(of run: RunDirectory) throws -> [Finding] {
    let catalog = catalog
    return try diagnosis.value(from: [run.last]) {
      guard Files.kind(at: run.last) == .other else { return [] }
      let contents = try SettingsFile.read(run.config)
      let settings = try TrainingSettings.recorded(in: contents, source: quoted(run.config))
      let file = try TensorFile(contentsOf: run.last)
      let entry = try catalog.entry(named: try file.text("robot"))
      var doctor = RunDoctor(
        robot: entry.name, spec: try entry.spec(), success: entry.success, settings: settings,
        processors: Host.processors)
      try doctor.restore(from: file)
      return doctor.findings
    }
  }
}
