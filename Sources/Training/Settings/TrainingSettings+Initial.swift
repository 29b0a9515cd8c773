import Learning
import Networks

/// What `--init` starts a training from.
package struct InitialPolicy: Sendable {
  package var start: LearnerStart
  /// The pace of the training when the policy was saved; see `LearnerSettings.pace`. Nil where that is not known.
  package var pace: Double?
}

extension TrainingSettings {
  /// What a file or an option asked for.
  ///
  /// A settings file that says of a key what holds anyway, as a printed one does, asks for nothing.
  private func isWished(_ name: String, _ wishes: [Assignment], otherwise preset: TrainingSettings) -> Bool {
    guard let wish = wishes.last(where: { $0.key == name }), let key = TrainingKey.named(name) else { return false }
    return wish.source == nil || key.read(self) != key.read(preset)
  }

  /// Takes over what lets a training go on from a trained policy without ruining it: the value network's layers, the pace
  /// at which its training ended, and a time in which the policy keeps still. What the user asked for comes first.
  ///
  /// - Parameters:
  ///   - preset: the settings without the user's wishes.
  ///   - wishes: what the user asked for, taken over already.
  mutating func goOn(
    from initial: InitialPolicy, otherwise preset: TrainingSettings, wishes: [Assignment]
  ) throws {
    func isWished(_ name: String, _ settings: TrainingSettings) -> Bool {
      settings.isWished(name, wishes, otherwise: preset)
    }
    let fresh = type(of: learner).freshPolicyKeys
    for name in fresh where name.hasSuffix(".output_gain") && isWished(name, self) {
      throw TrainingError(
        "setting '\(name)' is \(TrainingKey.named(name)?.read(self) ?? ""), but the policy of --init has its output "
          + "weights; leave it out")
    }
    let now = self
    learner.goOn(from: initial.start, pace: initial.pace, envs: envs) { isWished($0, now) }
    ofInitialPolicy = fresh.filter { !isWished($0, now) }
  }

  /// Reads from a run's own settings which of them are its first policy's: those that it does not tell.
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
