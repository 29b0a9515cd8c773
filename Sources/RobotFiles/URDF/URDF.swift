import Physics

/// Reads robots in the Unified Robot Description Format (wiki.ros.org/urdf/XML).
package enum URDF {
  /// What a URDF document says.
  ///
  /// - Parameters:
  ///   - root: the `robot` element.
  ///   - meshes: reads and fits mesh files.
  package static func model(
    _ root: XMLElement, meshes: inout MeshShapes, options: RobotFileOptions
  ) throws(RobotFileError) -> FileModel {
    var reader = URDFReader(root, collisionFromVisual: options.collisionFromVisual)
    return try reader.read(meshes: &meshes)
  }
}

/// A URDF document on its way to a `FileModel`.
struct URDFReader {
  private let root: XMLElement
  private var model: FileModel
  /// Links by name, with their elements.
  private var links: [String: XMLElement] = [:]
  /// Joints, in the file's order.
  private var joints: [URDFJoint] = []

  private let collisionFromVisual: Bool

  init(_ root: XMLElement, collisionFromVisual: Bool) {
    self.root = root
    self.collisionFromVisual = collisionFromVisual
    model = FileModel(name: root["name"] ?? "robot", position: root.position)
  }

  mutating func read(meshes: inout MeshShapes) throws(RobotFileError) -> FileModel {
    try refuseXacro()
    try readElements()
    let (order, base) = try sortedJoints()
    try addBody(base, movedBy: nil, parent: nil, meshes: &meshes)
    var indices = [base: 0]
    for joint in order {
      indices[joint.child] = model.bodies.count
      try addBody(joint.child, movedBy: joint, parent: indices[joint.parent], meshes: &meshes)
    }
    try addCouplings()
    model.warnings += meshes.takeWarnings()
    return model
  }

  // MARK: Elements

  /// Elements below `robot` that say nothing about the robot's mechanics.
  private static let skipped: Set<String> = [
    "material", "transmission", "ros2_control", "sensor", "safety_controller", "calibration", "mujoco", "drake",
    "frame", "loop_joint", "version", "group", "disable_collisions", "end_effector", "group_state", "virtual_joint",
  ]

  private mutating func refuseXacro() throws(RobotFileError) {
    var pending = [root]
    while let element = pending.popLast() {
      let unexpanded = element.attributes.first { $0.value.contains("${") || $0.value.contains("$(") }
      if element.name.hasPrefix("xacro:") || unexpanded != nil {
        throw element.error(
          "this is a xacro file; expand it first, for example: xacro \(root.position.file) > robot.urdf")
      }
      pending += element.children.reversed()
    }
  }

  private mutating func readElements() throws(RobotFileError) {
    for element in root.children {
      switch element.name {
      case "link":
        let name = try name(of: element)
        if let other = links[name] {
          throw element.error("there is already a link of this name, at line \(other.position.line)")
        }
        links[name] = element
      case "joint":
        let joint = try URDFJoint(element, warnings: &model.warnings)
        if let other = joints.first(where: { $0.name == joint.name }) {
          throw element.error("there is already a joint of this name, at line \(other.element.position.line)")
        }
        joints.append(joint)
      case "gazebo": try noteGazebo(element)
      case let name where Self.skipped.contains(name): break
      default: warn("<\(element.name)> is unknown and ignored", at: element)
      }
    }
    guard !links.isEmpty else { throw root.error("there is no <link>") }
  }

  private func name(of element: XMLElement) throws(RobotFileError) -> String {
    guard let name = element["name"], !name.isEmpty else { throw element.error("'name' is missing") }
    return name
  }

  /// Simulator settings of Gazebo that would change the mechanics, which are only reported.
  private mutating func noteGazebo(_ element: XMLElement) throws(RobotFileError) {
    for child in element.children where ["mu1", "selfCollide", "turnGravityOff"].contains(child.name) {
      warn("<gazebo> sets \(child.name) of '\(element["reference"] ?? "the robot")'; it is ignored", at: child)
    }
  }

  private mutating func warn(_ text: String, at element: XMLElement) {
    model.warnings.append(RobotFileWarning("\(element.tag): \(text)", at: element.position))
  }

  // MARK: The tree

