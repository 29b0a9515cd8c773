import Learning

/// The page `Documentation/Settings.md`, from the table that `train --help` shows.
package enum SettingsReference {
  /// The page as Markdown, with a line break at its end.
  package static var page: String {
    """
    # Settings of a training

    `ppo-robot list --settings` prints this page from the table that `ppo-robot train --help` shows.

    A setting comes from the defaults below, then the robot's preset, then `--config FILE.yaml`, then `--set KEY=VALUE`, then
    options such as `--steps`; later ones win. `ppo-robot train --robot NAME --print-config` prints what results for a robot, as
    a file that `--config` takes. In such a file the part of a name before the dot is a section:

    ```yaml
    steps: 500_000
    ppo:
      epochs: 4
      hidden_layers: [64, 64]
    ```

    When a run is resumed, only settings marked with * may be changed; the others would make it another training.

    \(TrainingKey.groups.map(section).joined(separator: "\n\n"))

    ## Names in other libraries

    `--set` suggests our name for those of Stable-Baselines3, CleanRL, rsl_rl, RLlib and Brax:

    \(table(header: ["there", "here"], FieldNames.settings(of: .standard).sorted { $0.key < $1.key }.map { [code($0.key), code($0.value)] }))

    """
  }

  private static func section(_ group: TrainingKey.Group) -> String {
    let rows = group.keys.map { key in
      [
        code(key.name) + (key.affectsResult ? "" : " *"), key.summary, key.kind.expectation,
        key.machineDefault ?? code(key.defaultText(of: kind(of: key))),
      ]
    }
    return "## \(group.title)\n\n" + table(header: ["setting", "meaning", "value", "default"], rows)
  }

  /// The learner whose setting `key` is; for a setting of every training the one that trains where none is named.
  private static func kind(of key: TrainingKey) -> LearnerKind {
    key.name.split(separator: ".").first.flatMap { LearnerKind.named(String($0)) } ?? .standard
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func table(header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }
}
