extension TrainingSettings {
  /// What schedules do that run over other steps than the training has, a sentence each.
  package var scheduleNotes: [String] {
    guard iterations(for: steps) != iterations(for: ppo.totalSteps) else { return [] }
    let lengths =
      "runs over ppo.total_steps, \(NumberText.grouped(ppo.totalSteps)) steps, and the training over "
      + "\(NumberText.grouped(steps))"
    switch ppo.schedule {
    case .linear: return ["the linear schedule of the learning rate \(lengths)"]
    case .adaptive where ppo.finalKL > 0 && ppo.finalKL != ppo.targetKL:
      return ["the divergence aimed at moves from ppo.target_kl to ppo.final_kl; that \(lengths)"]
    default: return []
    }
  }

  private func iterations(for steps: Int) -> Int {
    let samples = envs * ppo.horizon
    return steps / samples + (steps % samples > 0 ? 1 : 0)
  }
}
