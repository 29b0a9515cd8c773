import Environments
import Physics
import RobotFiles
import Robotics
import Storage

/// What was understood of a robot's file and derived for it: what a sidecar may change.
package struct DesignReport: Sendable {
  private let robot: LoadedRobot
  private let model: RobotModel
  private let summary: String

  /// Nil for a robot that does not come from a file.
  package init?(of entry: Catalog.Entry) throws {
    guard let robot = entry.robot as? LoadedRobot else { return nil }
    self.robot = robot
    model = try RobotModel(robot)
    summary = entry.summary
  }

  private var base: String { !model.isFloating ? "fixed" : model.physics.isPlanar ? "planar" : "floating" }

  package var text: String {
    var lines = [
      "\(model.links.count) links, \(model.axes.count) axes, \(model.actuatedAxes.count) of them driven, "
        + "\(NumberText.short(model.totalMass)) kg; base: \(base)",
      "task: \(robot.task.rawValue), \(summary)",
    ]
    if !robot.feet.isEmpty {
      lines.append(
        "feet: \(robot.feet.joined(separator: ", ")); it stands \(NumberText.short(robot.standingHeight)) m high")
    }
    if let hand = robot.hand {
      let tip = [hand.tip.x, hand.tip.y, hand.tip.z].map(NumberText.short).joined(separator: ", ")
      lines.append("hand: \(hand.link), its tip at [\(tip)] m")
    }
    let physics = model.physics
    lines.append(
      "physics: sim_dt \(NumberText.short(physics.substep)) s, decimation \(physics.substeps), "
        + (physics.solver == .direct ? "solved exactly" : "solved by iterations"))
    return lines.joined(separator: "\n") + "\n\n" + table.text
  }

  /// A row for each axis.
  private var table: TextTable {
    let head = ["axis", "default", "stops", "control", "stiffness", "damping", "effort", "action scale"]
    return TextTable(
      [head]
        + model.axes.map { axis in
          let range = axis.range.map {
            "\(NumberText.short($0.lowerBound)) to \(NumberText.short($0.upperBound))"
          }
          return [axis.name, NumberText.short(axis.neutral), range ?? "none"] + Self.drive(of: axis)
        }, leftColumns: [0, 2, 3])
  }

  private static func drive(of axis: Axis) -> [String] {
    guard let actuator = axis.actuator else { return ["none"] }
    let scale = NumberText.short(actuator.scale)
    let effort = NumberText.short(actuator.drive.maxTorque)
    switch actuator.drive {
    case .position(let stiffness, let damping, _, _):
      return ["P", NumberText.short(stiffness), NumberText.short(damping), effort, scale]
    case .velocity(let gain, _): return ["V", "", NumberText.short(gain), effort, scale]
    case .torque: return ["T", "", "", effort, scale]
    }
  }

  package var json: JSON {
    .object([
      ("links", .array(model.linkNames.map(JSON.text))), ("mass_kg", .number(model.totalMass)), ("base", .text(base)),
      ("task", .text(robot.task.rawValue)), ("feet", .array(robot.feet.map(JSON.text))),
      ("hand", robot.hand.map { .text($0.link) } ?? .null), ("standing_height_m", .number(robot.standingHeight)),
      ("sim_dt", .number(model.physics.substep)), ("decimation", .whole(model.physics.substeps)),
      (
        "warnings",
        .array(
          robot.warnings.map {
            .object([
              ("file", .text($0.file)), ("line", .whole($0.line)), ("what", .text($0.text)),
            ])
          })
      ),
      ("axes", .array(model.axes.map(Self.json))),
    ])
  }

  private static func json(of axis: Axis) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("name", .text(axis.name)), ("default", .number(axis.neutral)), ("stops", .interval(axis.range)),
      ("control_type", axis.actuator.map { _ in .text(drive(of: axis)[0]) } ?? .null),
      ("effort_limit", .number(ifAny: axis.actuator?.drive.maxTorque)),
      ("action_scale", .number(ifAny: axis.actuator?.scale)),
    ]
    if case .position(let stiffness, let damping, _, _)? = axis.actuator?.drive {
      members += [("stiffness", .number(stiffness)), ("damping", .number(damping))]
    }
    return .object(members)
  }
}
