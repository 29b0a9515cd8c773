import Environments

/// A value in a robot's preset of training settings, as in a settings file.
public enum SettingValue: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  case number(Double)
  case text(String)
  case flag(Bool)

  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// The robots that a command knows, by name.
public struct Catalog: Sendable {
  public private(set) var entries: [Entry]
  /// What is wrong with the entries, in words; nil if nothing. The command refuses such a catalog.
  public let mistake: String?

  /// Every entry needs a unique name that can also be that of a folder; otherwise `mistake` says
  /// what is wrong.
  public init(_ entries: [Entry]) {
    self.entries = entries
    mistake = Self.mistake(in: entries)
  }

  private static func mistake(in entries: [Entry]) -> String? {
    var seen: Set<String> = []
    for entry in entries {
      let name = printable(entry.name)
      if let flaw = flaw(inName: entry.name) { return "the name '\(name)' of a robot \(flaw)" }
      if entry.name.contains("/") || entry.name.hasPrefix(".") || entry.name.hasPrefix("-") {
        return
          "the robot's name '\(name)' may hold no '/' and begin with neither '.' nor '-': it names a folder of runs"
      }
      if !seen.insert(entry.name).inserted { return "two robots are named '\(name)'; rename one of them" }
    }
    return nil
  }

  public var names: [String] { entries.map(\.name) }

  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  public static func + (catalog: Catalog, more: [Entry]) -> Catalog { Catalog(catalog.entries + more) }

  /// A named robot or env: how to make its envs, how to train on them, and the policies that ship with it.
  public struct Entry: Sendable {
    /// Makes a policy, other than a learned one, for an env.
    public typealias MakePolicy = @Sendable (EnvSpec) throws -> any Policy

    public let name: String
    /// One line for `ppo-robot list`.
    public let summary: String
    /// Training settings where they differ from the framework's defaults, keyed as in a settings file.
    public let settings: [String: SettingValue]
    /// Hand-written policies by name.
    public let policies: [String: MakePolicy]
    /// A trained policy's file, if one ships with the robot.
    public let trainedPolicy: (@Sendable () -> [UInt8])?
    /// When a policy counts as good enough, if the entry says so.
    public let goal: Goal?
    /// What makes an episode a success.
    public let success: Success
    /// The domain randomization of its training, unless the training's settings say otherwise.
    public let randomization: DomainRandomization
    private let makeEnvs: @Sendable (Int, Int, UInt64, EpisodeStart, DomainRandomization, Bool) throws -> VectorEnv
    /// The simulated robot behind the entry's envs, if there is one.
    package let robot: (any Robot)?
    /// What that robot is asked to do, as declared.
    package let task: (any RobotTask)?
    private let lookAtStarts: (@Sendable (Int, UInt64, (inout Simulation) throws -> Void) throws -> Void)?
    private let makeReruns: (@Sendable (Int, UInt64) throws -> [any EngineRerun])?
    private let makeRecording: (@Sendable (any Policy, UInt64, Random, DomainRandomization) throws -> Recording)?
    private let makeLive: (@Sendable (any Policy) throws -> any LiveRobot)?
    /// What a run directory keeps so that the entry can be made again where its robot comes from files; nil where it is part
    /// of the program.
    package var robotCopy: [UInt8]?
    /// Other ways to step the robot; nil for envs without a physics engine behind them.
    package let physicsStudy: PhysicsStudy?
    private let refine: (@Sendable (Int) -> Entry)?

