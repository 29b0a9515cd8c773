import Environments

/// Lands in its third step, whether or not anybody has named that.
package struct Lander: Env {
  package enum Manner: Sendable { case lands, fails, traps, sound }

  package let spec: EnvSpec
  package let manner: Manner
  private var steps = 0

  package init(_ manner: Manner, endings: [String] = []) throws {
    self.manner = manner
    spec = try EnvSpec(
      observations: [.init("clock", count: 1)], actions: [.init("thrust")], controlInterval: 0.1, episodeSteps: 8,
      endings: endings)
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    steps = 0
    observation[0] = Float(random.unit())
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    steps += 1
    observation[0] = Float(steps)
    if steps == 3 {
      switch manner {
      case .lands: return Transition(reward: 1, ending: .terminated(reason: 0))
      case .fails: return Transition(reward: .nan, ending: .running)
      case .traps: return Transition(reward: action[action.count], ending: .running)
      case .sound: break
      }
    }
    return Transition(reward: 1, ending: steps == spec.episodeSteps ? .truncated : .running)
  }

  package func save(to writer: inout StateWriter) { writer.write(steps) }
  package mutating func restore(from reader: inout StateReader) throws { steps = try reader.readInt(in: 0...8) }
}
