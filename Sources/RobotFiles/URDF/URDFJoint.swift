import Physics

/// A `joint` element of a URDF document.
struct URDFJoint {
  enum Kind {
    case fixed, floating
    case moving(FileJoint)
  }

  let element: XMLElement
  let name: String
  let parent: String
  let child: String
  /// Of the joint and of the child, in the parent's frame.
  let origin: Pose
  let kind: Kind
  /// What drives it, as far as the format says.
  private(set) var actuator: FileActuator?

  /// Efforts at and above this, N·m or N, are stand-ins of who did not know the motor.
  static let unknownEffort = 1000.0

  init(_ element: XMLElement, warnings: inout [RobotFileWarning]) throws(RobotFileError) {
    self.element = element
    guard let name = element["name"], !name.isEmpty else { throw element.error("'name' is missing") }
    self.name = name
    parent = try Self.link("parent", of: element)
    child = try Self.link("child", of: element)
    origin = try element.origin
    guard let type = element["type"] else { throw element.error("'type' is missing") }
    for child in element.children
    where ![
      "origin", "parent", "child", "axis", "limit", "dynamics", "mimic", "calibration", "safety_controller", "damping",
      "friction", "joint_properties", "hardwareInterface",
    ].contains(child.name) {
      warnings.append(RobotFileWarning("\(element.tag): <\(child.name)> is unknown and ignored", at: child.position))
    }
    switch type {
    case "fixed": kind = .fixed
    case "floating": kind = .floating
    case "revolute", "prismatic", "continuous":
      var joint = try Self.moving(element, name, type, &warnings)
      try Self.readDynamics(of: element, into: &joint, &warnings)
      kind = .moving(joint)
      actuator = try Self.actuator(of: element, joint)
    default:
      throw element.error(
        "joints of the type '\(excerpt(type))' are not supported; revolute, continuous, prismatic, fixed and "
          + "floating are", attribute: "type")
    }
  }

  private static func link(_ role: String, of element: XMLElement) throws(RobotFileError) -> String {
    guard let link = element.first(role)?["link"] else { throw element.error("<\(role) link=\"…\"> is missing") }
    return link
  }

  private static func moving(
    _ element: XMLElement, _ name: String, _ type: String, _ warnings: inout [RobotFileWarning]
  ) throws(RobotFileError) -> FileJoint {
    func warn(_ text: String, at place: XMLElement? = nil) {
      warnings.append(RobotFileWarning("\(element.tag): \(text)", at: (place ?? element).position))
    }
    let axis = try element.first("axis").flatMap { (axis) throws(RobotFileError) in try axis.vector("xyz") } ?? .unitX
    guard axis.length > 1e-9 else { throw (element.first("axis") ?? element).error("an axis must be longer than 0") }
    var joint = FileJoint(
      name: name, kind: type == "prismatic" ? .slide : .hinge, anchor: .zero, axis: axis.normalized,
      position: element.position)
    guard let limit = element.first("limit") else {
      guard type == "continuous" else {
        throw element.error("a \(type) joint needs <limit lower=\"…\" upper=\"…\" effort=\"…\" velocity=\"…\"/>")
      }
      return joint
    }
    let lower = try limit.number("lower")
    let upper = try limit.number("upper")
    if type == "continuous" {
      if lower != nil || upper != nil { warn("the stops of a continuous joint are ignored", at: limit) }
    } else if lower == nil, upper == nil {
      warn("it has no 'lower' and no 'upper', so it moves without stops", at: limit)
    } else {
      if lower == nil { warn("'lower' is missing and taken as 0", at: limit) }
      if upper == nil { warn("'upper' is missing and taken as 0", at: limit) }
      let (lower, upper) = (lower ?? 0, upper ?? 0)
      if lower <= upper {
        joint.range = lower...upper
      } else {
        warn("'lower' \(lower) is above 'upper' \(upper), so it moves without stops", at: limit)
      }
    }
    if let velocity = try limit.number("velocity"), velocity > 0 { joint.velocityLimit = velocity }
    return joint
  }

  private static func readDynamics(
    of element: XMLElement, into joint: inout FileJoint, _ warnings: inout [RobotFileWarning]
  ) throws(RobotFileError) {
    for child in element.children where child.name == "damping" || child.name == "friction" {
      warnings.append(
        RobotFileWarning(
          "\(element.tag): <\(child.name)> is no element of the format and is ignored; "
            + "write <dynamics \(child.name)=\"…\"/>", at: child.position))
    }
    guard let dynamics = element.first("dynamics") else { return }
    for (name, path) in [
      ("damping", \JointDynamics.damping), ("friction", \JointDynamics.friction),
    ] as [(String, WritableKeyPath<JointDynamics, Double>)] {
      guard let value = try dynamics.number(name) else { continue }
      guard value >= 0 else { throw dynamics.error("'\(name)' must not be below 0, not \(value)", attribute: name) }
      joint.dynamics[keyPath: path] = value
    }
  }

  /// A motor of the joint's effort; none where the effort is missing or 0. The drive is chosen later.
  private static func actuator(
    of element: XMLElement, _ joint: FileJoint
  ) throws(RobotFileError) -> FileActuator? {
    guard let limit = element.first("limit"), let effort = try limit.number("effort"), effort > 0 else { return nil }
    return FileActuator(
      name: joint.name, joint: joint.name, law: .torque(limit: effort < unknownEffort ? effort : .infinity),
      position: limit.position)
  }
}
