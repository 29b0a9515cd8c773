import Environments
import Physics

/// A robot, or an env that draws itself, which acts under a policy step by step, for someone who watches, steers and pushes
/// it meanwhile.
package protocol LiveRobot: AnyObject {
  var spec: EnvSpec { get }
  /// Its parts; a recording without frames.
  var body: Recording { get }
  /// Kilograms without its props; 0 where nothing can be pushed.
  var mass: Double { get }
  /// Whether it can leave its place.
  var isFloating: Bool { get }
  /// Between which velocities it can be steered; nil where it cannot.
  var steeringLimits: SteeringLimits? { get }
  /// Where everything is now.
  var frame: Recording.Frame { get }

  /// Starts an episode.
  func begin(seed: UInt64)
  /// Has it keep this velocity from now on, in episodes to come as well.
  func steer(_ steering: Steering)
  /// Pushes a part of `body` by `impulse` (N·s) over the next tenth of a second.
  func push(part: Int, by impulse: Vector3)
  /// Takes a control step. After the time of an episode it goes on and gives `.truncated`.
  func step() -> Ending
}

/// An env with a policy.
final class LivePolicyRobot<E: RecordableEnv & ~Copyable>: LiveRobot {
  private var env: E
  private let policy: any Policy
  private var noise = Random(seed: 0)
  private var observation: [Float]
  private var action: [Float]
  private var memory: [Float]
  private var pushes: [Push] = []

  private struct Push {
    let part: Int
    /// N·s in each control step.
    let impulse: Vector3
    var stepsLeft: Int
  }

  /// Seconds that a push takes.
  private static var pushTime: Double { 0.1 }

  init(_ env: consuming E, _ policy: any Policy) {
    observation = Array(repeating: 0, count: env.spec.observationCount)
    action = Array(repeating: 0, count: env.spec.actionCount)
    memory = Array(repeating: 0, count: policy.memoryCount)
    self.env = env
    self.policy = policy
  }

  var spec: EnvSpec { env.spec }
  var body: Recording { env.emptyRecording }
  var mass: Double { env.mass }
  var isFloating: Bool { env.isFloating }
  var steeringLimits: SteeringLimits? { env.steeringLimits }
  var frame: Recording.Frame { env.frame }

  func begin(seed: UInt64) {
    pushes = []
    noise = Random(seed: seed, stream: 1)
    for i in memory.indices { memory[i] = 0 }
    var values = observation
    var row = values.mutableSpan
    env.reset(seed: seed, observation: &row)
    observation = values
  }

  func steer(_ steering: Steering) { env.steer(steering) }

  func push(part: Int, by impulse: Vector3) {
    let steps = max(1, Int((Self.pushTime / spec.controlInterval).rounded()))
    pushes.append(Push(part: part, impulse: impulse / Double(steps), stepsLeft: steps))
  }

  func step() -> Ending {
    // Moved out while in use, so that their spans and calls on `self` do not overlap.
    var (observation, action, memory) = (self.observation, self.action, self.memory)
    defer { (self.observation, self.action, self.memory) = (observation, action, memory) }
    guard env.faultReason == nil, isFinite(observation.span) else { return .faulted }
    for i in pushes.indices {
      env.push(part: pushes[i].part, by: pushes[i].impulse)
      pushes[i].stepsLeft -= 1
    }
    pushes.removeAll { $0.stepsLeft == 0 }
    var actionRow = action.mutableSpan
    var memoryRow = memory.mutableSpan
    policy.act(on: observation.span, memory: &memoryRow, random: &noise, into: &actionRow)
    guard isFinite(action.span) else { return .faulted }
    var row = observation.mutableSpan
    return env.step(action.span, observation: &row).ending
  }
}
