import Environments
import Physics
import Robotics
import Tasks

/// What a robot of a file can be asked to do.
public enum DerivedTask: String, CaseIterable, Sendable {
  /// Go wherever a command says, on two feet or more.
  case trackVelocity = "track-velocity"
  /// Walk along a line at the commanded speed, on two feet.
  case walkForward = "walk-forward"
  /// Run along a line as fast as possible.
  case runForward = "run-forward"
  /// Bring the hand of an arm to a point.
  case reach
  /// Bring the hand of an arm to a point, turned as wanted.
  case reachPose = "reach-pose"

  /// What the options name, or what suits a robot.
  init(_ options: RobotFileOptions, robot: String, base: Assembly.Base, feet: Int) throws {
    if let name = options.task {
      guard let task = Self(rawValue: name) else {
        throw RobotError(
          "\(robot): unknown task '\(printable(name))'; the tasks are "
            + Self.allCases.map(\.rawValue).joined(separator: ", "))
      }
      self = task
    } else {
      switch base {
      case .fixed: self = .reach
      case .planar: self = .runForward
      case .floating: self = feet == 2 ? .walkForward : feet > 2 ? .trackVelocity : .runForward
      }
    }
  }

  /// Whether actions are positions even where the file has motors: without them a robot has to find out first how to stand.
  var wantsPositions: Bool { self != .runForward }
}

extension LoadedRobot {
  /// The robot with what it is asked to do, to train and to evaluate as a robot of the catalog.
  ///
  /// - Throws: `RobotError` for a task that the robot cannot do.
  public func entry() throws -> Catalog.Entry {
    switch task {
    case .trackVelocity:
      try require(feet.count >= 2, .trackVelocity, "two feet or more, and \(feet.count) were found; name them by feet:")
      return try velocityEntry()
    case .walkForward:
      try require(feet.count == 2, .walkForward, "two feet, and \(feet.count) were found; name them by feet:")
      return try walkingEntry()
    case .runForward:
      try require(isMobile, .runForward, "a base that moves")
      return runningEntry()
    case .reach, .reachPose:
      guard let hand else {
        throw RobotError(
          "\(name): the task needs a fixed base and a hand; set base: fixed, or name the hand's link by hand:")
      }
      return reachingEntry(hand)
    }
  }

  private var isMobile: Bool { body.joint == nil }

  private func require(_ holds: Bool, _ task: DerivedTask, _ need: String) throws {
    guard holds else { throw RobotError("\(name): the task \(task.rawValue) needs \(need)") }
  }

  /// Stride and speeds grow with the root of the legs' length, as Froude's number says.
  private var froudeSpeed: Double { (standingHeight * physics.gravity.length).squareRoot() }

  // MARK: Legs

  private func velocityEntry() throws -> Catalog.Entry {
    let model = try RobotModel(self)
    let stance = try Stance(of: self, model)
    let forward = options.forwardSpeeds ?? -0.6 * froudeSpeed...0.6 * froudeSpeed
    let sideways = options.sidewaysSpeeds ?? -0.4 * froudeSpeed...0.4 * froudeSpeed
    let task = TrackVelocity(
      feet: stance.feet,
      gait: GaitClock(period: 0.8 * standingHeight.squareRoot(), stance: 0.55, offsets: stance.offsets),
      command: VelocityCommand(
        forward: forward, sideways: sideways, turning: options.turningSpeeds ?? -1...1, standing: 0.1),
      height: standingHeight, fallHeight: 0.5 * standingHeight, stepHeight: 0.2 * standingHeight,
      resting: stance.spreaders)
    return Catalog.Entry(
      name, self, task,
      settings: Self.legged(model).merging([
        "steps": 7_999_488, "ppo.total_steps": 4_000_000, "envs": 64, "ppo.hidden_layers": "[128, 64]",
        "ppo.value_layers": "[128, 64]", "evaluation.interval": 400_000, "curriculum.start": 0,
      ]) { $1 },
      goal: Goal(
        .lasting(atLeast: 0.98), .mean("speed_error_m_s", atMost: 0.2), .mean("turn_error_rad_s", atMost: 0.25)))
  }

  private func walkingEntry() throws -> Catalog.Entry {
    let model = try RobotModel(self)
    var walking = WalkForward.Options()
    walking.startSpread = 0.05
    walking.height = 0.95 * standingHeight
    walking.highestStep = 0.1 * standingHeight
    walking.clockWeight = 0.12
    // A watt counts as much for a light robot as the watts of a heavy one.
    walking.powerWeight = 0.08 / model.weight
    walking.fallPenalty = 5
    walking.startsFromStanding = true
    let speeds = options.forwardSpeeds ?? 0...0.4 * froudeSpeed
    return Catalog.Entry(
      name, self,
      WalkForward(
        feet: (feet[0], feet[1]), command: VelocityCommand(forward: speeds, standing: 0.1),
        fallHeight: 0.6 * standingHeight, options: walking),
      settings: Self.legged(model).merging([
        "steps": 6_000_000, "ppo.target_kl": 0.04, "curriculum.start": 0.1,
      ]) { $1 },
      goal: Goal(.lasting(atLeast: 0.95), .mean("speed_error_m_s", atMost: 0.2)))
  }

  private func runningEntry() -> Catalog.Entry {
    var terms = RunForward.Terms()
    terms.height = 0.55 * standingHeight ... .infinity
    if physics.isPlanar { terms.lean = -1...1 }
    terms.healthy = 1
    terms.control = 1e-3
    terms.startNoise = 5e-3
    return Catalog.Entry(
      name, self,
      RunForward(
        "runs along a line as fast as it can", feet: feet, controlInterval: physics.controlInterval, terms: terms),
      settings: [
        "steps": 3_000_000, "ppo.total_steps": 3_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.epochs": 5,
        "ppo.gamma": 0.995, "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
        "evaluation.interval": 100_000,
      ])
  }

  /// Settings that suit robots on legs.
  private static func legged(_ model: RobotModel) -> [String: SettingValue] {
    var settings: [String: SettingValue] = [
      "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.final_kl": 0.005, "ppo.initial_std": 0.3,
    ]
    if model.mirroredActions() != nil, model.mirroredBodies != nil { settings["ppo.mirror_samples"] = true }
    return settings
  }

  // MARK: Arms

  private func reachingEntry(_ hand: (link: String, tip: Vector3)) -> Catalog.Entry {
    let settings: [String: SettingValue] = [
      "steps": 2_000_000, "ppo.lambda": 0.95, "ppo.final_kl": 0.004, "ppo.initial_std": 0.5,
    ]
    if task == .reachPose {
      return Catalog.Entry(
        name, self, ReachPose(hand: hand.link, tip: hand.tip, share: 0.5), settings: settings,
        goal: Goal(.mean("reached", atLeast: 0.95)))
    }
    return Catalog.Entry(
      name, self, Reach(hand: hand.link, tip: hand.tip, share: 0.5), settings: settings,
      goal: Goal(.mean("final_error_m", atMost: 0.02)))
  }
}

extension LoadedRobot {
  /// Robots on legs are trained so that what differs on the real machine does not throw them.
  public var randomization: DomainRandomization {
    guard isMobile, !physics.isPlanar, feet.count >= 2 else { return DomainRandomization() }
    var randomization = DomainRandomization()
    randomization.push = 0...min(1.5, 0.8 * froudeSpeed)
    randomization.pushInterval = 4
    randomization.friction = 0.5...1.2
    randomization.mass = 0.9...1.1
    randomization.strength = 0.9...1.1
    return randomization
  }
}
