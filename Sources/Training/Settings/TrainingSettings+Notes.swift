extension TrainingSettings {
  /// What schedules do that run over other steps than the training has, a sentence each.
  package var scheduleNotes: [String] {
    guard iterations(for: steps) != iterations(for: learner.totalSteps) else { return [] }
    return [learner.note(ofTraining: steps)].compactMap(\.self)
  }

  private func iterations(for steps: Int) -> Int {
    let samples = envs * learner.horizon
    return steps / samples + (steps % samples > 0 ? 1 : 0)
  }
}