    /// An entry for a robot with a task.
    public init<R: Robot, T: RobotTask>(
      _ name: String, _ robot: R, _ task: T, settings: [String: SettingValue] = [:],
      policies: [String: MakePolicy] = [:], trainedPolicy: (@Sendable () -> [UInt8])? = nil, goal: Goal? = nil
    ) {
      self.init(
        name, summary: task.summary, settings: settings, policies: policies, trainedPolicy: trainedPolicy, goal: goal,
        success: task.success, robot: robot, task: task,
        lookAtStarts: { count, seed, look in
          let model = try RobotModel(robot)
          var sim = try Simulation(model, measuresContactForces: task.measuresContactForces)
          var task = task
          try task.prepare(for: model)
          for number in 0..<count {
            var random = Random(seed: seed, stream: UInt64(number))
            try task.begin(&sim, using: &random)
            try look(&sim)
          }
        },
        makeReruns: { count, seed in
          let model = try RobotModel(robot)
          return try (0..<count).map { try RobotEngineRerun(model, task, seed: seed, env: $0) }
        },
        makeRecording: { policy, seed, noise, randomization in
          var env = try RobotEnv(robot, task, randomization: randomization)
          let recording = env.record(policy, seed: seed, noise: noise)
          if let defect = env.defect { throw RobotError("\(name): \(defect)") }
          return recording
        }, makeLive: { LivePolicyRobot(try RobotEnv(robot, task), $0) }, study: PhysicsStudy(robot),
        refine: { factor in
          let finer = RobotVariation(
            name: robot.name, body: robot.body, props: robot.props, physics: robot.physics.refined(by: factor),
            ignoredPairs: robot.ignoredPairs)
          return Entry(
            name, finer, task, settings: settings, policies: policies, trainedPolicy: trainedPolicy, goal: goal)
        },
        makeEnvs: { count, shards, seed, start, randomization, measuresEffort in
          let model = try RobotModel(robot)
          return try VectorEnv(count: count, shards: shards, seed: seed, start: start) { _ in
            try RobotEnv(model, task, randomization: randomization, measuresEffort: measuresEffort)
          }
        })
    }

    /// An entry for any env. One that conforms to `DrawnEnv` has a picture; the others have none.
    public init<E: Env & ~Copyable>(
      _ name: String, summary: String, settings: [String: SettingValue] = [:], policies: [String: MakePolicy] = [:],
      trainedPolicy: (@Sendable () -> [UInt8])? = nil, goal: Goal? = nil, success: Success = .lasting,
      env make: @escaping @Sendable () throws -> E
    ) {
      self.init(
        name, summary: summary, settings: settings, policies: policies, trainedPolicy: trainedPolicy, goal: goal,
        success: success, makeRecording: nil, makeLive: nil, env: make)
    }

    /// An entry for an env that says what it looks like.
    public init<E: DrawnEnv & ~Copyable>(
      _ name: String, summary: String, settings: [String: SettingValue] = [:], policies: [String: MakePolicy] = [:],
      trainedPolicy: (@Sendable () -> [UInt8])? = nil, goal: Goal? = nil, success: Success = .lasting,
      env make: @escaping @Sendable () throws -> E
    ) {
      self.init(
        name, summary: summary, settings: settings, policies: policies, trainedPolicy: trainedPolicy, goal: goal,
        success: success,
        makeRecording: { policy, seed, noise, randomization in
          try Self.refuse(randomization, of: name)
          var scene = DrawnScene(try make(), name: name)
          let recording = scene.record(policy, seed: seed, noise: noise)
          if let defect = scene.defect { throw RobotError("\(name): \(defect)") }
          return recording
        }, makeLive: { LivePolicyRobot(DrawnScene(try make(), name: name), $0) }, env: make)
    }

    private init<E: Env & ~Copyable>(
      _ name: String, summary: String, settings: [String: SettingValue], policies: [String: MakePolicy],
      trainedPolicy: (@Sendable () -> [UInt8])?, goal: Goal?, success: Success,
      makeRecording: (@Sendable (any Policy, UInt64, Random, DomainRandomization) throws -> Recording)?,
      makeLive: (@Sendable (any Policy) throws -> any LiveRobot)?, env make: @escaping @Sendable () throws -> E
    ) {
      self.init(
        name, summary: summary, settings: settings, policies: policies, trainedPolicy: trainedPolicy, goal: goal,
        success: success, robot: nil, task: nil, lookAtStarts: nil, makeReruns: nil, makeRecording: makeRecording,
        makeLive: makeLive, study: nil, refine: nil,
        makeEnvs: { count, shards, seed, start, randomization, _ in
          try Self.refuse(randomization, of: name)
          return try VectorEnv(count: count, shards: shards, seed: seed, start: start) { _ in try make() }
        })
    }

    private static func refuse(_ randomization: DomainRandomization, of name: String) throws {
      guard randomization.isOff else {
        throw RobotError("\(name): it has no simulated robot, so its domain cannot be randomized")
      }
    }

