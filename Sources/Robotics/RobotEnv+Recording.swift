import Environments

extension RobotEnv {
  /// Lives one episode of `policy` and records it.
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
