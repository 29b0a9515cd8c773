import Environments
import Robotics

/// A point on a line that every action moves; falls off at ±1.
package struct Walker: Env {
  package let spec: EnvSpec
  private var position: Float = 0
  private var steps = 0

  package init(actionName: String = "push", observationCount: Int = 1) throws {
    spec = try EnvSpec(
      observations: [ObservationSlice("position", count: observationCount)], actions: [ActionChannel(actionName)],
      controlInterval: 0.1, episodeSteps: 20, rewardTerms: ["center"], endings: ["fell off"], metrics: ["end_m"])
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    position = Float(random.uniform(-0.5...0.5))
    steps = 0
    observation[0] = position
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    position += 0.2 * min(1, max(-1, action[0]))
    steps += 1
    observation[0] = position
    let ending: Ending =
      if abs(position) > 1 { .terminated(reason: 0) } else if steps == spec.episodeSteps { .truncated } else {
        .running
      }
    return Transition(reward: 1 - abs(position), ending: ending)
  }

  package func readMetrics(into metrics: inout MutableSpan<Double>) { metrics[0] = Double(position) }

  package func save(to writer: inout StateWriter) {
    writer.write(position)
    writer.write(steps)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    position = try reader.readFloat()
    steps = try reader.readInt()
  }
}

extension Catalog.Entry {
  package static func walker(
    _ name: String = "walker", settings: [String: SettingValue] = [:],
    make: @escaping @Sendable () throws -> Walker = { try Walker() }
  ) -> Catalog.Entry {
    Catalog.Entry(name, summary: "stays in the middle", settings: settings, env: make)
  }
}
