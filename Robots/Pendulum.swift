import Environments
import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Gymnasium's `Pendulum-v1`: swing a pendulum up with too little torque and hold it there, without a physics engine.
///
/// Dynamics, observation, reward, start and length follow Gymnasium's documentation of `Pendulum-v1` (g = 10 m/s²,
/// a rod of 1 kg and 1 m, steps of 0.05 s, speed within ±8 rad/s, torque within ±2 N·m). The angle is 0 when upright.
/// With the speed hidden, a policy has to remember where the rod was.
public struct Pendulum: DrawnEnv {
  public static let gravity = 10.0
  public static let interval = 0.05
  public static let maxSpeed = 8.0
  public static let maxTorque = 2.0

  public let spec: EnvSpec
  private var angle = 0.0
  /// Sine of the angle, which this step shows and the next one needs.
  private var sine = 0.0
  private var speed = 0.0
  private var stepsTaken = 0
  private let showsSpeed: Bool

  /// - Parameter showsSpeed: whether the rod's speed is observed, as in Gymnasium.
  public init(showsSpeed: Bool = true) throws {
    self.showsSpeed = showsSpeed
    let angle = [ObservationSlice("cosine", count: 1), ObservationSlice("sine", count: 1)]
    spec = try EnvSpec(
      observations: angle + (showsSpeed ? [ObservationSlice("speed", count: 1, unit: "rad/s")] : []),
      actions: [ActionChannel("torque", low: -Float(Self.maxTorque), high: Float(Self.maxTorque), unit: "N·m")],
      controlInterval: Self.interval, episodeSteps: 200)
  }

  public mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    start(angle: random.uniform(-Double.pi...Double.pi), speed: random.uniform(-1...1))
    observe(into: &observation)
  }

  /// Starts an episode at a given state (rad, rad/s).
  package mutating func start(angle: Double, speed: Double) {
    self.angle = angle
    sine = sin(angle)
    self.speed = speed
    stepsTaken = 0
  }

  public mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    // A command that is not a number must not become the state: it counts as none.
    let command = action[0].isNaN ? 0 : Double(action[0])
    let torque = min(max(command, -Self.maxTorque), Self.maxTorque)
    let wrapped = wrapped
    let cost = wrapped * wrapped + 0.1 * speed * speed + 0.001 * torque * torque
    let acceleration = 1.5 * Self.gravity * sine + 3 * torque
    speed = min(max(speed + acceleration * Self.interval, -Self.maxSpeed), Self.maxSpeed)
    angle += speed * Self.interval
    sine = sin(angle)
    stepsTaken += 1
    observe(into: &observation)
    return Transition(reward: Float(-cost), ending: stepsTaken >= spec.episodeSteps ? .truncated : .running)
  }

  /// The angle within −π…π.
  private var wrapped: Double {
    let turned = angle + .pi
    return turned - 2 * .pi * (turned / (2 * .pi)).rounded(.down) - .pi
  }

  private func observe(into row: inout MutableSpan<Float>) {
    row[0] = Float(cos(angle))
    row[1] = Float(sine)
    if showsSpeed { row[2] = Float(speed) }
  }

  public func draw(into drawing: inout Drawing) {
    let tip = Vector3(sine, 0, cos(angle))
    drawing.line("rod", from: .zero, to: tip, radius: 0.05)
    drawing.ball("pivot", at: .zero, radius: 0.07, tone: .dark)
    drawing.show(TrackedQuantity("angle", unit: "rad", wrapped, target: 0))
  }

  public func save(to writer: inout StateWriter) {
    writer.write(angle)
    writer.write(speed)
    writer.write(stepsTaken)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    angle = try reader.readFiniteDouble()
    sine = sin(angle)
    speed = try reader.readFiniteDouble()
    stepsTaken = try reader.readInt(in: 0...spec.episodeSteps)
  }
}

/// Swings the pendulum up by pumping energy and catches it with a proportional-derivative law: a controller written by
/// hand, to be measured beside the learned one.
///
/// The energy law is Åström and Furuta's, "Swinging up a pendulum by energy control" (2000).
public struct SwingUp: Policy {
  public let spec: EnvSpec

  public init(spec: EnvSpec) { self.spec = spec }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices {
      let (cosine, sine, speed) = (observations[3 * i], observations[3 * i + 1], observations[3 * i + 2])
      // J above hanging upright at rest; the rod's moment of inertia is 1/3 kg·m².
      let energy = speed * speed / 6 + 5 * (cosine - 1)
      let angle = atan2(sine, cosine)
      let canBeCaught = cosine > 0.9 && abs(5 * sine + 1.5 * speed) < 3
      let torque = canBeCaught ? -(12 * angle + 3 * speed) : -10 * energy * (speed < 0 ? -1 : 1)
      actions[i] = min(max(torque, -2), 2)
    }
  }
}

extension Catalog.Entry {
  static let pendulum = Self(
    "pendulum", summary: "Gymnasium's Pendulum-v1: swings up and balances with too little torque",
    settings: [
      "steps": 300_000, "envs": 16, "ppo.horizon": 64, "ppo.minibatch": 256, "ppo.epochs": 10, "ppo.gamma": 0.95,
      "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.target_kl": 0.01, "ppo.final_kl": 0.004,
      "a2c.gamma": 0.95, "a3c.gamma": 0.95, "reinforce.gamma": 0.95, "reinforce.horizon": 32,
      "reinforce.learning_rate": 1e-3, "evaluation.episodes": 100,
    ],
    policies: ["swing-up": { SwingUp(spec: $0) }], trainedPolicy: { shippedPolicy("pendulum") },
    goal: Goal(.meanReturn(atLeast: -170)), env: { try Pendulum() })

  static let pendulumHidden = Self(
    "pendulum-hidden", summary: "Pendulum-v1 whose speed is not observed, so that it takes memory to balance",
    settings: pendulum.settings.merging(
      ["steps": 1_000_000, "ppo.memory": "gru", "a2c.memory": "gru"], uniquingKeysWith: { $1 }),
    trainedPolicy: { shippedPolicy("pendulum-hidden") }, goal: Goal(.meanReturn(atLeast: -220)),
    env: { try Pendulum(showsSpeed: false) })
}
