import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Chooses what a file leaves open about its joints: gains, limits, action scales.
struct AxisDesigner {
  /// The deflection at which a position drive whose gains are not known gives all of its effort, rad or m.
  private static let fullEffortDeflection = 0.6
  /// The damping ratio of such a drive.
  private static let dampingRatio = 0.6
  /// The least damping of such a drive, as a share of its stiffness, s: a light shank that swings needs less, but on the
  /// ground it carries the robot. Gains of published quadrupeds are at 0.02 to 0.03 s (legged_gym: A1, ANYmal).
  private static let leastDampingTime = 0.02
  /// How many times the effort that holds the robot up is the limit of a motor of which the file says nothing.
  private static let unknownEffortFactor = 4.0
  /// The change of a target by an action of 1 where nothing says more, rad.
  private static let reach = 0.5

  let assembly: Assembly
  let model: FileModel
  let options: RobotFileOptions
  private(set) var warnings: [RobotFileWarning] = []
  /// Whether motors are driven by positions as long as the options say nothing else.
  var prefersPositions = false

  init(_ assembly: Assembly, _ model: FileModel, options: RobotFileOptions) {
    self.assembly = assembly
    self.model = model
    self.options = options
  }

  private var joints: [AssemblyJoint] { assembly.links.flatMap(\.joints) }

  /// Default positions, stops and dynamics of all joints, without drives.
  ///
  /// - Parameter positions: default positions by name where neither the sidecar nor the file gives one.
  mutating func passive(at positions: [String: Double] = [:]) -> [String: AxisDesign] {
    var designs: [String: AxisDesign] = [:]
    for joint in joints {
      var range = joint.range
      let given = options.defaultPositions.value(for: joint.name) ?? model.keyframe?.positions[joint.name]
      var neutral = given ?? positions[joint.name] ?? 0
      if let stops = range {
        let clamped = min(max(neutral, stops.lowerBound), stops.upperBound)
        if let given, clamped != given {
          warn("the default position \(given) of '\(joint.name)' is beyond its stops; it is \(clamped)", joint)
        }
        neutral = clamped
        if joint.kind == .hinge, stops.upperBound - stops.lowerBound > 2 * JointAxis.maximumAngle {
          let window = neutral - JointAxis.maximumAngle...neutral + JointAxis.maximumAngle
          range = window.clamped(to: stops)
          warn(
            "the stops of '\(joint.name)' are more than \(2 * JointAxis.maximumAngle) rad apart; it moves within "
              + "\(JointAxis.maximumAngle) rad of its default position", joint)
        }
      }
      var dynamics = joint.dynamics
      if let armature = options.armature.value(for: joint.name) { dynamics.armature = armature }
      if let friction = options.friction.value(for: joint.name) { dynamics.friction = friction }
      // Where no spring pulls, its rest says nothing.
      if dynamics.stiffness == 0 { dynamics.rest = 0 }
      designs[joint.name] = AxisDesign(neutral: neutral, range: range, dynamics: dynamics, actuator: nil)
    }
    return designs
  }

  /// The same designs with drives.
  ///
  /// - Parameters:
  ///   - loads: what each axis moves in the default pose, by name.
  ///   - physics: whose step is divided until all drives can be explicit, if a few more steps do it.
  mutating func driven(
    _ passive: [String: AxisDesign], loads: [String: AxisLoad], physics: inout PhysicsSettings
  ) throws(RobotFileError) -> [String: AxisDesign] {
    let designs = try driven(passive, loads: loads, substep: physics.substep)
    guard options.substep == nil, options.decimation == nil else { return designs }
    for substeps in physics.substeps...Self.mostSubsteps {
      let substep = physics.controlInterval / Double(substeps)
      let finer = try driven(passive, loads: loads, substep: substep)
      guard finer.values.allSatisfy({ $0.actuator?.drive.isImplicit != true }) else { continue }
      (physics.substep, physics.substeps) = (substep, substeps)
      return finer
    }
    return designs
  }

  /// More physics steps of a control step cost as much as the solver's own form of the drives.
  private static let mostSubsteps = 7

  private mutating func driven(
    _ passive: [String: AxisDesign], loads: [String: AxisLoad], substep: Double
  ) throws(RobotFileError) -> [String: AxisDesign] {
    var designs = passive
    var count = 0
    for joint in joints {
      guard var design = designs[joint.name] else { continue }
      let files = model.actuators.filter { $0.joint == joint.name }
      let isWanted = options.actuated.map { $0.contains { $0.matches(joint.name) } } ?? true
      guard isWanted, let load = loads[joint.name],
        let law = try law(of: joint, files.first, load, isNamed: options.actuated != nil)
      else { continue }
      design.actuator = actuator(law, joint, design, load, substep: substep)
      designs[joint.name] = design
      count += 1
    }
    guard count > 0 else {
      throw RobotFileError(
        "no joint of it can be driven: the file names no actuator and no effort above 0; set effort_limit in a sidecar",
        at: model.position)
    }
    for actuator in model.actuators where assembly.linksOf(joint: actuator.joint) == nil {
      let warning = RobotFileWarning(
        "the actuator '\(actuator.name)' drives '\(actuator.joint)', which does not move here", at: actuator.position)
      if !warnings.contains(warning) { warnings.append(warning) }
    }
    return designs
  }

