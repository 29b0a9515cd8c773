import Environments
import Networks

extension RolloutSamples.State {
  /// Evaluates a value network that reads observations alone, on all rows.
  mutating func evaluateAtOnce(
    _ rollout: ShardRollout, _ shown: Span<Float>, _ model: borrowing ActorCritic
  ) {
    let (critic, spec, rows) = (model.critic, model.policy.spec, rollout.rowCount)
    let parameters = model.parameters.values.span.extracting(model.valueRange)
    do {
      var outputs = batch.values.mutableSpan
      critic.evaluate(shown, spec: spec, parameters: parameters, into: &outputs)
    }
    do {
      var all = values.mutableSpan
      var last = all._mutatingExtracting(rows..<rows + rollout.envCount)
      let ends = rollout.observations.span.extracting((rows * spec.observationCount)...)
      critic.evaluate(ends, spec: spec, parameters: parameters, into: &last)
    }
    var final = finalValues.mutableSpan
    critic.evaluate(rollout.finalObservations.span, spec: spec, parameters: parameters, into: &final)
  }

  /// Evaluates a value network that has a memory or shares the policy's layers, a control step at a time.
  mutating func evaluateStepByStep(
    _ rollout: ShardRollout, _ model: borrowing ActorCritic, _ layout: SampleLayout
  ) {
    let (envs, rows, width) = (rollout.envCount, rollout.rowCount, layout.observations)
    var stepper = exchange(&self.stepper, with: nil) ?? ValueStepper(for: model, envs: envs)
    let ownsMemory = layout.valueMemory > 0
    if ownsMemory {
      valueMemory.resize(to: envs * layout.valueMemory)
      stepper.memory = valueMemory
    } else {
      for env in 0..<envs {
        for i in 0..<layout.policyMemory {
          stepper.memory[env * layout.policyMemory + i] = memories[env * layout.memories + i]
        }
      }
    }
    var nextFinal = 0
    for row in stride(from: 0, to: rows, by: envs) {
      if ownsMemory { keepValueMemory(of: stepper, before: row, envs: envs, layout) }
      do {
        var all = batch.values.mutableSpan
        var outputs = all._mutatingExtracting(row..<row + envs)
        stepper.step(
          rollout.observations.span.extracting(row * width..<(row + envs) * width), model, into: &outputs)
      }
      while nextFinal < rollout.finals.count, rollout.finals[nextFinal].row < row + envs {
        let final = rollout.finalObservations.span.extracting(nextFinal * width..<(nextFinal + 1) * width)
        let env = rollout.finals[nextFinal].row - row
        finalValues[nextFinal] = stepper.value(of: final, env: env, model)
        stepper.clearMemory(ofEnv: env)
        nextFinal += 1
      }
    }
    if ownsMemory { valueMemory = stepper.memory }
    do {
      var all = values.mutableSpan
      var last = all._mutatingExtracting(rows..<rows + envs)
      stepper.step(rollout.observations.span.extracting((rows * width)...), model, into: &last)
    }
    self.stepper = stepper
  }

  private mutating func keepValueMemory(
    of stepper: borrowing ValueStepper, before row: Int, envs: Int, _ layout: SampleLayout
  ) {
    for env in 0..<envs {
      let start = (row + env) * layout.memories + layout.policyMemory
      for i in 0..<layout.valueMemory { memories[start + i] = stepper.memory[env * layout.valueMemory + i] }
    }
  }

  /// Evaluates a value network that reads actions: those that were taken, and the likeliest ones, which stand for what
  /// would be done next where the rollout does not show it, and whose values serve as a baseline.
  mutating func evaluateActions(_ rollout: ShardRollout, _ model: borrowing ActorCritic, _ layout: SampleLayout) {
    let rows = rollout.rowCount
    // Moved out while they are read, so that their spans and changes of `self` do not overlap.
    var batch = exchange(&self.batch, with: Batch())
    var inputs = ActionInputs(for: model, layout)
    var taken = exchange(&batch.criticInputs, with: [])
    inputs.write(batch.observations, batch.actions, rows: batch.rows, to: &taken)
    do {
      var outputs = batch.values.mutableSpan
      inputs.evaluate(taken.span, model, into: &outputs)
    }
    batch.criticInputs = taken
    modeValues.resize(to: rows)
    do {
      let modes = inputs.modes(of: batch.outputs, rows: rows)
      var outputs = modeValues.mutableSpan
      inputs.evaluate(batch.observations, modes, rows: rows, model, into: &outputs)
    }
    self.batch = batch
    do {
      let ends = rollout.observations.span.extracting((rows * layout.observations)...)
      var all = values.mutableSpan
      var last = all._mutatingExtracting(rows..<rows + rollout.envCount)
      inputs.evaluateModes(of: ends, model, into: &last)
    }
    var final = finalValues.mutableSpan
    inputs.evaluateModes(of: rollout.finalObservations.span, model, into: &final)
  }
}
