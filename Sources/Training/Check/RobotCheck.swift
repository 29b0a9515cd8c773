import Environments
import Robotics

/// Checks a catalog's entry, as a robot builder should before training it: the robot itself where there is a simulated
/// one, the env as a learner sees it, and what the entry declares about it.
package enum RobotCheck {
  /// All that is wrong, or may be, in the order in which it is worth mending.
  ///
  /// - Parameter seed: what everything random in it is drawn from.
  package static func findings(of entry: Catalog.Entry, seed: UInt64 = 1) -> [Finding] {
    do {
      let spec = try entry.spec()
      var findings = DeclarationExamination.examine(entry, spec)
      findings += try bodyFindings(of: entry, seed: seed)
      let plays = try Play.allWays(of: entry, seed: seed)
      if let mistake = plays.lazy.compactMap(\.defect).first {
        // All else would only show what follows from it.
        return [
          Finding(
            id: "mistake", severity: .error, sentence: mistake,
            hint: "mend that first; the env could not be looked at any further")
        ] + findings
      }
      findings += try MirrorPlayExamination.examine(entry, spec, seed: seed)
      findings += EpisodeExamination.examine(plays, spec)
      findings += ObservationExamination.examine(plays, spec)
      findings += RewardExamination.examine(plays, spec)
      findings += try MetricExamination.examine(entry, seed: seed)
      findings += try StartExamination.examine(entry, seed: seed)
      findings += try ActionExamination.examine(entry, seed: seed)
      findings += try RepeatabilityExamination.examine(entry, seed: seed)
      return findings
    } catch {
      return [
        Finding(
          id: "cannot_be_made", severity: .error, sentence: "\(error)",
          hint: "mend that first; nothing else could be looked at")
      ]
    }
  }

  /// What the simulated robot shows without a learner.
  private static func bodyFindings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    guard let robot = entry.robot, let model = try entry.model() else { return [] }
    var findings = MassExamination.examine(model)
    findings += PlacementExamination.examine(entry, model, seed: seed)
    findings += StrainExamination.examine(robot)
    findings += HoldingExamination.examine(robot)
    findings += MirrorExamination.examine(
      model, symmetry: try entry.makeVectorEnv(count: 1, seed: seed, start: .together).symmetry)
    return findings
  }
}
