import Environments

/// A point on a line that is pushed; the reward is least negative at the origin. Its state, ending and starts make use
/// of all that an env can do.
package struct PointEnv: Env {
  static let standardSpec = try? EnvSpec(
    observations: [
      ObservationSlice("hint", count: 1, for: .policy), ObservationSlice("state", count: 2),
      ObservationSlice("clock", count: 1, for: .critic),
    ],
    actions: [ActionChannel("push", low: -2, high: 2), ActionChannel("idle", low: 0, high: 1)],
    controlInterval: 0.1, episodeSteps: 40, rewardTerms: ["place", "effort"], endings: ["lost"], metrics: ["distance"])

  package let spec: EnvSpec
  private var position: Float = 0
  private var velocity: Float = 0
  private var steps = 0
  private var terms: (place: Float, effort: Float) = (0, 0)

  package init() throws {
    guard let spec = Self.standardSpec else { throw EnvError("no spec") }
    self.spec = spec
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    position = Float(random.uniform(-1...1))
    velocity = Float(random.uniform(-0.5...0.5))
    steps = 0
    observe(&observation)
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    let push = min(max(action[0], -2), 2)
    velocity = 0.9 * velocity + 0.1 * push
    position += 0.1 * velocity * 3
    steps += 1
    terms = (-position * position, -0.01 * push * push)
    observe(&observation)
    let ending: Ending =
      abs(position) > 2 ? .terminated(reason: 0) : steps >= spec.episodeSteps ? .truncated : .running
    return Transition(reward: terms.place + terms.effort - (abs(position) > 2 ? 10 : 0), ending: ending)
  }

  private func observe(_ observation: inout MutableSpan<Float>) {
    observation[0] = position > 0 ? 1 : -1
    observation[1] = position
    observation[2] = velocity
    observation[3] = Float(steps) / Float(spec.episodeSteps)
  }

  package func readRewardTerms(into out: inout MutableSpan<Float>) {
    out[0] = terms.place
    out[1] = terms.effort
  }

  package func readMetrics(into metrics: inout MutableSpan<Double>) { metrics[0] = Double(abs(position)) }

  package func save(to writer: inout StateWriter) {
    writer.write(position)
    writer.write(velocity)
    writer.write(steps)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    position = try reader.readFloat()
    velocity = try reader.readFloat()
    steps = try reader.readInt()
  }
}

/// One-step episodes: a number between −1 and 1 is shown, and half of it is the right answer.
package struct HalfEnv: Env {
  package let spec: EnvSpec
  package let symmetry: Symmetry?
  private var shown: Float = 0
  /// What the number that is shown is multiplied by.
  private let scale: Float

  package init(scale: Float = 1) throws {
    self.scale = scale
    symmetry = try Symmetry(observation: [.init(0, sign: -1)], action: [.init(0, sign: -1)])
    spec = try EnvSpec(
      observations: [ObservationSlice("shown", count: 1)], actions: [ActionChannel("answer")], controlInterval: 1,
      episodeSteps: 1, endings: ["answered"])
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    shown = Float(random.uniform(-1...1))
    observation[0] = scale * shown
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    let error = action[0] - shown / 2
    observation[0] = scale * shown
    return Transition(reward: -error * error, ending: .terminated(reason: 0))
  }

  package func save(to writer: inout StateWriter) { writer.write(shown) }
  package mutating func restore(from reader: inout StateReader) throws { shown = try reader.readFloat() }
}

/// Shows how many steps it has taken, with a reward of 1 for each, and ends after three.
package struct CountingEnv: Env {
  package let spec: EnvSpec
  private let ending: Ending
  private var steps: Float = 0

  package init(ending: Ending) throws {
    self.ending = ending
    spec = try EnvSpec(
      observations: [ObservationSlice("steps", count: 1)], actions: [ActionChannel("none")], controlInterval: 1,
      episodeSteps: 3, endings: ["over"])
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    steps = 0
    observation[0] = steps
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    steps += 1
    observation[0] = steps
    return Transition(reward: 1, ending: steps == 3 ? ending : .running)
  }

  package func save(to writer: inout StateWriter) { writer.write(steps) }
  package mutating func restore(from reader: inout StateReader) throws { steps = try reader.readFloat() }
}
