import Learning
import Networks
import Robotics
import Storage

/// What other ways to step a robot's physics would gain, and what they would get wrong.
package struct PhysicsReport {
  package struct Row {
    package let choice: PhysicsStudy.Choice
    /// Control steps per second, divided by those of the robot's own way.
    package let gain: Double
    package let errors: PhysicsStudy.Errors
  }

  package let robot: String
  package let machine: String
  package let rows: [Row]

  /// Measures every choice, in interleaved rounds.
  ///
  /// - Parameter seconds: of the measurement.
  package init(of entry: Catalog.Entry, _ study: PhysicsStudy, seconds: Double) throws {
    robot = entry.name
    machine = Host.description(kernels: PeakArithmetic.variant)
    let choices = study.choices
    var times = choices.map { _ in Samples() }
    Rounds.run(for: seconds) {
      for (i, choice) in choices.enumerated() { times[i].add(Self.time(choice, study)) }
    }
    let reference = try study.reference()
    rows = choices.indices.map { i in
      Row(
        choice: choices[i], gain: times[0].ratio(to: times[i]), errors: study.errors(of: choices[i], against: reference)
      )
    }
  }

  /// Seconds that the motion takes ten times; not a number where it fails.
  private static func time(_ choice: PhysicsStudy.Choice, _ study: PhysicsStudy) -> Double {
    do {
      var motion = try study.motion(by: choice)
      let watch = Stopwatch()
      for _ in 0..<10 { try motion.run() }
      return watch.seconds
    } catch { return .nan }
  }

  /// The document that `benchmark --physics --json` prints.
  package var json: JSON {
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
}