  /// The joints, parents before children and depth first, and the root link.
  private func sortedJoints() throws(RobotFileError) -> (joints: [URDFJoint], root: String) {
    var byChild: [String: URDFJoint] = [:]
    var byParent: [String: [URDFJoint]] = [:]
    for joint in joints {
      for (role, link) in [("parent", joint.parent), ("child", joint.child)] where links[link] == nil {
        throw joint.element.error("its \(role) '\(link)' is no link of the file")
      }
      if let other = byChild[joint.child] {
        throw joint.element.error(
          "the link '\(joint.child)' is already the child of '\(other.name)', at line \(other.element.position.line); "
            + "a link has one parent")
      }
      byChild[joint.child] = joint
      byParent[joint.parent, default: []].append(joint)
    }
    let roots = root.children.filter { $0.name == "link" && byChild[$0["name"] ?? ""] == nil }
    guard let first = roots.first, let base = first["name"] else {
      throw root.error("every link is the child of a joint, so the joints close a ring")
    }
    if roots.count > 1 {
      throw roots[1].error(
        "no joint connects it to '\(base)' (line \(first.position.line)); a robot is one tree of links")
    }
    var order: [URDFJoint] = []
    var pending = (byParent[base] ?? []).reversed() as [URDFJoint]
    while let joint = pending.popLast() {
      order.append(joint)
      pending += (byParent[joint.child] ?? []).reversed()
    }
    if order.count < joints.count,
      let stray = joints.first(where: { joint in !order.contains { $0.name == joint.name } })
    {
      throw stray.element.error("the links '\(stray.parent)' and '\(stray.child)' belong to a ring of joints")
    }
    return (order, base)
  }

  private mutating func addBody(
    _ name: String, movedBy joint: URDFJoint?, parent: Int?, meshes: inout MeshShapes
  ) throws(RobotFileError) {
    guard let element = links[name] else { return }
    var body = FileBody(
      name: name, parent: parent, pose: joint?.origin ?? .identity, position: element.position)
    if let joint {
      switch joint.kind {
      case .fixed: break
      case .floating:
        guard parent == 0, model.bodies[0].inertial == nil else {
          throw joint.element.error("a floating joint is possible only between a root without mass and the robot")
        }
        body.isFree = true
      case .moving(let moving): body.joints = [moving]
      }
      if let actuator = joint.actuator { model.actuators.append(actuator) }
    }
    try readLink(element, into: &body, meshes: &meshes)
    model.bodies.append(body)
  }

  // MARK: Links

  private mutating func readLink(
    _ element: XMLElement, into body: inout FileBody, meshes: inout MeshShapes
  ) throws(RobotFileError) {
    for child in element.children {
      switch child.name {
      case "inertial": body.inertial = try inertial(child)
      case "collision":
        if let shape = try meshes.shape(of: child, collides: true) { body.colliders.append(shape) }
      case "visual":
        if collisionFromVisual, element.first("collision") == nil {
          if let shape = try meshes.shape(of: child, collides: true) { body.colliders.append(shape) }
        } else if let shape = try meshes.shape(of: child, collides: false) {
          body.visuals.append(shape)
        }
      case "sensor", "verbose", "contact", "audio_source", "self_collision_checking": break
      default: warn("<\(child.name)> is unknown and ignored", at: child)
      }
    }
  }

  private mutating func inertial(_ element: XMLElement) throws(RobotFileError) -> FileInertial? {
    let pose = try element.origin
    let mass = try element.first("mass").flatMap { (mass) throws(RobotFileError) in try mass.number("value") } ?? 0
    guard mass >= 0 else { throw element.error("the mass must not be below 0, not \(mass)") }
    guard mass > 0 else { return nil }
    var numbers = Array(repeating: 0.0, count: 6)
    if let tensor = element.first("inertia") {
      for (i, name) in ["ixx", "iyy", "izz", "ixy", "ixz", "iyz"].enumerated() {
        guard let value = try tensor.number(name) else {
          warn("'\(name)' is missing and taken as 0", at: tensor)
          continue
        }
        numbers[i] = value
      }
    }
    let inertia = Inertia(
      diagonal: Vector3(numbers[0], numbers[1], numbers[2]), offDiagonal: Vector3(numbers[3], numbers[4], numbers[5]))
    return FileInertial(
      mass: mass, center: pose.position, inertia: inertia.rotated(by: pose.orientation), position: element.position)
  }

  // MARK: Couplings

  private mutating func addCouplings() throws(RobotFileError) {
    for joint in joints {
      guard let mimic = joint.element.first("mimic") else { continue }
      guard let leader = mimic["joint"] else { throw mimic.error("'joint' is missing") }
      guard let other = joints.first(where: { $0.name == leader }), leader != joint.name else {
        throw mimic.error("'\(leader)' is no other joint of the file", attribute: "joint")
      }
      guard case .moving = joint.kind, case .moving = other.kind else { continue }
      model.couplings.append(
        FileCoupling(
          follower: joint.name, leader: leader, multiplier: try mimic.number("multiplier") ?? 1,
          offset: try mimic.number("offset") ?? 0, position: mimic.position))
    }
  }
}

extension XMLElement {
  /// The pose of an `origin` element below this one: x, y, z in m and turns in rad about the fixed axes x, y and z.
  var origin: Pose {
    get throws(RobotFileError) {
      guard let origin = first("origin") else { return .identity }
      let turns = try origin.vector("rpy") ?? .zero
      return Pose(
        position: try origin.vector("xyz") ?? .zero,
        orientation: Quaternion(roll: turns.x, pitch: turns.y, yaw: turns.z))
    }
  }
}
