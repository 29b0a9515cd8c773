import Learning
import Robotics

/// What other ways to step a robot's physics would gain, and what they would get wrong.
struct PhysicsReport {
  struct Row {
    let choice: PhysicsStudy.Choice
    /// Control steps per second, divided by those of the robot's own way.
    let gain: Double
    let errors: PhysicsStudy.Errors
  }

  let robot: String
  let machine: String
  let rows: [Row]

  /// Measures every choice, all taking turns.
  ///
  /// - Parameter seconds: for which the turns go on.
  init(of entry: Catalog.Entry, _ study: PhysicsStudy, seconds: Double) throws {
    robot = entry.name
    machine = Host.description(kernels: PeakArithmetic.variant)
    let choices = study.choices
    var times = choices.map { _ in Samples() }
    Turns.take(for: seconds) {
      for (i, choice) in choices.enumerated() { times[i].add(Self.time(choice, study)) }
    }
    let reference = try study.reference()
    rows = choices.indices.map { i in
      Row(
        choice: choices[i], gain: times[0].ratio(to: times[i]), errors: study.errors(of: choices[i], against: reference)
      )
    }
  }

  /// Seconds that the motion takes ten times; not a number where it breaks down.
  private static func time(_ choice: PhysicsStudy.Choice, _ study: PhysicsStudy) -> Double {
    do {
      var motion = try study.motion(by: choice)
      let watch = Stopwatch()
      for _ in 0..<10 { try motion.run() }
      return watch.seconds
    } catch { return .nan }
  }

  /// The document that `benchmark --physics --json` prints.
  var json: JSON {
    .object([
      ("machine", .text(machine)),
      (
        "choices",
        .array(
          rows.map { row in
            .object([
              ("name", .text(row.choice.name)), ("gain", .number(row.gain)),
              ("joint_gap_m", .number(row.errors.jointGap)), ("energy_drift_per_s", .number(row.errors.energyDrift)),
              ("slip_m_s", .number(row.errors.slip)), ("deviation_m", .number(row.errors.deviation)),
            ])
          })
      ),
    ])
  }

  /// A table for reading, under a line that names the machine.
  var text: String {
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
