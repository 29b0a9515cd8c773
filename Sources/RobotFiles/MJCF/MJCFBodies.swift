import Physics

/// Reads the bodies of an MJCF, with all that they hold.
struct MJCFBodies {
  let compiler: MJCFCompiler
  let defaults: MJCFDefaults
  var bodies: [MJCFBody] = []
  /// What `qpos` of a keyframe counts, in its order.
  var coordinates: [MJCFCoordinate] = []
  var planes: [MJCFPlane] = []
  /// What could be touched and does not move, other than level planes.
  var worldShapes: [XMLElement] = []
  /// The first geom of a body that has no friction with another of its kind.
  var firstFrictionless: XMLElement?
  var notes = MJCFNotes()
  var warnings: [RobotFileWarning] = []
  var naming: MJCFNaming
  private var trees = 0

  init(_ root: XMLElement, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults) throws(RobotFileError) {
    self.compiler = compiler
    self.defaults = defaults
    naming = try MJCFNaming(root)
    for world in root.all("worldbody") { try readWorld(world) }
    scaleMasses()
  }

  private mutating func readWorld(_ element: XMLElement) throws(RobotFileError) {
    let contents = try MJCFContents(of: element, childclass: nil, defaults, compiler)
    if let entry = contents.joints.first ?? contents.inertials.first {
      throw entry.element.error("the world does not move and has no mass")
    }
    for entry in contents.geoms {
      let (geom, solid) = try read(entry)
      guard geom.collides else { continue }
      addWorldShape(geom, solid.pose, entry.element)
    }
    for entry in contents.bodies { try readBody(entry, parent: nil, number: trees + 1) }
  }

  private mutating func readBody(
    _ entry: MJCFContents.Entry, parent: Int?, number: Int
  ) throws(RobotFileError) {
    let element = entry.element
    let childclass = try defaults.childclass(of: element, in: entry.childclass)
    let contents = try MJCFContents(of: element, childclass: childclass, defaults, compiler)
    let above = parent.map { bodies[$0] }
    let name = naming.body(
      element, joints: contents.joints.map(\.element), parent: above?.file.name ?? "world", number: number)
    let pose = entry.frame * (try compiler.pose(of: element))
    if parent == nil { trees += 1 }
    var body = MJCFBody(
      file: FileBody(name: name, parent: parent, pose: pose, position: element.position),
      poseInWorld: (above?.poseInWorld ?? .identity) * pose,
      isStatic: contents.joints.isEmpty && (above?.isStatic ?? true), tree: trees - 1)
    if let weight = try element.number("gravcomp"), weight != 0 {
      notes.add("'gravcomp' is left out; the body weighs what it weighs", element)
    }
    try readJoints(contents.joints, of: &body)
    try readGeoms(contents, of: &body)
    let index = bodies.count
    bodies.append(body)
    for (number, child) in contents.bodies.enumerated() {
      try readBody(child, parent: index, number: number + 1)
    }
  }

  private func read(_ entry: MJCFContents.Entry) throws(RobotFileError) -> (MJCFGeom, MJCFSolid) {
    var geom = try defaults.values(for: entry.element, childclass: entry.childclass).geom
    try geom.read(entry.element)
    return (geom, try geom.solid(entry.element, frame: entry.frame, compiler))
  }

  // MARK: Shapes and mass

  private mutating func readGeoms(_ contents: MJCFContents, of body: inout MJCFBody) throws(RobotFileError) {
    if contents.inertials.count > 1 { throw contents.inertials[1].element.error("a body has one <inertial> at most") }
    var sum = RigidSum()
    var isUncounted = false
    for entry in contents.geoms {
      let (geom, solid) = try read(entry)
      try addShape(geom, solid, entry.element, to: &body)
      guard geom.mass ?? geom.density > 0 else { continue }
      guard compiler.inertiaGroups.contains(geom.group) else { continue }
      isUncounted = isUncounted || compiler.inertiaFromGeoms == .never
      addMass(geom, solid, entry.element, &sum, &body)
    }
    let given = try contents.inertials.first.map { (entry) throws(RobotFileError) in
      try compiler.inertial(entry.element, frame: entry.frame)
    }
    let usesGeoms: Bool
    switch compiler.inertiaFromGeoms {
    case .always: usesGeoms = !sum.isEmpty || given == nil
    case .missing: usesGeoms = given == nil
    case .never: usesGeoms = false
    }
    let isIncomplete = body.massError != nil && given != nil
    if !usesGeoms || isIncomplete { body.massError = nil }
    if isIncomplete, compiler.inertiaFromGeoms == .always, let entry = contents.inertials.first {
      warnings.append(
        entry.element.warning("it is taken although inertiafromgeom is on: the mass of meshes is not computed"))
    }
    if usesGeoms, !isIncomplete, !sum.isEmpty {
      let total = sum.total
      body.file.inertial = FileInertial(
        mass: total.mass, center: total.center, inertia: total.inertia, position: body.file.position)
    } else {
      body.file.inertial = given
    }
    if given == nil, isUncounted, !body.isStatic {
      warnings.append(
        RobotFileWarning(
          "<body name=\"\(excerpt(body.file.name))\">: inertiafromgeom is off and there is no <inertial>, so it has no mass",
          at: body.file.position))
    }
    if body.file.inertial == nil, compiler.leastMass > 0 || compiler.leastInertia > 0 {
      body.file.inertial = FileInertial(
        mass: 0, center: .zero, inertia: Inertia(diagonal: .zero), position: body.file.position)
    }
    body.file.inertial = body.file.inertial.map(compiler.bounded)
  }