  /// What drives a joint, in full; nil for one that nothing drives.
  private mutating func law(
    of joint: AssemblyJoint, _ file: FileActuator?, _ load: AxisLoad, isNamed: Bool
  ) throws(RobotFileError) -> FileActuator.Law? {
    let given = options.effortLimit.value(for: joint.name)
    var limit = given ?? joint.effortLimit
    switch file?.law {
    case .torque(let effort)?: limit = given ?? min(limit ?? .infinity, effort)
    case .position(_, _, let effort, _)?, .velocity(_, let effort, _)?: limit = given ?? min(limit ?? .infinity, effort)
    case nil:
      guard let wanted = limit, wanted > 0 else {
        if isNamed {
          throw RobotFileError("'\(joint.name)' has no effort limit; set effort_limit in a sidecar", at: joint.position)
        }
        warn("'\(joint.name)' has no motor: its effort is 0 or missing", joint)
        return nil
      }
    }
    var effort = limit ?? .infinity
    if effort == .infinity {
      effort = Self.twoDigits(Self.unknownEffortFactor * load.holdingEffort)
      warn("the effort limit of '\(joint.name)' is not known; \(effort) is taken", joint)
    }
    guard effort > 0 else { return nil }
    let kind = options.controlType ?? (model.actuators.isEmpty || file == nil ? .position : kind(of: file?.law))
    switch (kind, file?.law) {
    case (.torque, _): return .torque(limit: effort)
    case (.velocity, .velocity(let gain, _, let speed)?): return .velocity(gain: gain, limit: effort, speed: speed)
    case (.velocity, _):
      return .velocity(gain: effort / (joint.velocityLimit ?? 2), limit: effort, speed: joint.velocityLimit ?? 2)
    case (.position, .position(let stiffness, let damping, _, let targets)?):
      return .position(
        stiffness: options.stiffness.value(for: joint.name) ?? stiffness,
        damping: options.damping.value(for: joint.name).map { .given($0) } ?? damping, limit: effort, targets: targets)
    case (.position, _):
      let stiffness =
        options.stiffness.value(for: joint.name) ?? Self.twoDigits(effort / Self.fullEffortDeflection)
      let damping =
        options.damping.value(for: joint.name)
        ?? Self.twoDigits(
          max(2 * Self.dampingRatio * (stiffness * load.inertia).squareRoot(), Self.leastDampingTime * stiffness))
      return .position(stiffness: stiffness, damping: .given(damping), limit: effort, targets: nil)
    }
  }

  /// A file's own motors are driven as the file drives them, but for those of a URDF, which says nothing about it.
  private func kind(of law: FileActuator.Law?) -> RobotFileOptions.ControlType {
    switch law {
    case .torque?: model.saysBase && !prefersPositions ? .torque : .position
    case .velocity?: .velocity
    case .position?, nil: .position
    }
  }

  private func actuator(
    _ law: FileActuator.Law, _ joint: AssemblyJoint, _ design: AxisDesign, _ load: AxisLoad, substep h: Double
  ) -> Actuator {
    let scale = options.actionScale.value(for: joint.name)
    let speed = options.velocityLimit.value(for: joint.name) ?? .infinity
    switch law {
    case .torque(let limit):
      var actuator = Actuator.torque(limit: limit, speedLimit: speed)
      if let scale { actuator.scale = scale }
      return actuator
    case .velocity(let gain, let limit, let target):
      return .velocity(gain: gain, limit: limit, speed: scale ?? target, speedLimit: speed)
    case .position(let stiffness, let damping, let limit, let targets):
      let damping =
        switch damping {
        case .given(let value): value
        case .ratio(let ratio): Self.twoDigits(2 * ratio * (stiffness * load.inertia).squareRoot())
        }
      // Explicit, which is cheaper, where that is stable with a margin for the coupling of axes: alone, an axis would be up
      // to h d/I = 2 and h² k/I = 4.
      let isStable = damping * h < 0.7 * load.freeInertia && stiffness * h * h < 0.7 * load.freeInertia
      let farthest = (targets ?? design.range).map {
        max(abs($0.lowerBound - design.neutral), abs($0.upperBound - design.neutral))
      }
      return .position(
        stiffness: stiffness, damping: damping, limit: limit,
        reach: scale ?? min(Self.reach, max(farthest ?? .infinity, 0.01)), form: isStable ? .explicit : .implicit,
        speedLimit: speed)
    }
  }

  /// A gain that is chosen here, as one would write it down; left and right of a robot, which files give slightly different
  /// masses, get the same.
  private static func twoDigits(_ value: Double) -> Double {
    guard value.isNormal, value > 0 else { return value }
    let unit = pow(10, (log10(value)).rounded(.down) - 1)
    return (value / unit).rounded() * unit
  }

  private mutating func warn(_ text: String, _ joint: AssemblyJoint) {
    let warning = RobotFileWarning(text, at: joint.position)
    if !warnings.contains(warning) { warnings.append(warning) }
  }
}

extension Drive {
  /// Whether the solver decides the torque of a position drive.
  fileprivate var isImplicit: Bool {
    if case .position(_, _, _, .implicit) = self { return true }
    return false
  }
}

extension Assembly {
  /// The index of the link that has a joint.
  func linksOf(joint: String) -> Int? { links.firstIndex { $0.joints.contains { $0.name == joint } } }
}