    private init(
      _ name: String, summary: String, settings: [String: SettingValue], policies: [String: MakePolicy],
      trainedPolicy: (@Sendable () -> [UInt8])?, goal: Goal?, success: Success,
      robot: (any Robot)?, task: (any RobotTask)?,
      lookAtStarts: (@Sendable (Int, UInt64, (inout Simulation) throws -> Void) throws -> Void)?,
      makeReruns: (@Sendable (Int, UInt64) throws -> [any EngineRerun])?,
      makeRecording: (@Sendable (any Policy, UInt64, Random, DomainRandomization) throws -> Recording)?,
      makeLive: (@Sendable (any Policy) throws -> any LiveRobot)?, study: PhysicsStudy?,
      refine: (@Sendable (Int) -> Entry)?,
      makeEnvs: @escaping @Sendable (Int, Int, UInt64, EpisodeStart, DomainRandomization, Bool) throws -> VectorEnv
    ) {
      self.name = name
      self.summary = summary
      self.settings = settings
      self.policies = policies.merging(["zero": { ZeroPolicy(spec: $0) }, "random": { RandomPolicy(spec: $0) }]) {
        own, _ in own
      }
      self.trainedPolicy = trainedPolicy
      self.goal = goal
      self.success = success
      self.robot = robot
      self.task = task
      randomization = robot?.randomization ?? DomainRandomization()
      self.lookAtStarts = lookAtStarts
      self.makeReruns = makeReruns
      self.makeRecording = makeRecording
      self.makeLive = makeLive
      physicsStudy = study
      self.refine = refine
      self.makeEnvs = makeEnvs
    }

    /// What the robot's envs look like.
    public func spec() throws -> EnvSpec {
      try makeVectorEnv(count: 1, seed: 0, start: .together).spec
    }

    /// The same robot and task with each physics step divided into `factor`; nil for envs without a physics engine behind
    /// them.
    package func refined(by factor: Int) -> Entry? { refine?(factor) }

    /// The robot's model; nil where the entry's envs have no simulated robot.
    public func model() throws -> RobotModel? { try robot.map { try RobotModel($0) } }

    /// Metrics that the task does not write in an episode of random actions; nil where no task is behind the entry's envs.
    package func unwrittenMetrics(seed: UInt64) throws -> [String]? {
      guard let robot, let task else { return nil }
      return try Self.unwrittenMetrics(robot, task, seed)
    }

    private static func unwrittenMetrics(
      _ robot: some Robot, _ task: some RobotTask, _ seed: UInt64
    ) throws -> [String] {
      var env = try RobotEnv(robot, task)
      _ = env.record(RandomPolicy(spec: env.spec), seed: seed, noise: Random(seed: seed))
      var figures = Array(repeating: 0.0, count: env.spec.metrics.count)
      var metrics = figures.mutableSpan
      env.readMetrics(into: &metrics)
      return env.neverWrittenMetrics
    }

    /// Shows `look` the simulated robot at `count` starts of episodes; does nothing where there is no simulated robot.
    package func lookAtStarts(
      count: Int, seed: UInt64, _ look: (inout Simulation) throws -> Void
    ) throws { try lookAtStarts?(count, seed, look) }

    /// Makes `count` envs in at most `shards` shards; see `VectorEnv` and `RobotEnv`.
    ///
    /// - Throws: `RobotError`, among others, for randomization where there is no simulated robot. `measuresEffort` changes
    ///   nothing there.
    public func makeVectorEnv(
      count: Int, shards: Int = 8, seed: UInt64, start: EpisodeStart = .staggered,
      randomization: DomainRandomization = DomainRandomization(), measuresEffort: Bool = false
    ) throws -> VectorEnv {
      try makeEnvs(count, shards, seed, start, randomization, measuresEffort)
    }

    /// Whether the entry's envs can be shown: they have a simulated robot or draw themselves.
    public var hasPicture: Bool { makeRecording != nil }

    /// Runs one episode of `policy` and records it; nil where the entry has no picture.
    ///
    /// - Parameters:
    ///   - seed: what the env is reset with.
    ///   - noise: what a policy that draws its actions draws them from.
    ///   - randomization: how the robot and its surroundings differ from what is declared.
    public func record(
      _ policy: some Policy, seed: UInt64, noise: Random, randomization: DomainRandomization = DomainRandomization()
    ) throws -> Recording? {
      try makeRecording?(policy, seed, noise, randomization)
    }

    /// Makes an env for pages that show it acting under `policy`; nil where the entry has no picture. Without randomization.
    package func makeLive(_ policy: any Policy) throws -> (any LiveRobot)? { try makeLive?(policy) }

    /// Makes the engine reruns of `count` envs that are made with `seed` and the start `.together`;
    /// nil where the entry's envs have no physics engine behind them.
    public func makeEngineReruns(count: Int, seed: UInt64) throws -> [any EngineRerun]? {
      try makeReruns?(count, seed)
    }
  }
}
