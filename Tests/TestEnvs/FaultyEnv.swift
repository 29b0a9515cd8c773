import Environments

/// An env that fails at random steps, in every way that an env can.
///
/// The step is drawn from a stream of the episode's seed, so that an episode still depends on its seed and its
/// actions alone.
package struct FaultyEnv<E: Env & ~Copyable>: Env, ~Copyable {
  private var env: E
  /// The chance of a failure in a step.
  private let rate: Double
  private var random = Random(seed: 0)

  package init(_ env: consuming E, rate: Double) {
    self.env = env
    self.rate = rate
  }

  package var spec: EnvSpec { env.spec }
  package var symmetry: Symmetry? { env.symmetry }
  package var faultReason: String? { env.faultReason }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    random = Random(seed: seed, stream: 99)
    env.reset(seed: seed, observation: &observation)
    if random.unit() < rate { observation[0] = .nan }
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    let isDue = random.unit() < rate
    let kind = random.index(below: 4)
    if isDue, kind == 0 {
      // Physics fail over it; an env without physics must say so itself.
      let odd = [Float](repeating: .nan, count: action.count)
      let transition = env.step(odd.span, observation: &observation)
      return Transition(reward: transition.reward, ending: .faulted)
    }
    var transition = env.step(action, observation: &observation)
    guard isDue else { return transition }
    switch kind {
    case 1: observation[observation.count - 1] = .nan
    case 2: observation[0] = -.infinity
    default: transition.reward = .nan
    }
    return transition
  }

  package func readRewardTerms(into terms: inout MutableSpan<Float>) { env.readRewardTerms(into: &terms) }
  package mutating func readMetrics(into metrics: inout MutableSpan<Double>) { env.readMetrics(into: &metrics) }

  package func save(to writer: inout StateWriter) {
    random.save(to: &writer)
    env.save(to: &writer)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    try random.restore(from: &reader)
    try env.restore(from: &reader)
  }
}
