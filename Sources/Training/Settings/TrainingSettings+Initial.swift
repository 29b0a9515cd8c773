import Learning

/// What `--init` starts a training from.
package struct InitialPolicy: Sendable {
  package var start: LearnerStart
  /// The divergence that the adaptive schedule aimed at when the policy was saved; nil where that is not known, or where
  /// another schedule was in use.
  package var targetKL: Double?
}

extension TrainingSettings {
  /// Settings that are not so where a training starts from a trained policy.
  private static let takenFromPolicy = ["ppo.initial_std", "ppo.output_gain"]
  /// Where the value network is new, advantages stay rough for long: the pace is then this share of what it was.
  private static let cautiousPace = 0.25
  /// And this is the rate at first, which the adaptive schedule raises where it can.
  private static let cautiousRate = 1e-5
  /// Iterations in which the policy keeps still: until its value network knows what it is worth, or, if that came along,
  /// until the optimizer has its moments.
  private static let frozenIterations = (fresh: 16, known: 2)

  /// What a file or an option asked for.
  ///
  /// A settings file that says of a key what holds anyway, as a printed one does, asks for nothing.
  private func isWished(_ name: String, _ wishes: [Assignment], otherwise preset: TrainingSettings) -> Bool {
    guard let wish = wishes.last(where: { $0.key == name }), let key = SettingKey.named(name) else { return false }
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
    guard !isWished("ppo.output_gain", self) else {
      throw TrainingError(
        "setting 'ppo.output_gain' is \(ppo.outputGain), but the policy of --init has its output weights; leave it out")
    }
    if !isWished("ppo.value_layers", self), let layers = initial.start.valueLayers { ppo.valueLayers = layers }
    let isKnown = initial.start.valueLayers == ppo.valueLayers
    if ppo.schedule == .adaptive {
      if !isWished("ppo.target_kl", self) {
        ppo.targetKL = (initial.targetKL ?? ppo.targetKL) * (isKnown ? 1 : Self.cautiousPace)
        if !isWished("ppo.final_kl", self) { ppo.finalKL = 0 }
      }
      if !isWished("ppo.learning_rate", self) {
        let rate = isKnown ? initial.start.learningRate ?? Self.cautiousRate : Self.cautiousRate
        ppo.learningRate = max(ppo.minLearningRate, min(rate, ppo.maxLearningRate))
      }
    }
    if !isWished("ppo.frozen_steps", self) {
      let iterations = isKnown ? Self.frozenIterations.known : Self.frozenIterations.fresh
      ppo.frozenSteps = iterations * envs * ppo.horizon
    }
    leaveToPolicy(Self.takenFromPolicy.filter { !isWished($0, self) })
  }

  /// Notes that the settings of these names are the policy's own.
  private mutating func leaveToPolicy(_ names: [String]) {
    ofInitialPolicy = names
    // Something that is possible, for it must not contradict the floor.
    if names.contains("ppo.initial_std") { ppo.initialStd = max(PPOSettings().initialStd, 2 * ppo.minStd) }
  }

  /// Reads from a run's own settings which of them are its first policy's: those that it does not tell.
  mutating func findOfInitialPolicy(in contents: SettingsFile.Contents) {
    leaveToPolicy(Self.takenFromPolicy.filter { name in !contents.assignments.contains { $0.key == name } })
  }

  /// Whether the training's first policy has the standard deviation that the settings tell.
  var setsStd: Bool { !ofInitialPolicy.contains("ppo.initial_std") }
}
