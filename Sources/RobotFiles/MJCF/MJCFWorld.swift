import Physics

/// A level plane of the world that can be touched.
struct MJCFPlane {
  var ground: FileGround
  var contactDimension: Int32
  var element: XMLElement

  /// Nil where the plane is not level.
  init?(_ geom: MJCFGeom, _ pose: Pose, _ element: XMLElement) {
    guard pose.orientation.act(on: .unitZ).z > 1 - 1e-9 else { return nil }
    ground = FileGround(
      height: pose.position.z, friction: geom.friction[0], category: UInt32(bitPattern: geom.category),
      mask: UInt32(bitPattern: geom.mask))
    contactDimension = geom.contactDimension
    self.element = element
  }
}

/// Picks the robot out of all that an MJCF puts into the world.
struct MJCFWorld {
  /// The robot's bodies by their indices in `MJCFBodies`, ascending.
  private(set) var robot: [Int] = []
  private(set) var warnings: [RobotFileWarning] = []

  private struct Tree {
    var bodies: [Int] = []
    var axes = 0
    var actuators = 0
    var isFree = false
    var isMoving: Bool { axes > 0 || isFree }
  }

  /// - Parameters:
  ///   - driven: how many actuators a joint has, by its name.
  ///   - root: the element of the file.
  init(_ bodies: MJCFBodies, driven: [String: Int], _ root: XMLElement) throws(RobotFileError) {
    var trees: [Tree] = []
    for (index, body) in bodies.bodies.enumerated() {
      if body.tree == trees.count { trees.append(Tree()) }
      guard trees.indices.contains(body.tree) else { continue }
      trees[body.tree].bodies.append(index)
      trees[body.tree].axes += body.file.joints.count
      trees[body.tree].actuators += body.file.joints.reduce(0) { $0 + (driven[$1.name] ?? 0) }
      trees[body.tree].isFree = trees[body.tree].isFree || body.file.isFree
    }
    let moving = trees.indices.filter { trees[$0].isMoving }
    guard var best = moving.first else { throw root.error("nothing in the file has a joint") }
    for index in moving.dropFirst() {
      let (a, b) = (trees[index], trees[best])
      if (a.actuators, a.axes) > (b.actuators, b.axes) { best = index }
    }
    robot = trees[best].bodies
    for index in moving where index != best {
      let body = bodies.bodies[trees[index].bodies[0]].file
      let tag = "<body name=\"\(excerpt(body.name))\">"
      guard trees[index].isFree, trees[index].axes == 0 else {
        let other = excerpt(bodies.bodies[robot[0]].file.name)
        throw RobotFileError(
          "\(tag): a second thing with joints beside '\(other)' is not supported; only single free bodies are left out",
          at: body.position)
      }
      warnings.append(
        RobotFileWarning("\(tag): a free body that is not part of the robot is left out", at: body.position))
    }
    warnAboutShapes(bodies, trees.filter { !$0.isMoving })
  }

  private mutating func warnAboutShapes(_ bodies: MJCFBodies, _ still: [Tree]) {
    var positions = bodies.worldShapes.map(\.position)
    for body in still.flatMap(\.bodies).map({ bodies.bodies[$0] }) {
      positions += body.colliders.map { _ in body.file.position }
    }
    guard let first = positions.first else { return }
    let things =
      positions.count == 1 ? "a shape that does not move is" : "\(positions.count) shapes that do not move are"
    warnings.append(RobotFileWarning("\(things) left out; only a level plane is kept, as the ground", at: first))
  }

  /// The highest of the planes.
  mutating func ground(_ bodies: MJCFBodies) -> FileGround? {
    let planes = bodies.planes
    guard let highest = planes.max(by: { $0.ground.height < $1.ground.height }) else { return nil }
    if highest.contactDimension == 1, let element = bodies.firstFrictionless {
      warnings.append(element.warning("'condim' 1 on both sides means no friction; 'friction' is taken"))
    }
    if planes.count > 1 {
      warnings.append(
        highest.element.warning("the highest of \(planes.count) planes is the ground; the others are left out"))
    }
    return highest.ground
  }
}
