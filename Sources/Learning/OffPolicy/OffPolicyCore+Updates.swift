import Environments
import Networks

/// Gradient steps.
extension OffPolicyCore {
  /// Numbers that are summed over the shards at a time, so that they stay in the nearest cache.
  private static let pieceLength = 4_096
  private static let (criticOptimizer, policyOptimizer, extraOptimizer) = (0, 1, 2)

  /// Begins an update.
  ///
  /// - Returns: how many gradient steps it has.
  package mutating func beginUpdate() -> Int {
    sums = OffPolicySums()
    norms = (0, 0)
    skipped = 0
    guard steps >= settings.learningStarts, buffer.count > 0 else { return 0 }
    return settings.updates > 0 ? settings.updates : lastSteps
  }

  /// Draws a minibatch and moves the critics a step.
  ///
  /// - Returns: whether the loss and its gradient were finite; nothing has changed otherwise.
  package mutating func updateCritics(_ objective: some OffPolicyObjective, on workers: Workers) -> Bool {
    updates += 1
    var gradients = exchange(&self.gradients, with: [])
    defer { self.gradients = gradients }
    let range = model.criticRange
    gradients.share { computeCriticGradients(objective, into: $0, on: workers) }
    let part = sum(range, of: &gradients, on: workers)
    guard let norm = part.norm else {
      skipped += 1
      return false
    }
    sums += part.sums
    norms = (norms.sum + norm, norms.count + 1)
    step(model.critics, optimizer: Self.criticOptimizer, norm: norm, &gradients, on: workers)
    return true
  }

  /// Moves the policy a step, on the minibatch that the critics were moved on last.
  ///
  /// - Returns: the sums over the minibatch; nil if loss or gradient were not finite, so that nothing has changed, or if the
  ///   policy is frozen.
  package mutating func updatePolicy(_ objective: some OffPolicyObjective, on workers: Workers) -> OffPolicySums? {
    guard !isFrozen else { return nil }
    var gradients = exchange(&self.gradients, with: [])
    defer { self.gradients = gradients }
    gradients.share { computePolicyGradients(objective, into: $0, on: workers) }
    let part = sum(model.policyNetwork.range, of: &gradients, on: workers)
    guard let norm = part.norm else {
      skipped += 1
      return nil
    }
    sums += part.sums
    step(model.actors, optimizer: Self.policyOptimizer, norm: norm, &gradients, on: workers)
    return part.sums
  }

  private borrowing func computeCriticGradients(
    _ objective: some OffPolicyObjective, into gradients: SharedVector, on workers: Workers
  ) {
    let (count, range, scale) = (model.trained.count, model.criticRange, Float(settings.rewardScale))
    workers.run(shards.count) { shard in
      gradients.change(shard * count + range.lowerBound..<shard * count + range.upperBound) { gradient in
        shards[shard].state.withLock { state in
          state.draw(from: buffer)
          state.computeCriticGradient(objective, model, rewardScale: scale, gradient: &gradient)
        }
      }
    }
  }

  private borrowing func computePolicyGradients(
    _ objective: some OffPolicyObjective, into gradients: SharedVector, on workers: Workers
  ) {
    let (count, range) = (model.trained.count, model.policyNetwork.range)
    workers.run(shards.count) { shard in
      gradients.change(shard * count + range.lowerBound..<shard * count + range.upperBound) { gradient in
        shards[shard].state.withLock { $0.computePolicyGradient(objective, model, gradient: &gradient) }
      }
    }
  }

  /// Sums the shards' gradients by the parameters in `range` along a binary tree into the first one's, a piece at a time, so
  /// that who sums which piece changes no bit.
  ///
  /// - Returns: the norm, or nil where it or the loss is not finite, and the sums over the minibatch.
  private borrowing func sum(
    _ range: Range<Int>, of gradients: inout [Float], on workers: Workers
  ) -> (norm: Double?, sums: OffPolicySums) {
    let (count, shardCount, length) = (model.trained.count, shards.count, Self.pieceLength)
    gradients.share { gradients in
      workers.run((range.count + length - 1) / length) { piece in
        let start = range.lowerBound + piece * length
        let end = min(start + length, range.upperBound)
        var stride = 1
        while stride < shardCount {
          for shard in Swift.stride(from: 0, to: shardCount - stride, by: 2 * stride) {
            let other = shard + stride
            gradients.change(shard * count + start..<shard * count + end) { sum in
              gradients.read(other * count + start..<other * count + end) { add($0, to: &sum) }
            }
          }
          stride *= 2
        }
      }
    }
    var sums = OffPolicySums()
    for shard in 0..<shardCount { shards[shard].state.withLock { sums += $0.sums } }
    let norm = squaredNorm(gradients.span.extracting(range)).squareRoot()
    let isFinite = norm.isFinite && sums.squaredErrors.isFinite && sums.policyLoss.isFinite
    return (isFinite ? norm : nil, sums)
  }

