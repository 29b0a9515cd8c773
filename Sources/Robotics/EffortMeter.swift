import Environments
import Physics

/// Measures, for any robot, how hard its actuators work during an episode.
///
/// Torques are those of every physics step (a slider's are forces), positions those at the end of control steps.
package struct EffortMeter: Sendable {
  /// What every name of a figure starts with.
  package static let prefix = "effort/"

  /// How close to a stop, as a share of the range between both, an axis counts as standing at it.
  static let stopMargin = 0.01
  /// The share of its limit from which on a torque counts as being at it: the solver keeps it only about exactly.
  static let limitShare = 0.999

  private struct Joint: Sendable {
    let axis: Int
    let range: ClosedRange<Double>?
    /// Σ|torque|·dt, N·m·s.
    var impulse = 0.0
    var peak = 0.0
    /// Control steps in which the torque reached its limit.
    var stepsAtLimit = 0
    /// Control steps that ended at a stop.
    var stepsAtStop = 0
  }

  private var joints: [Joint]
  private var steps = 0
  private var energy = 0.0
  /// Σ|Δaction| over all steps but the first and all components.
  private var actionChange = 0.0
  private var previousAction: [Float]

  /// Names of what `write` writes: of the whole robot, then `effort/JOINT/FIGURE` of each actuated axis.
  static func names(for model: RobotModel) -> [String] {
    let whole = ["energy_j", "power_w", "action_rate"]
    let joints = model.actuatedAxes.flatMap { index in
      let (effort, unit) = model.isSliding(axis: index) ? ("force", "n") : ("torque", "nm")
      return ["\(effort)_\(unit)", "peak_\(effort)_\(unit)", "\(effort)_share", "at_\(effort)_limit", "at_joint_limit"]
        .map { "\(model.axes[index].name)/\($0)" }
    }
    return (whole + joints).map { prefix + $0 }
  }

  init(_ model: RobotModel) {
    joints = model.actuatedAxes.map { Joint(axis: $0, range: model.axes[$0].range) }
    previousAction = Array(repeating: 0, count: joints.count)
  }

  /// Forgets the last episode.
  mutating func begin() {
    for i in joints.indices {
      joints[i].impulse = 0
      joints[i].peak = 0
      joints[i].stepsAtLimit = 0
      joints[i].stepsAtStop = 0
    }
    steps = 0
    energy = 0
    actionChange = 0
  }

  /// Takes in the control step that has just passed, with `action`.
  mutating func update(_ sim: borrowing Simulation, action: Span<Float>) {
    for i in joints.indices {
      let peak = sim.peakTorque(ofActuator: i)
      joints[i].impulse += sim.impulse(ofActuator: i)
      joints[i].peak = max(joints[i].peak, peak)
      if peak >= Self.limitShare * sim.torqueLimit(ofActuator: i) { joints[i].stepsAtLimit += 1 }
      if let range = joints[i].range {
        let position = sim.position(ofAxis: joints[i].axis)
        let margin = Self.stopMargin * (range.upperBound - range.lowerBound)
        if position < range.lowerBound + margin || position > range.upperBound - margin { joints[i].stepsAtStop += 1 }
      }
      if steps > 0 { actionChange += Double(abs(action[i] - previousAction[i])) }
      previousAction[i] = action[i]
    }
    steps += 1
    energy += sim.work
  }

  /// Writes the figures that `names(for:)` names; what has no meaning, or none yet, is not-a-number.
  func write(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>) {
    let time = Double(steps) * sim.controlInterval
    let changes = Double((steps - 1) * joints.count) * sim.controlInterval
    values[0] = energy
    values[1] = steps > 0 ? energy / time : .nan
    values[2] = steps > 1 ? actionChange / changes : .nan
    for (i, joint) in joints.enumerated() {
      let limit = sim.torqueLimit(ofActuator: i)
      let share = { (count: Int) in steps > 0 ? Double(count) / Double(steps) : .nan }
      let mean = steps > 0 ? joint.impulse / time : .nan
      let start = 3 + 5 * i
      values[start] = mean
      values[start + 1] = steps > 0 ? joint.peak : .nan
      values[start + 2] = limit.isFinite ? mean / limit : .nan
      values[start + 3] = limit.isFinite ? share(joint.stepsAtLimit) : .nan
      values[start + 4] = joint.range != nil ? share(joint.stepsAtStop) : .nan
    }
  }

  // MARK: Saving

  /// The range of a counter in saved state.
  private static let counts = 0...(1 << 53)

  func save(to writer: inout StateWriter) {
    for joint in joints {
      writer.write(joint.impulse)
      writer.write(joint.peak)
      writer.write(joint.stepsAtLimit)
      writer.write(joint.stepsAtStop)
    }
    writer.write(steps)
    writer.write(energy)
    writer.write(actionChange)
    writer.write(previousAction)
  }

  mutating func restore(from reader: inout StateReader) throws {
    for i in joints.indices {
      joints[i].impulse = try reader.readFiniteDouble()
      joints[i].peak = try reader.readFiniteDouble()
      joints[i].stepsAtLimit = try reader.readInt(in: Self.counts)
      joints[i].stepsAtStop = try reader.readInt(in: Self.counts)
    }
    steps = try reader.readInt(in: Self.counts)
    energy = try reader.readFiniteDouble()
    actionChange = try reader.readFiniteDouble()
    previousAction = try reader.readFiniteFloats(count: previousAction.count)
  }
}
