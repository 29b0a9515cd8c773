import Environments

extension EnvSpec {
  /// Where a policy made for this spec cannot act in an env of another, in words; nil if it can.
  package func difference(from other: EnvSpec) -> String? {
    policyDifference(from: other)
      ?? (observationCount == other.observationCount
        ? nil : "a row of observations had \(observationCount) columns, the robot's has \(other.observationCount)")
  }

  /// The same, except what the critic alone is shown.
  package func policyDifference(from other: EnvSpec) -> String? {
    let name = { (slice: ObservationSlice) in "\(slice.name) (\(slice.count))" }
    let mine = observations.filter { $0.audience != .critic }.map(name)
    let theirs = other.observations.filter { $0.audience != .critic }.map(name)
    if mine != theirs {
      let pair = Self.firstDifference(mine, theirs)
      return "it was trained on \(policyColumns.count) observations, the robot shows \(other.policyColumns.count) "
        + "(\(pair.0) where the robot has \(pair.1))"
    }
    let channel = { (channel: ActionChannel) in "\(channel.name) (\(channel.low) to \(channel.high))" }
    if actions.count != other.actions.count || !zip(actions, other.actions).allSatisfy({ $0.fits($1) }) {
      let pair = Self.firstDifference(actions.map(channel), other.actions.map(channel))
      return "it gives \(actionCount) actions, the robot takes \(other.actionCount) "
        + "(\(pair.0) where the robot has \(pair.1))"
    }
    if controlInterval != other.controlInterval {
      return "it acts every \(controlInterval) s, the robot every \(other.controlInterval) s"
    }
    return nil
  }

  private static func firstDifference(_ mine: [String], _ theirs: [String]) -> (String, String) {
    for i in 0..<max(mine.count, theirs.count) {
      let (a, b) = (i < mine.count ? mine[i] : "nothing", i < theirs.count ? theirs[i] : "nothing")
      if a != b { return (a, b) }
    }
    return ("nothing", "nothing")
  }
}
