import Physics

/// A robot of a file as moving links: what is rigidly tied is one link, in the zero pose and the axes of the root.
struct Assembly {
  /// How the root moves in the world.
  typealias Base = RobotFileOptions.Base

  let name: String
  let base: Base
  /// Parents before children, depth first, in the order of the file; the first is the root.
  var links: [AssemblyLink] = []
  /// Shapes that are tied to the world, which nothing touches.
  private(set) var worldVisuals: [FileShape] = []
  var warnings: [RobotFileWarning]
  let position: SourcePosition

  /// More moving links than this are refused.
  static let mostLinks = 200

  init(_ model: FileModel, options: RobotFileOptions) throws(RobotFileError) {
    name = model.name
    position = model.position
    warnings = model.warnings
    guard let root = model.bodies.first else { throw RobotFileError("there is no body", at: model.position) }
    let motion = try Self.motion(of: root, model, options)
    base = motion.base
    let locks = try Locks(model, options: options)
    warnings += locks.warnings
    let zero = ZeroPose(model, locked: locks.positions, keepsRoot: motion.keepsRoot)
    try join(model, zero)
    contractMassless()
    guard links.contains(where: { !$0.joints.isEmpty }) else {
      throw RobotFileError("no joint of it moves", at: position)
    }
    guard links.count <= Self.mostLinks else {
      throw RobotFileError("it has \(links.count) moving links; up to \(Self.mostLinks) are possible", at: position)
    }
    try checkMasses()
    exclude(model)
  }

  /// How the root moves, and whether joints of the file say so.
  private static func motion(
    of root: FileBody, _ model: FileModel, _ options: RobotFileOptions
  ) throws(RobotFileError) -> (base: Base, keepsRoot: Bool) {
    if let drawn = root.isFree ? .floating : root.rootMotion { return (options.baseKind ?? drawn, true) }
    if let wanted = options.baseKind {
      guard wanted == .fixed || root.joints.isEmpty else {
        throw RobotFileError(
          "'\(root.name)' has a joint to the world, so its base cannot move freely", at: root.position)
      }
      return (wanted, false)
    }
    guard root.joints.isEmpty, !model.saysBase else { return (.fixed, false) }
    let isWorld = ["world", "map", "odom"].contains(root.name)
    return (isWorld || model.rootMass == 0 ? .fixed : .floating, false)
  }

  // MARK: Joining

  private mutating func join(_ model: FileModel, _ zero: ZeroPose) throws(RobotFileError) {
    /// The link that each body belongs to; nil for the world.
    var places: [Int?] = []
    var staticShapes = 0
    for (index, body) in model.bodies.enumerated() {
      let parent = body.parent.flatMap { places[$0] }
      let frame = zero.frames[index]
      let joints = zero.joints[index]
      let isRoot = index == 0
      var place = parent
      if !joints.isEmpty || isRoot && base != .fixed {
        place = links.count
        links.append(
          AssemblyLink(
            name: body.name, parent: parent, origin: joints.last?.anchor ?? frame.position, joints: joints,
            position: body.position))
      }
      places.append(place)
      guard let place else {
        staticShapes += body.colliders.count
        worldVisuals += (body.colliders + body.visuals).map { $0.moved(by: frame) }
        continue
      }
      links[place].add(body, at: frame)
    }
    if staticShapes > 0 {
      warnings.append(
        RobotFileWarning(
          "collision shapes of links that are tied to the world are left out: \(staticShapes)", at: position))
    }
  }

  /// Pairs of links that never touch.
  private(set) var excludedPairs: [(String, String)] = []

  private mutating func exclude(_ model: FileModel) {
    for (a, b) in model.excludedPairs {
      guard let first = linkName(of: model.bodies[a].name), let second = linkName(of: model.bodies[b].name),
        first != second
      else { continue }
      excludedPairs.append((first, second))
    }
  }

  /// The link that a body of the file has become part of.
  func linkName(of body: String) -> String? {
    links.first { $0.name == body || $0.parts.contains { $0.name == body } }?.name
  }

  // MARK: Links without mass