  private func addMass(
    _ geom: MJCFGeom, _ solid: MJCFSolid, _ element: XMLElement, _ sum: inout RigidSum, _ body: inout MJCFBody
  ) {
    guard geom.mesh == nil, let amount = geom.isShell ? solid.area : solid.volume,
      let moments = solid.moments(isShell: geom.isShell)
    else {
      if geom.kind == .plane || geom.kind == .hfield { return }
      body.massError =
        body.massError
        ?? RobotFileError(
          "\(element.tag): the body '\(excerpt(body.file.name))' has the mass of a mesh, which is not computed; it needs "
            + "<inertial>", at: element.position)
      return
    }
    let mass = geom.mass ?? geom.density * amount
    guard mass > 1e-15 else { return }
    sum.add(
      mass: mass, center: solid.pose.position,
      inertia: Inertia(diagonal: mass * moments).rotated(by: solid.pose.orientation))
  }

  private mutating func addShape(
    _ geom: MJCFGeom, _ solid: MJCFSolid, _ element: XMLElement, to body: inout MJCFBody
  ) throws(RobotFileError) {
    if geom.kind == .plane || geom.kind == .hfield {
      guard body.isStatic else {
        throw element.error("a \(geom.kind) is only allowed in what does not move", attribute: "type")
      }
      if geom.collides { addWorldShape(geom, body.poseInWorld * solid.pose, element) }
      return
    }
    for name in geom.ignored.sorted() { notes.add("'\(name)' is left out", element) }
    if geom.collides, geom.contactDimension == 1, firstFrictionless == nil { firstFrictionless = element }
    if geom.collides, geom.priority != 0 {
      notes.add("'priority' is left out: of two surfaces the one with more friction counts", element)
    }
    if geom.mesh != nil || geom.kind == .mesh || geom.kind == .sdf {
      guard geom.collides else { return }
      guard let name = geom.mesh else { throw element.error("'mesh' is missing") }
      body.colliders.append(.mesh(name: name, like: geom.fileShape(.sphere(radius: 1), solid.pose), element: element))
      return
    }
    guard let (shape, pose) = solid.shape else { return }
    guard geom.collides else {
      body.file.visuals.append(geom.fileShape(shape, pose))
      return
    }
    if solid.kind == .ellipsoid {
      let stand = if case .sphere = shape { "sphere" } else { "capsule" }
      warnings.append(element.warning("an ellipsoid touches as the \(stand) of its middle semi-axis and its length"))
    }
    body.colliders.append(.shape(geom.fileShape(shape, pose)))
  }

  private mutating func addWorldShape(_ geom: MJCFGeom, _ pose: Pose, _ element: XMLElement) {
    if geom.kind == .plane, let plane = MJCFPlane(geom, pose, element) {
      planes.append(plane)
    } else {
      worldShapes.append(element)
    }
  }

  private mutating func scaleMasses() {
    guard let total = compiler.totalMass else { return }
    let sum = bodies.reduce(0) { $0 + ($1.file.inertial?.mass ?? 0) }
    guard sum > 0 else { return }
    let factor = total / sum
    for index in bodies.indices {
      guard var inertial = bodies[index].file.inertial else { continue }
      inertial.mass *= factor
      inertial.inertia = Inertia(
        diagonal: factor * inertial.inertia.diagonal, offDiagonal: factor * inertial.inertia.offDiagonal)
      bodies[index].file.inertial = inertial
    }
  }
}

extension MJCFGeom {
  func fileShape(_ shape: Shape, _ pose: Pose) -> FileShape {
    var result = FileShape(shape, pose: pose)
    result.friction = friction[0]
    result.category = UInt32(bitPattern: category)
    result.mask = UInt32(bitPattern: mask)
    return result
  }
}
