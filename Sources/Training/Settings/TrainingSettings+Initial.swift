import Learning
import Networks

/// What `--init` starts a training from.
package struct InitialPolicy: Sendable {
  package var start: LearnerStart
  /// The pace of the training when the policy was saved; see `LearnerSettings.pace`. Nil where that is not known.
  package var pace: Double?
}

extension TrainingSettings {
  /// What a file or an option sets.
  ///
  /// A key in a settings file with the value that holds anyway, as in a printed one, changes nothing.
  private func isSetByUser(_ name: String, _ userAssignments: [Assignment], otherwise preset: TrainingSettings) -> Bool
  {
    guard let assignment = userAssignments.last(where: { $0.key == name }), let key = TrainingKey.named(name) else {
      return false
    }
    return assignment.source == nil || key.read(self) != key.read(preset)
  }

  /// Takes over what lets a training go on from a trained policy without ruining it: the value network's layers, the pace
  /// at which its training ended, and a time in which the policy keeps still. The user's settings come first.
  ///
  /// - Parameters:
  ///   - preset: the settings without the user's assignments.
  ///   - assignments: the user's, which are applied already.
  mutating func goOn(
    from initial: InitialPolicy, otherwise preset: TrainingSettings, userAssignments: [Assignment]
  ) throws {
    func isSetByUser(_ name: String, _ settings: TrainingSettings) -> Bool {
      settings.isSetByUser(name, userAssignments, otherwise: preset)
    }
    let fresh = type(of: learner).freshPolicyKeys
    for name in fresh where name.hasSuffix(".output_gain") && isSetByUser(name, self) {
      throw TrainingError(
        "setting '\(name)' is \(TrainingKey.named(name)?.read(self) ?? ""), but the initial policy has its output "
          + "weights; leave it out")
    }
    let now = self
    learner.goOn(from: initial.start, pace: initial.pace, envs: envs) { isSetByUser($0, now) }
    ofInitialPolicy = fresh.filter { !isSetByUser($0, now) }
  }

  /// Reads from a run's own settings which of them are those of its initial policy: the ones that are missing.
  mutating func findOfInitialPolicy(in contents: SettingsFile.Contents) {
    ofInitialPolicy = type(of: learner).freshPolicyKeys.filter { name in
      !contents.assignments.contains { $0.key == name }
    }
  }

  /// The standard deviation that the settings give to the training's first policy; nil if it keeps its own.
  var startingStd: Double? {
    guard let std = learner.startingStd, !ofInitialPolicy.contains("\(kind.name).initial_std") else { return nil }
    return std
  }
}
