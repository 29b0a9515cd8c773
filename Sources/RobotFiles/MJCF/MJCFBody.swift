import Physics

/// A body between its element and `FileBody`.
struct MJCFBody {
  enum Collider {
    case shape(FileShape)
    /// A mesh, which is only read and fitted if the body belongs to the robot. The shape of `like` is no shape yet.
    case mesh(name: String, like: FileShape, element: XMLElement)
  }

  var file: FileBody
  /// As drawn.
  var poseInWorld: Pose
  /// Whether no joint is between it and the world.
  var isStatic: Bool
  /// The number of the body of the world that it belongs to.
  var tree: Int
  var colliders: [Collider] = []
  /// Why its mass is not known.
  var massError: RobotFileError?
}

/// One or several numbers of `qpos`.
struct MJCFCoordinate {
  enum Kind {
    case free
    /// A slide of a root that moves freely, along an axis of the world.
    case rootSlide(axis: Vector3, drawnPosition: Double)
    /// A ball of a root that moves freely, about a point in its frame.
    case rootBall(anchor: Vector3)
    case axis(name: String)
  }

  var body: Int
  var kind: Kind

  /// How many numbers it has.
  var count: Int {
    switch kind {
    case .free: 7
    case .rootBall: 4
    case .rootSlide, .axis: 1
    }
  }
}

/// What a body holds, with what its frames hold, in the order of the file.
struct MJCFContents {
  struct Entry {
    let element: XMLElement
    /// The frame that holds the element, in the body's.
    let frame: Pose
    let childclass: String?
  }

  private(set) var joints: [Entry] = []
  private(set) var geoms: [Entry] = []
  private(set) var bodies: [Entry] = []
  private(set) var inertials: [Entry] = []

  init(
    of element: XMLElement, childclass: String?, _ defaults: MJCFDefaults, _ compiler: MJCFCompiler
  ) throws(RobotFileError) {
    try collect(element, .identity, childclass, defaults, compiler)
  }

  private mutating func collect(
    _ element: XMLElement, _ frame: Pose, _ childclass: String?, _ defaults: MJCFDefaults, _ compiler: MJCFCompiler
  ) throws(RobotFileError) {
    for child in element.children {
      let entry = Entry(element: child, frame: frame, childclass: childclass)
      switch child.name {
      case "joint", "freejoint": joints.append(entry)
      case "geom": geoms.append(entry)
      case "body": bodies.append(entry)
      case "inertial": inertials.append(entry)
      case "frame":
        try collect(
          child, frame * (try compiler.pose(of: child)), try defaults.childclass(of: child, in: childclass), defaults,
          compiler)
      default: break
      }
    }
  }
}

extension MJCFCompiler {
  /// Where a body or frame lies in what holds it.
  func pose(of element: XMLElement) throws(RobotFileError) -> Pose {
    var orientation = MJCFOrientation()
    try orientation.read(element)
    return Pose(
      position: try element.vector("pos") ?? .zero, orientation: try orientation.rotation(self, element))
  }
}

/// Names of bodies and joints: those of the file, and others for what has none.
struct MJCFNaming {
  private var bodies: [String: SourcePosition] = [:]
  private var joints: [String: SourcePosition] = [:]
  /// Numbers only grow, so that finding one that is free takes no longer for many names.
  private var spare = 0
  private var count = 0
  /// Bodies, frames, joints and geoms of a file: more than any robot has, and few enough to be read quickly.
  static let most = 50_000

  /// - Throws: where two bodies or two joints have one name.
  init(_ root: XMLElement) throws(RobotFileError) {
    for world in root.all("worldbody") { try collect(world) }
  }

  private mutating func collect(_ element: XMLElement) throws(RobotFileError) {
    for child in element.children {
      count += 1
      guard count <= Self.most else { throw child.error("the world holds more than \(Self.most) things") }
      switch child.name {
      case "body":
        if let name = child.nonEmpty("name") {
          guard name != "world" else { throw child.error("only the world is called 'world'", attribute: "name") }
          if let other = bodies.updateValue(child.position, forKey: name) {
            throw child.error("another body has this name: \(other)", attribute: "name")
          }
        }
        try collect(child)
      case "joint", "freejoint":
        guard let name = child.nonEmpty("name") else { continue }
        if let other = joints.updateValue(child.position, forKey: name) {
          throw child.error("another joint has this name: \(other)", attribute: "name")
        }
      case "frame": try collect(child)
      default: break
      }
    }
  }

  /// The body's own name, else that of its first joint, else one that says which of its parent's bodies it is.
  mutating func body(_ element: XMLElement, joints: [XMLElement], parent: String, number: Int) -> String {
    if let name = element.nonEmpty("name") { return name }
    if let name = joints.first?.nonEmpty("name"), bodies[name] == nil {
      bodies[name] = element.position
      return name
    }
    return Self.unused("\(parent).", number, element, &bodies, &spare)
  }

  /// The joint's own name, else that of its body, else one that says which of its joints it is.
  mutating func joint(_ element: XMLElement, body: String, number: Int) -> String {
    if let name = element.nonEmpty("name") { return name }
    if joints[body] == nil {
      joints[body] = element.position
      return body
    }
    return Self.unused("\(body).", number, element, &joints, &spare)
  }

  private static func unused(
    _ stem: String, _ number: Int, _ element: XMLElement, _ taken: inout [String: SourcePosition], _ spare: inout Int
  ) -> String {
    var name = stem + String(number)
    while taken[name] != nil {
      spare += 1
      name = stem + String(spare)
    }
    taken[name] = element.position
    return name
  }
}

extension XMLElement {
  /// The value of an attribute; nil where there is none or it is empty.
  func nonEmpty(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}
