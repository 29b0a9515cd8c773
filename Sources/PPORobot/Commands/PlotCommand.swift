import ArgumentParser
import Learning
import Networks
import Reporting
import Robotics
import Storage
import Training

/// Draws the curves of trainings.
struct PlotCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws the curves of one or several runs.",
    discussion: """
      Give a run directory, or a folder of 'train --seeds', whose runs are drawn as one line, their median, with its \
      interval. Several of them are drawn together. A run that is still training is drawn up to its present step.

      The ending of --out selects the format: .html, a page that shows the values under the pointer; .svg; or .png. Without it the page is plot.html in the run's folder, or with several RUNs \
      in the current folder. At most \(ChartSheet.mostSets) can be drawn together.
      """)

  @Argument(help: ArgumentHelp("Run directories, or folders of train --seeds.", valueName: "run"))
  var runs: [String]

  @Option(help: ArgumentHelp("Where the plot goes: a name that ends in .html, .svg or .png.", valueName: "file"))
  var out: String?

  @Option(help: "What the curves are drawn against: steps, or time, which is seconds of training.")
  var against: String = Abscissa.steps.rawValue

  @Option(
    help: ArgumentHelp(
      "What is drawn, with commas between: columns of progress.csv, and of evaluations.csv with evaluation/ before them, "
        + "as in return,reward/speed,evaluation/length_s. (default: return, length, losses and diagnostics)",
      valueName: "figures"))
  var panels: String?

  func run(with catalog: Catalog) throws {
    guard let abscissa = Abscissa(rawValue: against) else {
      throw CommandError("--against is \(quoted(against)); it must be steps or time")
    }
    let paths = runs.map(Files.withoutTrailingSlash)
    let out = out ?? (paths.count == 1 ? "\(paths[0])/plot.html" : "plot.html")
    guard paths.count <= ChartSheet.mostSets else {
      throw CommandError(
        "\(paths.count) curves in a panel cannot be distinguished; give at most \(ChartSheet.mostSets), and runs that differ "
          + "in their seed alone as one folder of train --seeds")
    }
    let sets = try CurveSet.read(paths)
    let format = try PlotFormat(of: out)
    for run in sets.flatMap(\.runs) where run.progress.rowCount == 0 {
      throw CommandError("\(quoted(run.folder.path)) has no iterations yet; plot it once its training has made one")
    }
    let sheet = ChartSheet(
      sets, panels: try panels.map { try CurvePanel.named($0, in: sets) } ?? CurvePanel.standard, against: abscissa)
    guard !sheet.charts.isEmpty else {
      throw CommandError("none of these figures has a value yet, so there is nothing to draw")
    }
    switch format {
    case .page: try AtomicFile.write(Array(PlotPage.html(sheet).utf8), to: out)
    case .vector: try AtomicFile.write(Array(PlotSheet.svg(sheet).utf8), to: out)
    case .pixels: try AtomicFile.write(PlotPicture.png(of: sheet), to: out)
    }
    Output.print(sheet.summary)
    Output.note("\(out): \(sheet.charts.count == 1 ? "1 panel" : "\(sheet.charts.count) panels")")
  }
}

/// What kind of file shows curves.
enum PlotFormat {
  case page
  case vector
  case pixels

  /// - Parameter path: the file's name, whose ending decides.
  init(of path: String) throws {
    switch path.lowercased() {
    case let name where name.hasSuffix(".html"): self = .page
    case let name where name.hasSuffix(".svg"): self = .vector
    case let name where name.hasSuffix(".png"): self = .pixels
    default: throw CommandError("--out is \(quoted(path)); it must end in .html, .svg or .png")
    }
    guard Files.kind(at: path) != .folder else { throw CommandError("\(quoted(path)) is a folder") }
  }
}
