import Physics

/// A geom as its class and its own attributes say it.
struct MJCFGeom {
  enum Kind: String, CaseIterable {
    case plane, hfield, sphere, capsule, ellipsoid, cylinder, box, mesh, sdf
  }

  var kind = Kind.sphere
  /// Radii and half lengths, m.
  var size = [0.0, 0, 0]
  var position = Vector3.zero
  var orientation = MJCFOrientation()
  var ends: [Double]?
  /// kg; nil for density times volume.
  var mass: Double?
  /// kg/m³, or kg/m² of a shell.
  var density = 1000.0
  var isShell = false
  var category: Int32 = 1
  var mask: Int32 = 1
  var contactDimension: Int32 = 3
  var priority: Int32 = 0
  var group: Int32 = 0
  var friction = [1.0, 0.005, 0.0001]
  var mesh: String?
  /// Attributes whose effects are left out.
  var ignored: Set<String> = []

  mutating func read(_ element: XMLElement) throws(RobotFileError) {
    let kinds = Kind.allCases.map(\.rawValue)
    if let word = try element.keyword("type", among: kinds) { kind = Kind(rawValue: word) ?? kind }
    try element.read("size", into: &size)
    if let vector = try element.vector("pos") { position = vector }
    try orientation.read(element)
    if let numbers = try element.numbers("fromto", count: 6) { ends = numbers }
    if element["mass"] != nil {
      var value = 0.0
      try element.readPositive("mass", into: &value)
      mass = value
    }
    try element.readPositive("density", into: &density)
    if let flag = try element.flag("shellinertia") { isShell = flag }
    if let bits = try element.integer("contype") { category = bits }
    if let bits = try element.integer("conaffinity") { mask = bits }
    if let number = try element.integer("condim") { contactDimension = number }
    if let number = try element.integer("priority") { priority = number }
    if let number = try element.integer("group") { group = number }
    try element.read("friction", into: &friction)
    guard friction[0] >= 0 else { throw element.error("'friction' must not be negative", attribute: "friction") }
    if let name = element["mesh"] { mesh = name.isEmpty ? nil : name }
    for name in ["fluidshape", "surfacevel", "adhesion"] {
      guard let acts = element.acts(name) else { continue }
      if acts { ignored.insert(name) } else { ignored.remove(name) }
    }
  }

  var collides: Bool { category != 0 || mask != 0 }
}

/// A geom with its numbers checked, in the frame of its body.
struct MJCFSolid {
  var kind: MJCFGeom.Kind
  /// Radii and half lengths, m.
  var size: Vector3
  var pose: Pose
}

extension MJCFGeom {
  /// Where the geom is, and how large.
  ///
  /// - Parameter frame: the frame that holds the element, in its body's.
  func solid(
    _ element: XMLElement, frame: Pose, _ compiler: MJCFCompiler
  ) throws(RobotFileError) -> MJCFSolid {
    var size = Vector3(size[0], size[1], size[2])
    var pose = Pose(position: position, orientation: try orientation.rotation(compiler, element))
    if let ends {
      guard [.capsule, .cylinder, .box, .ellipsoid].contains(kind) else {
        throw element.error(
          "only a capsule, cylinder, box or ellipsoid can have 'fromto', not a \(kind)", attribute: "fromto")
      }
      guard position == .zero else {
        throw element.error("'pos' and 'fromto' both say where it is; one is allowed", attribute: "fromto")
      }
      let (from, to) = (Vector3(ends[0], ends[1], ends[2]), Vector3(ends[3], ends[4], ends[5]))
      let length = (from - to).length
      guard length > 1e-14 else { throw element.error("the points of 'fromto' are one", attribute: "fromto") }
      size.y = length / 2
      if kind == .box || kind == .ellipsoid { size = Vector3(size.x, size.x, size.y) }
      pose = Pose(position: (from + to) / 2, orientation: Quaternion(zTo: (from - to) / length))
    }
    if mesh == nil || kind == .mesh { try check(size, element) }
    return MJCFSolid(kind: kind, size: size, pose: frame * pose)
  }

  private func check(_ size: Vector3, _ element: XMLElement) throws(RobotFileError) {
    let count =
      switch kind {
      case .sphere: 1
      case .capsule, .cylinder: 2
      case .box, .ellipsoid: 3
      case .plane, .hfield, .mesh, .sdf: 0
      }
    for index in 0..<count where size[index] <= 0 {
      let numbers = count == 1 ? "a number above 0" : "\(count == 2 ? "two" : "three") numbers above 0"
      throw element.error("the 'size' of a \(kind) must be \(numbers)", attribute: "size")
    }
  }
}

extension MJCFSolid {
  /// The shape that stands for the geom in collisions and pictures; nil for kinds that have none of their own.
  ///
  /// An ellipsoid is a capsule along its longest axis, as long as it is, with the radius of its middle semi-axis.
  var shape: (shape: Shape, pose: Pose)? {
    switch kind {
    case .sphere: (.sphere(radius: size.x), pose)
    case .capsule: (.capsule(radius: size.x, length: 2 * size.y), pose)
    case .cylinder: (.cylinder(radius: size.x, length: 2 * size.y), pose)
    case .box: (.box(size: 2 * size), pose)
    case .ellipsoid: ellipsoid
    case .plane, .hfield, .mesh, .sdf: nil
    }
  }

  private var ellipsoid: (shape: Shape, pose: Pose) {
    let axes = [(size.x, Vector3.unitX), (size.y, .unitY), (size.z, .unitZ)].sorted { $0.0 < $1.0 }
    let (radius, (reach, axis)) = (axes[1].0, axes[2])
    let length = 2 * (reach - radius)
    guard length > 1e-6 * reach else { return (.sphere(radius: reach), pose) }
    return (.capsule(radius: radius, length: length), pose * Pose(orientation: Quaternion(zTo: axis)))
  }
}
