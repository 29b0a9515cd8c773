import Robotics
import Storage

/// One disturbance at growing levels, all others off.
package struct DisturbanceSweep: Sendable {
  /// As in JSON and CSV.
  package let name: String
  /// "" for a plain factor.
  package let unit: String
  /// Where nothing is disturbed.
  package let nominal: Double
  /// From mild to wild.
  package let levels: [Double]
  /// What a level does.
  package let apply: @Sendable (inout DomainRandomization, Double) -> Void

  package init(
    name: String, unit: String, nominal: Double, levels: [Double],
    apply: @escaping @Sendable (inout DomainRandomization, Double) -> Void
  ) {
    self.name = name
    self.unit = unit
    self.nominal = nominal
    self.levels = levels
    self.apply = apply
  }

  /// Name and unit for people.
  package var title: String { unit.isEmpty ? "\(words) ×" : "\(words) (\(unit))" }
  /// "motor strength".
  package var words: String { name.split(separator: "_").joined(separator: " ") }
  /// Whether levels rise.
  package var isRising: Bool { levels.last.map { $0 > nominal } ?? true }

  /// All that can happen to a robot.
  ///
  /// - Parameters:
  ///   - episodeSeconds: how long an episode can last; a push comes at least twice.
  ///   - noiseUnits: for each column that the policy reads, its standard deviation where nothing is disturbed.
  package static func all(for model: RobotModel, episodeSeconds: Double, noiseUnits: [Float]) -> [DisturbanceSweep] {
    // Whole physics steps, as that is what a latency is rounded to.
    let substep = model.physics.substep
    let latencies = Set(
      [0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2].map { ($0 / substep).rounded() })
    let pushes = DisturbanceSweep(
      name: "push", unit: "m/s", nominal: 0, levels: [0.2, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3]
    ) {
      $0.push = $1...$1
      $0.pushInterval = min(DomainRandomization().pushInterval, episodeSeconds / 2)
    }
    let friction = DisturbanceSweep(
      name: "friction", unit: "", nominal: 1, levels: [0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
    ) { $0.friction = $1...$1 }
    let others = [
      DisturbanceSweep(name: "more_mass", unit: "", nominal: 1, levels: [1.1, 1.2, 1.3, 1.5, 1.75, 2, 2.5, 3]) {
        $0.mass = $1...$1
      },
      DisturbanceSweep(name: "less_mass", unit: "", nominal: 1, levels: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]) {
        $0.mass = $1...$1
      },
      DisturbanceSweep(
        name: "motor_strength", unit: "", nominal: 1, levels: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
      ) { $0.strength = $1...$1 },
      DisturbanceSweep(
        name: "latency", unit: "s", nominal: 0, levels: latencies.filter { $0 > 0 }.sorted().map { $0 * substep }
      ) { $0.latency = $1...$1 },
      DisturbanceSweep(
        name: "sensor_noise", unit: "of spread", nominal: 0, levels: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5]
      ) {
        $0.noise = $1...$1
        $0.noiseUnits = noiseUnits
      },
    ]
    let contacts = [
      DisturbanceSweep(
        name: "softer_contacts", unit: "", nominal: 1, levels: [0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01]
      ) { $0.contactStiffness = $1...$1 },
      DisturbanceSweep(name: "harder_contacts", unit: "", nominal: 1, levels: [2, 3, 5, 10, 20, 50, 100]) {
        $0.contactStiffness = $1...$1
      },
    ]
    let damping = [
      DisturbanceSweep(name: "more_damping", unit: "", nominal: 1, levels: [1.2, 1.5, 2, 3, 5, 10]) {
        $0.jointDamping = $1...$1
      },
      DisturbanceSweep(name: "less_damping", unit: "", nominal: 1, levels: [0.8, 0.6, 0.5, 0.3, 0.2, 0.1, 0.01]) {
        $0.jointDamping = $1...$1
      },
    ]
    let ground = model.physics.hasGround ? [friction] + contacts : []
    return (model.isFloating ? [pushes] : []) + ground + others + damping
  }
}
