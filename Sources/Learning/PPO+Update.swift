import Environments

extension PPO {
  /// Goes through the samples `epochs` times, a minibatch at a time.
  package mutating func update(on workers: Workers, _ report: inout IterationReport) {
    let rows = batch.rows
    guard rows > 0 else { return report.describe(LossSums(), lastEpoch: LossSums(), meanNorm: .nan) }
    let minibatches = (rows + settings.minibatchSize - 1) / settings.minibatchSize
    makeRoom(forMinibatch: (rows + minibatches - 1) / minibatches)
    for i in oldLogStd.indices { oldLogStd[i] = weights.policy.logStd[i] }
    let all =
      settings.normalizeAdvantages
      ? MinibatchTerms(normalizing: batch.advantages.span, of: order.span) : MinibatchTerms(samples: rows)

    var sums = LossSums()
    var lastEpoch = LossSums()
    var (steps, norms) = (0, 0.0)
    training: for _ in 0..<settings.epochs {
      shuffle()
      lastEpoch = LossSums()
      for minibatch in 0..<minibatches {
        let range = minibatch * rows / minibatches..<(minibatch + 1) * rows / minibatches
        let part = computeGradient(of: range, all, on: workers)
        let norm = gradient.norm
        guard norm.isFinite, part.isFinite else {
          report.skippedMinibatches += 1
          continue
        }
        sums += part
        lastEpoch += part
        if settings.stopKL > 0, part.divergence / Double(part.samples) > settings.stopKL { break training }
        takeStep(norm: norm)
        steps += 1
        norms += norm
      }
    }
    report.describe(sums, lastEpoch: lastEpoch, meanNorm: steps > 0 ? norms / Double(steps) : .nan)
  }

  private mutating func makeRoom(forMinibatch samples: Int) {
    let capacity = (samples + settings.gradientShards - 1) / settings.gradientShards
    if order.count != batch.rows || slices.isEmpty {
      slices = (0..<settings.gradientShards).map { _ in
        GradientSlice(policy: weights.policy.network, value: weights.critic.network, capacity: capacity)
      }
    }
    order.removeAll(keepingCapacity: true)
    for i in 0..<batch.rows { order.append(Int32(truncatingIfNeeded: i)) }
    if oldLogStd.isEmpty { oldLogStd = weights.policy.logStd }
  }

  /// Puts the samples into a random order (Fisher and Yates).
  private mutating func shuffle() {
    for i in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(i, random.index(below: i + 1)) }
  }

  /// Leaves the gradient of the minibatch `range` of `order` in `gradient`.
  ///
  /// - Parameter all: how the advantages of all samples would be used together.
  private mutating func computeGradient(of range: Range<Int>, _ all: MinibatchTerms, on workers: Workers) -> LossSums {
    weights.transpose()
    runSlices(of: range, all, on: workers)
    gradient.clear()
    var sums = LossSums()
    for slice in slices {
      slice.state.withLock {
        gradient += $0.gradient
        sums += $0.sums
      }
    }
    let floor = weights.policy.floor
    for i in gradient.rawLogStd.indices {
      gradient.rawLogStd[i] -= Float(settings.entropyCoefficient * floor.slope(raw: weights.policy.rawLogStd[i]))
    }
    return sums
  }

  private borrowing func runSlices(of range: Range<Int>, _ all: MinibatchTerms, on workers: Workers) {
    let order = order.span.extracting(range)
    let terms =
      settings.normalizeAdvantages
      ? MinibatchTerms(normalizing: batch.advantages.span, of: order, orAs: all) : MinibatchTerms(samples: order.count)
    workers.run(slices.count) { index in
      let range = index * order.count / slices.count..<(index + 1) * order.count / slices.count
      slices[index].state.withLock {
        $0.run(
          order.extracting(range), of: batch, terms, weights: weights, oldLogStd: oldLogStd, settings: settings)
      }
    }
  }

  /// Moves all weights that are not frozen against `gradient`, cut to `maxGradientNorm`.
  private mutating func takeStep(norm: Double) {
    let limit = settings.maxGradientNorm
    let scale = limit > 0 && norm > limit ? limit / norm : 1
    let coefficients = adam.nextStep(learningRate: rate, gradientScale: scale)
    var ofPolicy = coefficients
    // The moments gather all the same, so that the first step is none of full size along noise.
    if isFrozen { ofPolicy.stepSize = 0 }
    let policyCount = gradient.policy.count
    adam.step(&weights.policy.network.parameters, gradient: gradient.policy, momentsFrom: 0, ofPolicy)
    weights.policy.updateRawLogStd {
      adam.step(&$0, gradient: gradient.rawLogStd, momentsFrom: policyCount, ofPolicy)
    }
    adam.step(
      &weights.critic.network.parameters, gradient: gradient.value,
      momentsFrom: policyCount + gradient.rawLogStd.count, coefficients)
  }
}

extension IterationReport {
  /// Takes in the losses of an update; without samples they are not-a-number.
  fileprivate mutating func describe(_ sums: LossSums, lastEpoch: LossSums, meanNorm: Double) {
    surrogateLoss = -sums.surrogate / Double(sums.samples)
    valueLoss = sums.value / Double(sums.samples)
    clipFraction = Double(sums.clipped) / Double(sums.samples)
    approxKL = lastEpoch.divergence / Double(lastEpoch.samples)
    gradientNorm = meanNorm
  }
}
