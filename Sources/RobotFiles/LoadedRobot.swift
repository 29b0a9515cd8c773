import Physics
import Robotics

/// A robot that was read from a file, with what was noticed on the way.
public struct LoadedRobot: Robot {
  public let name: String
  public let body: Link
  public let scenery: [Decoration]
  public let ignoredPairs: [(String, String)]
  public let physics: PhysicsSettings
  /// What was approximated, ignored, repaired or guessed, in the order in which it was met.
  public let warnings: [RobotFileWarning]
  /// What it is asked to do.
  public let task: DerivedTask
  /// Names of the links that walk; empty where there are none.
  public let feet: [String]
  /// Name of the link that reaches, and the point of it that does, in its frame; nil where the base is not fixed.
  public let hand: (link: String, tip: Vector3)?
  /// Height of the root's origin above the ground while the robot stands on it in its default pose, m.
  public let standingHeight: Double
  public let options: RobotFileOptions
  /// All files that it was read from, by the paths that were asked for; the first is the robot's own.
  package let files: [(path: String, bytes: [UInt8])]
  /// How the file draws the root: its own axes in those of the world, which are the root link's here.
  package let drawnRootOrientation: Quaternion
}

extension LoadedRobot {
  /// Reads a robot from a file, in whichever of the formats it is.
  ///
  /// - Parameters:
  ///   - path: of a URDF or MJCF file.
  ///   - packagePaths: folders that hold ROS packages, besides those above the file.
  /// - Throws: `RobotFileError` or `RobotError`, in one line.
  public init(contentsOf path: String, options: RobotFileOptions = .init(), packagePaths: [String] = []) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    try self.init(
      name, shownAs: path, from: RobotFolder(of: path, packages: options.packages, packagePaths: packagePaths),
      options: options)
  }

  /// Reads a robot from wherever its files are.
  ///
  /// - Parameters:
  ///   - name: of its file.
  ///   - path: of its file, for messages.
  package init(_ name: String, shownAs path: String, from files: some FileSource, options: RobotFileOptions) throws {
    let noted = NotedFiles(files)
    let bytes = try noted.bytes(of: name, askedBy: SourcePosition(file: path, line: 1, column: 1))
    try self.init(bytes, file: path, files: noted, options: options)
  }

  private init(_ bytes: [UInt8], file: String, files: NotedFiles, options: RobotFileOptions) throws {
    var warnings: [RobotFileWarning] = []
    let root = try XMLReader.parse(bytes, file: file, warnings: &warnings)
    var model: FileModel
    switch root.name {
    case "robot":
      var meshes = MeshShapes(files: files, ignoresMissing: options.ignoresMissingMeshes)
      model = try URDF.model(root, meshes: &meshes, options: options)
    case "mujoco": model = try MJCF.model(root, file: file, files: files)
    default:
      throw RobotFileError(
        "<\(excerpt(root.name))> is neither a URDF (<robot>) nor an MJCF (<mujoco>) document", at: root.position)
    }
    model.warnings = warnings + model.warnings
    model.saysBase = root.name == "mujoco"
    if options.baseOrientation != .zero, !model.bodies.isEmpty {
      let turn = options.baseOrientation
      model.bodies[0].pose.orientation =
        Quaternion(roll: turn.x, pitch: turn.y, yaw: turn.z) * model.bodies[0].pose.orientation
    }
    do {
      try self.init(model, options: options, files: files.all)
    } catch let error as RobotFileError {
      throw error
    } catch {
      throw RobotFileError("\(error)", at: model.position)
    }
  }

  private init(
    _ model: FileModel, options: RobotFileOptions, files: [(path: String, bytes: [UInt8])]
  ) throws {
    try options.checkNames(
      joints: model.bodies.flatMap(\.joints).map(\.name), links: model.bodies.map(\.name), at: model.position)
    let assembly = try Assembly(model, options: options)
    var designer = AxisDesigner(assembly, model, options: options)
    let name = options.name ?? assembly.name
    var notes = assembly.warnings
    var physics = Self.physics(assembly, model, options)

    // Where the axes stand decides what they carry, which decides their drives.
    var overlaps: [(String, String)] = []
    func bare(_ designs: [String: AxisDesign]) throws -> Simulation {
      let tree = try assembly.tree(designs)
      return try Simulation(
        RobotModel(
          RobotVariation(
            name: name, body: tree.body, physics: physics, ignoredPairs: tree.ignoredPairs + overlaps)))
    }
    var designs = designer.passive()
    var sim = try bare(designs)
    let limbs = Limbs(&sim)
    let legs = try Self.legs(of: limbs, assembly, sim.model, options)
    let isGiven = !options.defaultPositions.isEmpty || model.keyframe != nil
    if assembly.base == .floating, legs.count >= 2, !isGiven {
      let pose = StandingPose(&sim, legs: legs)
      if !pose.isReached {
        notes.append(
          RobotFileWarning(
            "no pose was found in which its feet are below its hips; give default_joint_angles", at: model.position))
      }
      designs = designer.passive(at: Self.named(pose.positions, sim.model))
    } else if assembly.base == .fixed, !isGiven {
      // Neighbors of neighbors, whose shapes are often fitted too wide, would leave no clear pose.
      overlaps = try Self.overlaps(&sim)
      sim = try bare(designs)
      let limits = sim.model.axes.map { axis in
        options.effortLimit.value(for: axis.name) ?? model.effortLimit(of: axis.name)
      }
      if let positions = RestingPose(&sim, limits: limits).positions {
        designs = designer.passive(at: Self.named(positions, sim.model))
      } else {
        notes.append(
          RobotFileWarning(
            "no pose was found that is clear of the ground and of itself; give default_joint_angles",
            at: model.position))
      }
    }
    sim = try bare(designs)
    task = try DerivedTask(options, robot: name, base: assembly.base, feet: legs.count)
    designer.prefersPositions = task.wantsPositions
    let loads = sim.loads()
    let driven = try designer.driven(designs, loads: loads, physics: &physics)
    let tree = try assembly.tree(driven)
    overlaps += try Self.overlaps(&sim)
    for (a, b) in overlaps {
      notes.append(
        RobotFileWarning("'\(a)' and '\(b)' overlap in the default pose, so they never touch", at: model.position))
    }
    self.name = name
    body = tree.body
    scenery = assembly.worldVisuals.map { Decoration($0.shape, pose: $0.pose, tone: .gray) }
    ignoredPairs =
      tree.ignoredPairs + overlaps + Self.pairs(options.ignoredCollisions, among: sim.model.linkNames)
    self.physics = physics
    warnings = notes + designer.warnings
    feet = legs.map { sim.model.linkNames[$0.end] }
    hand = assembly.base == .fixed ? Self.hand(limbs, sim.model, options) : nil
    let lowest = sim.lowestPoint(at: .identity, positions: sim.model.neutralPositions)
    standingHeight = lowest.isFinite ? -lowest : 0
    self.options = options
    self.files = files
    drawnRootOrientation = model.bodies[0].pose.orientation
  }

  private static func named(_ positions: [Double], _ model: RobotModel) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(model.axes.map(\.name), positions))
  }

  private static func physics(
    _ assembly: Assembly, _ model: FileModel, _ options: RobotFileOptions
  ) -> PhysicsSettings {
    var physics = PhysicsSettings(
      substep: options.substep ?? 0.005, substeps: options.decimation ?? 4,
      solver: assembly.links.count <= mostExactLinks ? .direct : .quick(iterations: 8),
      isPlanar: assembly.base == .planar, collidesWithItself: options.selfCollisions,
      gravity: model.gravity ?? [0, 0, -9.81])
    if let ground = model.ground {
      physics.groundFriction = ground.friction
      physics.groundCategory = ground.category
      physics.groundMask = ground.mask
    }
    return physics
  }

  /// More moving links than this are stepped by iterations.
  private static let mostExactLinks = 20

  // MARK: Roles

  private static func legs(
    of limbs: Limbs, _ assembly: Assembly, _ model: RobotModel, _ options: RobotFileOptions
  ) throws -> [Limbs.Limb] {
    guard let patterns = options.feet else { return assembly.base == .fixed ? [] : limbs.legs }
    let ends = model.links.indices.filter { index in
      let link = model.links[index].link
      return patterns.contains { pattern in
        pattern.matches(link.name) || link.parts.contains { pattern.matches($0.name) }
      }
    }
    let legs = Limbs.withoutShared(limbs.all.filter { ends.contains($0.end) })
    guard !legs.isEmpty else {
      throw RobotFileError(
        "'feet' matches none of the links at the ends: \(limbs.all.map { model.linkNames[$0.end] }.joined(separator: ", "))",
        at: assembly.position)
    }
    return legs
  }

  /// The end of the longest chain of axes, or what the options name, and the point of it that is farthest from its joint.
  private static func hand(
    _ limbs: Limbs, _ model: RobotModel, _ options: RobotFileOptions
  ) -> (link: String, tip: Vector3)? {
    if let pattern = options.hand {
      for flat in model.links {
        if pattern.matches(flat.link.name) { return (flat.link.name, tip(of: flat.link)) }
        if let part = flat.link.parts.first(where: { pattern.matches($0.name) }) {
          return (flat.link.name, part.pose.position)
        }
      }
      return nil
    }
    let longest = limbs.all.map(\.axes.count).max()
    guard let limb = limbs.all.first(where: { $0.axes.count == longest }) else { return nil }
    let link = model.links[limb.end].link
    return (link.name, tip(of: link))
  }

  /// The part of a link that is farthest from its joint; without parts the far end of its shapes.
  private static func tip(of link: Link) -> Vector3 {
    let places = link.parts.map(\.pose.position)
    if let farthest = places.max(by: { $0.length < $1.length }), farthest.length > 1e-6 { return farthest }
    guard let shape = link.colliders.max(by: { $0.pose.position.length < $1.pose.position.length }) else {
      return .zero
    }
    let way = shape.pose.position
    guard way.length > 1e-6 else { return way }
    let direction = way.normalized
    return way + direction * shape.shape.reach(along: shape.pose.orientation.conjugate.act(on: direction))
  }

  /// Pairs of links that overlap in the default pose.
  private static func overlaps(_ sim: inout Simulation) throws -> [(String, String)] {
    let lowest = sim.lowestPoint(at: .identity, positions: sim.model.neutralPositions)
    if sim.model.isFloating, lowest.isFinite { sim.place(at: Pose(position: Vector3(0, 0, 0.01 - lowest))) }
    let names = sim.model.linkNames
    return try sim.overlaps().compactMap { overlap in
      guard let other = overlap.other else { return nil }
      return (names[overlap.body.index], names[other.index])
    }
  }

  private static func pairs(
    _ patterns: [(NamePattern, NamePattern)], among names: [String]
  ) -> [(String, String)] {
    patterns.flatMap { first, second in
      names.filter { first.matches($0) }.flatMap { a in
        names.filter { second.matches($0) && $0 != a }.map { (a, $0) }
      }
    }
  }
}
