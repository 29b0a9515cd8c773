import Environments

/// Sends each component's limits in turn, a different one to each component: as rough as play within the limits can be.
struct BangBangPolicy: Policy {
  let spec: EnvSpec
  let memoryCount = 1

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let count = spec.actionCount
    for i in actions.indices {
      let channel = spec.actions[i % count]
      actions[i] = (Int(memory[i / count]) / 3 + i % count).isMultiple(of: 2) ? channel.low : channel.high
    }
    for row in memory.indices { memory[row] += 1 }
  }
}

/// Moves each component on a wave of its own; row `special`, if any, keeps still.
struct WavePolicy: Policy {
  let spec: EnvSpec
  var special: Int?
  let memoryCount = 1

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let count = spec.actionCount
    for i in actions.indices {
      let channel = spec.actions[i % count]
      let place = Int(memory[i / count]) * (3 + i % count) % 17
      let share = i / count == special ? 0.5 : Float(place) / 16
      actions[i] = channel.low + (channel.high - channel.low) * share
    }
    for row in memory.indices { memory[row] += 1 }
  }
}
