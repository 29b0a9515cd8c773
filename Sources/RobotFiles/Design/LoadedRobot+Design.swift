import Physics
import Robotics

extension LoadedRobot {
  /// Chooses what the file leaves open: default pose, feet or hand, gains, physics steps.
  init(
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
    let isGiven =
      model.keyframe != nil || sim.model.axes.allSatisfy { options.defaultPositions.value(for: $0.name) != nil }
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
