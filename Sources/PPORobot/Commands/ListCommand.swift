import ArgumentParser
import Environments
import Reporting
import Robotics
import Storage
import Training

/// Lists the robots, or the settings of trainings.
struct ListCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the robots that can be trained and evaluated, or all settings of a training.")

  @Flag(help: "Print a JSON array.")
  var json = false

  @Flag(help: "Print every setting of a training with its range and default, as Markdown.")
  var settings = false

  func run(with catalog: Catalog) throws {
    if settings {
      guard !json else { throw CommandError("--settings prints Markdown and --json lists robots; give one of them") }
      return Output.print(SettingsReference.page, terminator: "")
    }
    let rows = try catalog.entries.map { (entry: $0, spec: try $0.spec()) }
    if json {
      let array = rows.map { entry, spec in
        JSON.object([
          ("name", .text(entry.name)), ("summary", .text(entry.summary)),
          ("observations", .whole(spec.observationCount)), ("actions", .whole(spec.actionCount)),
          ("control_hz", .number(1 / spec.controlInterval)),
          ("episode_s", .number(Double(spec.episodeSteps) * spec.controlInterval)),
          ("has_policy", .flag(entry.trainedPolicy != nil)),
        ])
      }
      Output.print(JSON.array(array).document)
      return
    }
    var table = [["robot", "observations", "actions", "control", "episode", "trained", "summary"]]
    for (entry, spec) in rows {
      table.append([
        entry.name, "\(spec.observationCount)", "\(spec.actionCount)",
        "\(NumberText.short(1 / spec.controlInterval)) Hz",
        "\(NumberText.short(Double(spec.episodeSteps) * spec.controlInterval)) s",
        entry.trainedPolicy == nil ? "no" : "yes", entry.summary,
      ])
    }
    Output.print(TextTable(table, leftColumns: [0, 6]).text)
  }
}