  /// Moves the parameters of `networks`, which follow each other, against the summed gradient, and transposes them.
  private mutating func step(
    _ networks: [OffPolicyModel.Network], optimizer index: Int, norm: Double, _ gradients: inout [Float],
    on workers: Workers
  ) {
    let limit = settings.maxGradientNorm
    let scale = limit > 0 && norm > limit ? limit / norm : 1
    let coefficients = optimizers[index].nextStep(learningRate: learningRate, gradientScale: scale)
    let start = networks[0].range.lowerBound
    // Moved out while they are written, so that accesses do not overlap.
    var values = exchange(&model.parameters.values, with: [])
    var transposed = exchange(&model.transposed, with: [])
    var (first, second) = (exchange(&optimizers[index].first, with: []), exchange(&optimizers[index].second, with: []))
    withShared(&gradients, &values, &transposed, &first, &second) { gradients, values, transposed, first, second in
      workers.run(networks.count) { i in
        let range = networks[i].range
        let moments = range.lowerBound - start..<range.upperBound - start
        values.change(range) { values in
          first.change(moments) { first in
            second.change(moments) { second in
              gradients.read(range) { gradient in
                coefficients.step(&values, first: &first, second: &second, gradient: gradient)
              }
            }
          }
          transposed.change(range) {
            networks[i].shape.writeTransposed(values.span, into: &$0, includesFirst: true)
          }
        }
      }
    }
    (optimizers[index].first, optimizers[index].second) = (first, second)
    (model.parameters.values, model.transposed) = (values, transposed)
  }

  /// Moves the number that is trained beside the networks against its gradient.
  package mutating func updateExtra(gradient: Float) {
    let index = model.criticRange.upperBound
    let coefficients = optimizers[Self.extraOptimizer].nextStep(learningRate: learningRate, gradientScale: 1)
    // Moved out while it is written, so that accesses do not overlap.
    var values = exchange(&model.parameters.values, with: [])
    defer { model.parameters.values = values }
    extraGradient[0] = gradient
    var all = values.mutableSpan
    var part = all._mutatingExtracting(index..<index + 1)
    let own = extraGradient
    optimizers[Self.extraOptimizer].step(&part, gradient: own.span, coefficients)
  }

  /// The number that is trained beside the networks.
  package var extra: Float { model.parameters.values[model.criticRange.upperBound] }

  /// Lets all target networks follow by τ.
  package mutating func followTargets(on workers: Workers) {
    let (networks, rate) = (model.critics, Float(settings.targetRate))
    let policy = model.policyNetwork
    model.parameters.values.share { values in
      workers.run(networks.count + (policy.target == nil ? 0 : 1)) { i in
        let network = i < networks.count ? networks[i] : policy
        guard let target = network.target else { return }
        values.change(target) { targets in
          values.read(network.range) { follow($0, rate: rate, by: &targets) }
        }
      }
    }
  }

  /// Adds what gradient steps since `beginUpdate` came to.
  package func describe(in report: inout IterationReport) {
    let (rows, policyRows) = (Double(sums.rows), Double(sums.policyRows))
    report.skippedMinibatches = skipped
    report.figures = [
      LearnerFigure("critic_loss", 0.5 * sums.squaredErrors / rows, in: "losses"),
      LearnerFigure("policy_loss", sums.policyLoss / policyRows, in: "losses"),
      LearnerFigure("value", sums.values / rows),
      LearnerFigure("explained_variance", sums.explainedVariance),
      LearnerFigure("saturated", Double(sums.saturated) / (policyRows * Double(policy.spec.actionCount))),
      LearnerFigure("gradient_norm", norms.count > 0 ? norms.sum / Double(norms.count) : .nan),
      LearnerFigure("replay", Double(buffer.count)),
    ]
  }

  /// Floating-point operations of one row of a gradient step's minibatch, for the critics and for the policy.
  package var operations: (critics: Int, policy: Int) {
    let (policy, critic) = (model.policyNetwork.shape, model.critics[0].shape)
    let forward = (policy: 2 * policy.multiplications, critic: 2 * critic.multiplications)
    return (
      forward.policy + model.critics.count * (forward.critic + critic.gradientOperations),
      policy.gradientOperations + 2 * forward.critic
    )
  }
}

/// Lends `body` five vectors for several threads.
private func withShared(
  _ a: inout [Float], _ b: inout [Float], _ c: inout [Float], _ d: inout [Float], _ e: inout [Float],
  _ body: (SharedVector, SharedVector, SharedVector, SharedVector, SharedVector) -> Void
) {
  a.share { a in b.share { b in c.share { c in d.share { d in e.share { e in body(a, b, c, d, e) } } } } }
}