  /// Removes links without mass: one that carries a single link gives it its joints, one that carries nothing is locked.
  private mutating func contractMassless() {
    var index = links.count - 1
    while index >= 0 {
      defer { index -= 1 }
      guard links[index].inertials.isEmpty, index > 0 || base == .fixed else { continue }
      let children = links.indices.filter { links[$0].parent == index }
      let link = links[index]
      if children.count == 1 {
        links[children[0]].joints = link.joints + links[children[0]].joints
        links[children[0]].parent = link.parent
        if !link.colliders.isEmpty {
          warnings.append(
            RobotFileWarning("'\(link.name)' has no mass, so its shapes are left out", at: link.position))
        }
        remove(index)
      } else if children.isEmpty, let parent = link.parent {
        warnings.append(
          RobotFileWarning(
            "'\(link.name)' has neither mass nor anything to carry, so it is tied to '\(links[parent].name)'",
            at: link.position))
        links[parent].parts.append((link.name, Pose(position: link.origin)))
        links[parent].parts += link.parts
        links[parent].colliders += link.colliders
        links[parent].visuals += link.visuals
        remove(index)
      }
    }
  }

  private mutating func remove(_ index: Int) {
    links.remove(at: index)
    for i in links.indices {
      if let parent = links[i].parent, parent > index { links[i].parent = parent - 1 }
    }
  }
}

/// What moves as one.
struct AssemblyLink {
  var name: String
  var parent: Int?
  /// Where its frame is, in the world: on its joint.
  var origin: Vector3
  /// The first next to the parent; none for a root that moves freely.
  var joints: [AssemblyJoint]
  /// Masses of its parts, in the world.
  var inertials: [FileInertial] = []
  /// In the world.
  var colliders: [FileShape] = []
  var visuals: [FileShape] = []
  /// Bodies that are tied to it, with their frames in the world.
  var parts: [(name: String, frame: Pose)] = []
  var position: SourcePosition
  /// Once known to be possible; in the world.
  var mass: MassProperties?

  init(name: String, parent: Int?, origin: Vector3, joints: [AssemblyJoint], position: SourcePosition) {
    self.name = name
    self.parent = parent
    self.origin = origin
    self.joints = joints
    self.position = position
  }

  mutating func add(_ body: FileBody, at frame: Pose) {
    if body.name != name { parts.append((body.name, frame)) }
    if var inertial = body.inertial, inertial.mass > 0 {
      inertial.center = frame.act(on: inertial.center)
      inertial.inertia = inertial.inertia.rotated(by: frame.orientation)
      inertials.append(inertial)
    }
    colliders += body.colliders.map { $0.moved(by: frame) }
    visuals += body.visuals.map { $0.moved(by: frame) }
  }
}

extension FileShape {
  /// The same shape seen from a frame in which `frame` places its own.
  func moved(by frame: Pose) -> FileShape {
    var shape = self
    shape.pose = frame * pose
    return shape
  }
}

extension FileBody {
  /// The motion in the world that joints of a root stand for: in the x–z plane by two slides and a hinge, or free by three
  /// slides and three hinges; nil for other joints.
  var rootMotion: Assembly.Base? {
    func axes(_ kind: FileJoint.Kind) -> [Vector3] { joints.filter { $0.kind == kind }.map(\.axis) }
    let (slides, hinges) = (axes(.slide), axes(.hinge))
    func isAlong(_ axis: Vector3, _ direction: Vector3) -> Bool { axis.cross(direction).length < 1e-6 }
    let along = [Vector3.unitX, .unitY, .unitZ].map { direction in slides.contains { isAlong($0, direction) } }
    switch (slides.count, hinges.count) {
    case (2, 1) where along == [true, false, true] && isAlong(hinges[0], .unitY): return .planar
    case (3, 3) where along == [true, true, true]: return .floating
    default: return nil
    }
  }
}

extension FileModel {
  /// kg of the root and of all that is tied to it.
  var rootMass: Double {
    var tied: [Bool] = []
    var mass = 0.0
    for body in bodies {
      let isTied = body.joints.isEmpty && !body.isFree && (body.parent.map { tied[$0] } ?? true)
      tied.append(isTied)
      if isTied { mass += body.inertial?.mass ?? 0 }
    }
    return mass
  }
}
