import Storage
import Training

/// One JSON document a line, on standard output.
final class JSONProgress: ProgressDisplay {
  func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let start): show(start)
    case .iterated(let iteration): show(iteration)
    case .incident(let incident): print(incident.event, incident.members)
    case .evaluated(let evaluation):
      print("evaluation", [("steps", .whole(evaluation.step)), ("evaluation", evaluation.json)])
    }
  }

  private func show(_ start: TrainingStart) {
    if start.isResumed { resumed(at: start.firstStep) }
    print(
      "started",
      [
        ("robot", .text(start.robot)), ("run_dir", .text(start.folder)), ("step", .whole(start.firstStep)),
        ("steps", .whole(start.steps)), ("envs", .whole(start.envs)), ("threads", .whole(start.threads)),
        ("seed", .unsigned(start.seed)), ("notes", .array(start.notes.map { .text($0) })),
      ])
  }

  private func show(_ iteration: TrainingIteration) {
    var members = iteration.row.members.map { (key: $0.name, value: $0.value) }
    if let evaluation = iteration.evaluation { members.append(("evaluation", evaluation.json)) }
    print("iteration", members)
    for finding in iteration.findings { print("doctor", [("step", .whole(iteration.step))] + finding.members) }
  }

  func finish(_ outcome: TrainingOutcome) {
    switch outcome {
    case .completed(let summary):
      guard case .object(let members) = summary.json else { return }
      print("done", members)
    case .alreadyComplete(let run):
      resumed(at: run.steps)
      Output.print(#"{"event":"done","# + run.summary.dropFirst())
    case .interrupted(let interruption):
      print(
        "interrupted",
        [
          ("signal", .text(StopRequest.signalName)), ("step", .whole(interruption.step)),
          ("checkpoint", .text(interruption.checkpoint)),
        ])
    }
  }

  func clear() {}

  private func resumed(at step: Int) { print("resumed", [("step", .whole(step))]) }

  private func print(_ event: String, _ members: [(key: String, value: JSON)]) {
    Output.print(JSON.object([("event", .text(event))] + members).line)
  }
}

extension Incident {
  /// Its name among the events.
  fileprivate var event: String {
    switch self {
    case .fault: "fault"
    case .rollback: "rollback"
    }
  }

  fileprivate var members: [(key: String, value: JSON)] {
    switch self {
    case .fault(let fault):
      [
        ("env", .whole(fault.env)), ("step", .whole(fault.step)), ("reason", .text(fault.reason)),
        ("total", .whole(fault.total)), ("file", fault.file.map { .text($0) } ?? .null),
      ]
    case .rollback(let reason, let step): [("step", .whole(step)), ("reason", .text(reason))]
    }
  }
}
