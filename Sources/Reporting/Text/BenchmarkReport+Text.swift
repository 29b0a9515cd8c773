import Environments
import Training

extension BenchmarkReport {
  /// A table for reading, under a line that names the machine.
  package var text: String {
    var cells = [["", "value", "unit", "ratio", "against"]]
    for row in rows {
      cells.append([
        row.name, row.value >= 1000 ? NumberText.grouped(row.value) : NumberText.short(row.value),
        row.unit, row.ratio.map(NumberText.short) ?? "", row.against ?? "",
      ])
    }
    return """
      \(machine)
      \(robot), policy \(policy); \(threads) \(threads == 1 ? "thread" : "threads"); medians

      \(TextTable(cells, leftColumns: [0, 2, 4]).text)
      """
  }
}

extension PhysicsReport {
  /// A table for reading, under a line that names the machine.
  package var text: String {
    var cells = [["", "steps/s", "joint gap, mm", "energy, %/s", "slip, mm/s", "deviation, mm"]]
    for row in rows {
      let errors = row.errors
      cells.append(
        [row.choice.name, "× " + NumberText.short(row.gain)]
          + [errors.jointGap * 1000, errors.energyDrift * 100, errors.slip * 1000, errors.deviation * 1000]
          .map(NumberText.short))
    }
    return """
      \(machine)
      \(robot), one thread; steps/s against the robot's own way, medians

      \(TextTable(cells).text)
      """
  }
}
