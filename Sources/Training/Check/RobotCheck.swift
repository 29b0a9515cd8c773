import Environments
import Robotics

/// Checks a catalog's entry, as a robot builder should before training it: the robot itself where there is a simulated
/// one, the env as a learner sees it, and what the entry declares about it.
package enum RobotCheck {
  /// All that is wrong, or may be, in the order in which it should be corrected.
  ///
  /// - Parameter seed: what everything random in it is drawn from.
  package static func findings(of entry: Catalog.Entry, seed: UInt64 = 1) -> [Finding] {
    do {
      let spec = try entry.spec()
      var findings = DeclarationCheck.findings(of: entry, spec)
      findings += try bodyFindings(of: entry, seed: seed)
      let samples = try SampledRollouts.all(of: entry, seed: seed)
      if let mistake = samples.lazy.compactMap(\.defect).first {
        // All else would only show what follows from it.
        return [
          Finding(
            id: "mistake", severity: .error, sentence: mistake,
            hint: "fix that first; the env could not be checked further")
        ] + findings
      }
      findings += try MirroredStepsCheck.findings(of: entry, spec, seed: seed)
      findings += EpisodeCheck.findings(in: samples, spec)
      findings += ObservationCheck.findings(in: samples, spec)
      findings += RewardCheck.findings(in: samples, spec)
      findings += try MetricCheck.findings(of: entry, seed: seed)
      findings += try StartCheck.findings(of: entry, seed: seed)
      findings += try ActionCheck.findings(of: entry, seed: seed)
      findings += try RepeatabilityCheck.findings(of: entry, seed: seed)
      return findings
    } catch {
      return [
        Finding(
          id: "cannot_be_made", severity: .error, sentence: "\(error)",
          hint: "fix that first; nothing else could be checked")
      ]
    }
  }

  /// What the simulated robot shows without a learner.
  private static func bodyFindings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    guard let robot = entry.robot, let model = try entry.model() else { return [] }
    var findings = MassCheck.findings(of: model)
    findings += PlacementCheck.findings(of: entry, model, seed: seed)
    findings += StrainCheck.findings(of: robot)
    findings += HoldingCheck.findings(of: robot)
    findings += MirrorCheck.findings(
      of: model, symmetry: try entry.makeVectorEnv(count: 1, seed: seed, start: .together).symmetry)
    return findings
  }
}
