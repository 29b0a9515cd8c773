import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Alternatives to a robot's own physics settings, and the error of each.
package struct PhysicsStudy: Sendable {
  /// One way to step it.
  package struct Choice: Sendable, Equatable {
    package let name: String
    let physics: PhysicsSettings
    /// The form of all position drives; nil leaves them as they are.
    let form: Drive.Form?
  }

  /// Errors of a choice; not a number where it fails or where there is nothing to measure.
  package struct Errors: Sendable {
    /// The widest that a joint gapes during the motion, m.
    package var jointGap = Double.nan
    /// The share of the greatest kinetic energy that free motion gains or loses each second, for a robot with axes.
    package var energyDrift = Double.nan
    /// Mean speed at which what stands on the ground slides along it while a floating robot holds its pose, m/s.
    package var slip = Double.nan
    /// The greatest distance of a link's origin from that of the reference during the motion, m.
    package var deviation = Double.nan
  }

  /// Seconds of each motion.
  package static let duration = 0.5
  /// Seconds of the reference's physics step.
  package static let referenceSubstep = 0.0005

  private let robot: any Robot

  init(_ robot: any Robot) { self.robot = robot }

  /// The robot's own way first, then others with the same control step.
  package var choices: [Choice] {
    let own = robot.physics
    var choices = [Choice(name: "as it is: \(own.text)", physics: own, form: nil)]
    let solvers = [Solver.direct, .quick(iterations: 4), .quick(iterations: 8)]
    var others = solvers.map { own.with($0) } + [0.0025, 0.004, 0.005, 0.010].map { own.with(substep: $0) }
    others.append(own.with(.quick(iterations: 8)).with(substep: own.substep / 2))
    for physics in others where physics != own && abs(physics.controlInterval - own.controlInterval) < 1e-9 {
      choices.append(Choice(name: physics.text, physics: physics, form: nil))
    }
    for form in [Drive.Form.explicit, .implicit] where robot.body.hasDrive(otherThan: form) {
      choices.append(Choice(name: "\(form) position drives", physics: own, form: form))
    }
    return choices
  }

  // MARK: Motions

  /// Half a second of the robot, from its neutral pose, every axis swinging about it.
  package struct Motion: ~Copyable {
    private var sim: Simulation
    private let steps: Int

    fileprivate init(_ robot: some Robot) throws {
      let sim = try Simulation(RobotModel(robot))
      steps = Int((PhysicsStudy.duration / sim.controlInterval).rounded())
      self.sim = sim
    }

    /// Goes through it once, from the start.
    ///
    /// - Parameters:
    ///   - reach: the greatest action; 0 holds the neutral pose.
    ///   - look: is shown the simulation at the start and after every control step, with its number.
    package mutating func run(reach: Double = 0.2, look: (Int, borrowing Simulation) -> Void = { _, _ in }) throws {
      let neutral = sim.model.neutralPositions
      let lowest = sim.lowestPoint(at: .identity, positions: neutral)
      let start = sim.model.isFloating ? Pose(position: [0, 0, -lowest]) : sim.rootPose
      sim.place(at: start)
      look(0, sim)
      let interval = sim.controlInterval
      var action = sim.action
      for step in 1...steps {
        let time = Double(step) * interval
        for i in action.indices {
          action[i] = Float(reach * sin(2 * .pi * (0.7 + 0.1 * Double(i)) * time + Double(i)))
        }
        try sim.step(action.span)
        look(step, sim)
      }
    }
  }

  /// The motion by `choice`, to be timed.
  package func motion(by choice: Choice) throws -> Motion { try Self.motion(of: robot, by: choice) }

  private static func motion(of robot: some Robot, by choice: Choice) throws -> Motion {
    try Motion(RobotVariation(of: robot, by: choice))
  }

  // MARK: Errors

  /// The origins of all links after every control step of the motion, with a physics step small enough to serve as the truth.
  package func reference() throws -> [[Vector3]] {
    let own = robot.physics.with(.direct)
    var motion = try motion(by: Choice(name: "", physics: own.with(substep: Self.referenceSubstep), form: nil))
    var places: [[Vector3]] = []
    try motion.run { _, sim in places.append(sim.origins) }
    return places
  }

  /// - Parameter reference: what `reference()` gave.
  package func errors(of choice: Choice, against reference: [[Vector3]]) -> Errors {
    var errors = Errors()
    if let (gap, deviation) = try? gapAndDeviation(of: choice, against: reference) {
      (errors.jointGap, errors.deviation) = (gap, deviation)
    }
    errors.slip = (try? slip(of: choice)) ?? .nan
    errors.energyDrift = (try? energyDrift(of: choice)) ?? .nan
    return errors
  }

  private func gapAndDeviation(of choice: Choice, against reference: [[Vector3]]) throws -> (Double, Double) {
    var motion = try motion(by: choice)
    var (gap, deviation) = (0.0, 0.0)
    try motion.run { step, sim in
      gap = max(gap, sim.maximumJointGap)
      for (origin, truth) in zip(sim.origins, reference[step]) { deviation = max(deviation, (origin - truth).length) }
    }
    return (gap, deviation)
  }

  /// The second half of holding still; by then the robot has settled on its feet.
  private func slip(of choice: Choice) throws -> Double {
    var motion = try motion(by: choice)
    var (sum, count) = (0.0, 0)
    try motion.run(reach: 0) { _, sim in
      guard sim.model.isFloating, sim.time > Self.duration / 2 else { return }
      for index in sim.model.links.indices where sim.touchesGround(LinkID(index: index)) {
        sum += sim.slip(of: LinkID(index: index))
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : .nan
  }

  /// Seconds of free motion.
  private static let freeDuration = 5.0
  /// How fast every axis moves at first, rad/s or m/s.
  private static let freeRate = 1.0

  /// The robot without actuators, fixed at its root and with spinning links: only the integration changes its energy.
  private func energyDrift(of choice: Choice) throws -> Double {
    var physics = choice.physics
    physics.hasGround = false
    let limp = RobotVariation(
      name: robot.name, body: robot.body.limp, physics: physics, ignoredPairs: robot.ignoredPairs)
    let model = try RobotModel(limp)
    guard !model.axes.isEmpty else { return .nan }
    var sim = try Simulation(model)
    sim.place(
      at: sim.rootPose, positions: model.neutralPositions, rates: model.axes.map { _ in Self.freeRate })
    let start = sim.energy.kinetic + sim.energy.potential
    var greatest = sim.energy.kinetic
    let idle: [Float] = []
    for _ in 0..<Int((Self.freeDuration / sim.controlInterval).rounded()) {
      try sim.step(idle.span)
      greatest = max(greatest, sim.energy.kinetic)
    }
    return (sim.energy.kinetic + sim.energy.potential - start) / greatest / sim.time
  }
}

// MARK: - Varied robots

extension RobotVariation {
  /// A robot stepped in another way.
  fileprivate init(of robot: some Robot, by choice: PhysicsStudy.Choice) {
    self.init(
      name: robot.name, body: choice.form.map { robot.body.driven($0) } ?? robot.body, props: robot.props,
      physics: choice.physics, ignoredPairs: robot.ignoredPairs)
  }
}

extension PhysicsSettings {
  fileprivate func with(_ solver: Solver) -> PhysicsSettings {
    var physics = self
    physics.solver = solver
    return physics
  }

  fileprivate var text: String {
    let solver =
      switch solver {
      case .direct: "direct"
      case .quick(let iterations): "\(iterations) iterations"
      }
    return "\(solver), \((substep * 10_000).rounded() / 10) ms"
  }

  /// The same control step in physics steps of `substep` seconds, as nearly as whole numbers allow.
  fileprivate func with(substep: Double) -> PhysicsSettings {
    var physics = self
    physics.substep = substep
    physics.substeps = max(1, Int((controlInterval / substep).rounded()))
    return physics
  }
}

extension Link {
  /// Whether position drives of another form are among its own and those below.
  fileprivate func hasDrive(otherThan form: Drive.Form) -> Bool {
    for axis in joint?.axes ?? [] {
      if case .position(_, _, _, let own) = axis.actuator?.drive, own != form { return true }
    }
    return children.contains { $0.hasDrive(otherThan: form) }
  }

  /// With all position drives in one form.
  fileprivate func driven(_ form: Drive.Form) -> Link {
    changing { link in
      link.changeAxes { axis in
        guard case .position(let stiffness, let damping, let limit, _) = axis.actuator?.drive else { return }
        axis.actuator?.drive = .position(stiffness: stiffness, damping: damping, maxTorque: limit, form: form)
      }
    }
  }

  /// With the root held, and without stops, actuators, friction in the joints or anything that could touch.
  fileprivate var limp: Link {
    var root = changing { link in
      link.changeAxes { axis in
        axis.range = nil
        axis.actuator = nil
        axis.dynamics.damping = 0
        axis.dynamics.friction = 0
      }
      for i in link.colliders.indices { link.colliders[i].collides = false }
    }
    if root.joint == nil { root.joint = .fixed }
    return root
  }
}

extension Simulation {
  /// Where the links are.
  fileprivate var origins: [Vector3] { model.links.indices.map { pose(of: LinkID(index: $0)).position } }
}
