import Physics
import Robotics

/// Whether the actuators' limits are enough for the robot's own weight.
///
/// The robot stands on the ground in its neutral pose with its root on an upright rail, so that it can sink but not tip,
/// and every actuator holds its axis there as hard as its limit allows, whatever its own gains are. What a robot with a
/// root in the world has to hold is the weight of its links alone.
enum HoldingCheck {
  /// Seconds until it has settled, and for which the efforts are then taken.
  static let (settling, looking) = (1.5, 0.25)
  /// How far from the neutral pose an axis is held with all that its actuator has, rad or m.
  static let give = 0.02
  /// How far an axis may be off before it counts as not held, rad; a slider's, m.
  static let (farTurned, farSlid) = (0.1, 0.05)
  /// The share of the limit above which little is left for moving.
  static let greatestShare = 0.7

  private static let rail = "upright rail of the check"

  static func findings(of robot: any Robot) -> [Finding] { (try? measured(robot)) ?? [] }

  private static func measured(_ robot: some Robot) throws -> [Finding] {
    let model = try RobotModel(robot)
    var sim = try Simulation(RobotModel(held(robot)))
    let first = sim.model.axes.count - model.axes.count
    guard !model.actuatedAxes.isEmpty else { return [] }
    var positions = sim.model.neutralPositions
    if first == 1 { positions[0] = -sim.lowestPoint(at: sim.rootPose, positions: positions) }
    guard positions.allSatisfy(\.isFinite) else { return [] }
    sim.place(at: sim.rootPose, positions: positions)
    let idle = Array(repeating: Float(0), count: model.actuatedAxes.count)
    let (before, after) = (Int(settling / sim.controlInterval), max(1, Int(looking / sim.controlInterval)))
    var shares = Array(repeating: 0.0, count: idle.count)
    var distances = shares
    for step in 0..<(before + after) {
      try sim.step(idle.span)
      guard step >= before else { continue }
      for (number, axis) in model.actuatedAxes.enumerated() {
        shares[number] += abs(sim.torque(ofActuator: number)) / sim.torqueLimit(ofActuator: number) / Double(after)
        distances[number] += abs(sim.position(ofAxis: first + axis) - model.axes[axis].neutral) / Double(after)
      }
    }
    return model.actuatedAxes.enumerated().compactMap { number, axis in
      finding(axis, of: model, share: shares[number], distance: distances[number])
    }
  }

  private static func finding(_ index: Int, of model: RobotModel, share: Double, distance: Double) -> Finding? {
    guard let limit = model.axes[index].actuator?.drive.maxTorque, limit.isFinite, share > greatestShare else {
      return nil
    }
    let isSliding = model.isSliding(axis: index)
    let (unit, place) = (effortUnit(sliding: isSliding), "axis '\(model.axes[index].name)'")
    guard distance > (isSliding ? farSlid : farTurned) else {
      return Finding(
        id: "little_strength_left", severity: .warning, place: place,
        sentence: "holding the neutral pose alone takes \(figure(share * 100)) % of its \(figure(limit)) \(unit)",
        hint: "give its actuator a limit of \(figure(2 * share * limit)) \(unit), or less to carry")
    }
    // A machine in the world may be meant to be weak, as a pendulum that has to swing itself up.
    return Finding(
      id: "too_weak", severity: model.isFloating ? .error : .warning, place: place,
      sentence: "its \(figure(limit)) \(unit) do not hold the robot's weight: it gives way by \(figure(distance)) "
        + positionUnit(sliding: isSliding),
      hint: "give its actuator a higher limit (try \(figure(3 * limit)) \(unit)), or the links it carries less mass")
  }

  /// The robot on its rail, every actuator a stiff spring towards the neutral position within its own limit.
  private static func held(_ robot: some Robot) -> RobotVariation {
    var physics = robot.physics
    var body = robot.body.changing { link in
      link.changeAxes { axis in
        guard let limit = axis.actuator?.drive.maxTorque else { return }
        let stiffness = (limit.isFinite ? limit : 1e6) / give
        axis.actuator = .position(
          stiffness: stiffness, damping: stiffness / 20, limit: limit, reach: 0, form: .implicit)
      }
    }
    if body.joint == nil {
      body.joint = .slider(Axis(rail, [0, 0, 1]))
      physics.isPlanar = false
    }
    return RobotVariation(name: robot.name, body: body, physics: physics, ignoredPairs: robot.ignoredPairs)
  }
}
