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

/// Gymnasium's `CartPole-v1`: keep a pole upright by pushing its cart to the left or to the right, without a physics
/// engine.
///
/// Equations (Florian, "Correct equations for the dynamics of the cart-pole system", 2005, without friction), Euler steps
/// of 0.02 s, start, limits and reward follow Gymnasium's `cartpole.py`.
public struct CartPoleDiscrete: DrawnEnv {
  public static let gravity = 9.8
  public static let interval = 0.02
  /// Kilograms of cart and pole, and half the pole's length, m.
  static let (cartMass, poleMass, halfLength) = (1.0, 0.1, 0.5)
  /// Newtons.
  static let force = 10.0
  /// Meters and radians beyond which an episode ends.
  static let (farthest, steepest) = (2.4, 12 * 2 * Double.pi / 360)

  public let spec: EnvSpec
  private var state = State()
  private var stepsTaken = 0

  /// Where cart (m) and pole (rad from upright) are, and how fast they move.
  package struct State: Sendable, Equatable {
    package var position = 0.0
    package var velocity = 0.0
    package var angle = 0.0
    package var spin = 0.0

    package init(position: Double = 0, velocity: Double = 0, angle: Double = 0, spin: Double = 0) {
      (self.position, self.velocity, self.angle, self.spin) = (position, velocity, angle, spin)
    }
  }

  public init() throws {
    spec = try EnvSpec(
      observations: [
        ObservationSlice("cart position", count: 1, unit: "m"),
        ObservationSlice("cart velocity", count: 1, unit: "m/s"),
        ObservationSlice("pole angle", count: 1, unit: "rad"), ObservationSlice("pole spin", count: 1, unit: "rad/s"),
      ],
      actionSpace: .discrete([ChoiceChannel("push", choices: ["left", "right"])]), controlInterval: Self.interval,
      episodeSteps: 500, endings: ["fell", "left the track"])
  }

  public mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    let around = -0.05...0.05
    start(
      State(
        position: random.uniform(around), velocity: random.uniform(around), angle: random.uniform(around),
        spin: random.uniform(around)))
    observe(into: &observation)
  }

  /// Starts an episode at a given state.
  package mutating func start(_ state: State) {
    self.state = state
    stepsTaken = 0
  }

  public mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    let force = action[0] >= 0.5 ? Self.force : -Self.force
    let (cosine, sine) = (cos(state.angle), sin(state.angle))
    let (mass, moment) = (Self.cartMass + Self.poleMass, Self.poleMass * Self.halfLength)
    let push = (force + moment * state.spin * state.spin * sine) / mass
    let angular =
      (Self.gravity * sine - cosine * push) / (Self.halfLength * (4.0 / 3 - Self.poleMass * cosine * cosine / mass))
    let linear = push - moment * angular * cosine / mass
    state.position += Self.interval * state.velocity
    state.velocity += Self.interval * linear
    state.angle += Self.interval * state.spin
    state.spin += Self.interval * angular
    stepsTaken += 1
    observe(into: &observation)
    return Transition(reward: 1, ending: ending)
  }

  private var ending: Ending {
    if abs(state.angle) > Self.steepest { return .terminated(reason: 0) }
    if abs(state.position) > Self.farthest { return .terminated(reason: 1) }
    return stepsTaken >= spec.episodeSteps ? .truncated : .running
  }

  private func observe(into row: inout MutableSpan<Float>) {
    row[0] = Float(state.position)
    row[1] = Float(state.velocity)
    row[2] = Float(state.angle)
    row[3] = Float(state.spin)
  }

  public func draw(into drawing: inout Drawing) {
    let cart = Vector3(state.position, 0, 0)
    let tip = cart + Vector3(2 * Self.halfLength * sin(state.angle), 0, 2 * Self.halfLength * cos(state.angle))
    drawing.line("track", from: [-Self.farthest, 0, 0], to: [Self.farthest, 0, 0], radius: 0.02, tone: .gray)
    drawing.ball("cart", at: cart, radius: 0.12, tone: .dark)
    drawing.line("pole", from: cart, to: tip, radius: 0.04)
  }

  public func save(to writer: inout StateWriter) {
    writer.write([state.position, state.velocity, state.angle, state.spin])
    writer.write(stepsTaken)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 4)
    state = State(position: values[0], velocity: values[1], angle: values[2], spin: values[3])
    stepsTaken = try reader.readInt(in: 0...spec.episodeSteps)
  }
}

extension Catalog.Entry {
  static let cartPoleDiscrete = Self(
    "cartpole-discrete", summary: "Gymnasium's CartPole-v1: balances a pole by pushes to the left or the right",
    settings: [
      "steps": 100_000, "envs": 8, "ppo.horizon": 32, "ppo.minibatch": 256, "ppo.epochs": 10, "ppo.gamma": 0.98,
      "ppo.lambda": 0.9, "ppo.entropy_coefficient": 0, "evaluation.episodes": 100,
    ],
    trainedPolicy: { shippedPolicy("cartpole-discrete") }, goal: Goal(.meanReturn(atLeast: 475)),
    success: .lasting, env: { try CartPoleDiscrete() })
}
