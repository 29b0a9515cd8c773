import Environments
import Physics

/// An env that can be recorded, and watched while it acts.
protocol RecordableEnv: Env, ~Copyable {
  /// Its parts; a recording without frames.
  var emptyRecording: Recording { get }
  /// The present frame.
  var frame: Recording.Frame { get }

  /// Kilograms that a push acts on; 0 where nothing can be pushed.
  var mass: Double { get }
  /// Whether it can leave its place.
  var isFloating: Bool { get }
  /// Between which velocities it can be steered; nil where it cannot.
  var steeringLimits: SteeringLimits? { get }
  /// Has it keep this velocity from now on.
  mutating func steer(_ steering: Steering?)
  /// Applies an impulse (N·s) to a part of its recording.
  mutating func push(part: Int, by impulse: Vector3)
}

extension RecordableEnv where Self: ~Copyable {
  var mass: Double { 0 }
  var isFloating: Bool { false }
  var steeringLimits: SteeringLimits? { nil }
  mutating func steer(_ steering: Steering?) {}
  mutating func push(part: Int, by impulse: Vector3) {}

  /// Runs one episode of `policy` and records it.
  ///
  /// - Parameters:
  ///   - seed: what the env is reset with.
  ///   - noise: what a policy that draws its actions draws them from.
  mutating func record(_ policy: some Policy, seed: UInt64, noise: Random) -> Recording {
    var recording = emptyRecording
    var noise = noise
    var observation = Array(repeating: Float(0), count: spec.observationCount)
    var action = Array(repeating: Float(0), count: spec.actionCount)
    var memory = Array(repeating: Float(0), count: policy.memoryCount)
    var row = observation.mutableSpan
    reset(seed: seed, observation: &row)
    while recording.ending == .running {
      guard faultReason == nil, isFinite(observation.span) else {
        recording.ending = .faulted
        break
      }
      recording.frames.append(frame)
      var actionRow = action.mutableSpan
      var memoryRow = memory.mutableSpan
      policy.act(on: observation.span, memory: &memoryRow, random: &noise, into: &actionRow)
      guard isFinite(action.span) else {
        recording.ending = .faulted
        break
      }
      var row = observation.mutableSpan
      let transition = step(action.span, observation: &row)
      recording.ending = transition.ending
      recording.episodeReturn += Double(transition.reward)
    }
    if recording.ending != .faulted { recording.frames.append(frame) }
    return recording
  }
}

extension RobotEnv: RecordableEnv {
  var mass: Double { model.totalMass }
  var isFloating: Bool { model.isFloating }
}
