import Environments
import Storage
import Training

extension CrashRerun {
  package var json: JSON {
    .object([
      ("robot", .text(crash.robot)), ("env", .whole(crash.env)), ("step", .whole(crash.step)),
      ("episode_seed", .unsigned(tail.seed)), ("first_step", .whole(tail.stepsBefore + 1)),
      ("steps", .whole(stepCount)), ("recorded_reason", .text(crash.reason)), ("reproduced", .flag(isReproduced)),
      ("breaks_at", rerun.reason == nil ? .null : .whole(tail.stepsBefore + rerun.steps.count)),
      ("reason", rerun.reason.map { .text($0) } ?? .null), ("last", .array(lastSteps.map(json))),
    ])
  }

  private func json(ofStep number: Int) -> JSON {
    var column = 0
    let observation = crash.spec.observations.map { slice in
      defer { column += slice.count }
      return (slice.name, JSON.array(before(number)[column..<column + slice.count].map { .number(Double($0)) }))
    }
    let actions = zip(crash.spec.actions, action(number)).map { ($0.name, JSON.number(Double($1))) }
    return .object([
      ("episode_step", .whole(tail.stepsBefore + number + 1)), ("observation", .object(observation)),
      ("action", .object(actions)), ("reward", .number(Double(rerun.steps[number].reward))),
    ])
  }

  /// A table of observations and actions of the last steps, with a heading.
  package var text: String {
    let start = tail.snapshot == nil ? "its start" : "a snapshot after step \(tail.stepsBefore)"
    var rows = [["step of the episode"] + lastSteps.map { "\(tail.stepsBefore + $0 + 1)" }]
    var column = 0
    for slice in crash.spec.observations {
      for i in 0..<slice.count {
        let name = slice.count > 1 ? "\(slice.name) \(i)" : slice.name
        rows.append([name] + lastSteps.map { Self.text(before($0)[column]) })
        column += 1
      }
    }
    for (i, channel) in crash.spec.actions.enumerated() {
      rows.append(["action \(channel.name)"] + lastSteps.map { Self.text(action($0)[i]) })
    }
    rows.append(["reward"] + lastSteps.map { Self.text(rerun.steps[$0].reward) })
    return """
      \(crash.robot), env \(crash.env), failed at step \(NumberText.grouped(crash.step)): \(printable(crash.reason))
      Repeated from \(start), \(stepCount) control \(stepCount == 1 ? "step" : "steps"), episode seed \(tail.seed).

      \(TextTable(rows).text)
      """
  }

  private static func text(_ value: Float) -> String {
    value.isFinite ? NumberText.short(Double(value)) : "\(value)"
  }
}
