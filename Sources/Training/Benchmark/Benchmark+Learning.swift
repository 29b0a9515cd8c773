import Environments
import Learning
import Networks
import Robotics

extension Benchmark {
  // MARK: Policy

  /// How fast one thread turns observations into actions: one at a time, as on a real robot, and in batches.
  func measurePolicy(peak: Double) throws -> [BenchmarkReport.Row] {
    let spec = policy.spec
    let batches = [1, 16, 256]
    let most = 256
    var random = Random(seed: 1)
    let observations = (0..<most * spec.observationCount).map { _ in Float(random.normal()) }
    var actions = Array(repeating: Float(0), count: most * spec.actionCount)
    var memory: [Float] = []
    var found = batches.map { _ in Samples() }
    runRounds {
      for (i, batch) in batches.enumerated() {
        let repetitions = 8_192 / batch
        let rows = observations.span.extracting(0..<batch * spec.observationCount)
        var memorySpan = memory.mutableSpan
        var all = actions.mutableSpan
        var chosen = all._mutatingExtracting(0..<batch * spec.actionCount)
        let watch = Stopwatch()
        for _ in 0..<repetitions { policy.act(on: rows, memory: &memorySpan, random: &random, into: &chosen) }
        found[i].add(Double(batch * repetitions) / watch.seconds)
      }
    }
    let operations = Double(2 * policy.network.shape.multiplications)
    return zip(batches, found).map { batch, rates in
      .init(
        name: "policy, \(batch) at a time", value: rates.median, unit: "evaluations/s", against: "FMA peak, 1 thread",
        ratio: rates.median * operations / 1e9 / peak)
    }
  }

  // MARK: Update

  /// The learner's update on its own, against the peak.
  func measureUpdates() throws -> [BenchmarkReport.Row] {
    try measureUpdate(layers: [64, 64], minibatch: 64) + measureUpdate(layers: [64, 64], minibatch: 256)
      + measureUpdate(layers: [128, 64], minibatch: 4_096)
  }

  private func measureUpdate(layers: [Int], minibatch: Int) throws -> [BenchmarkReport.Row] {
    let (count, horizon) = (64, 128)
    // The same samples are used again and again: the parameters must hardly move, or they would leave the range of a training.
    guard
      let settings = type(of: settings.learner).benchmark(layers: layers, minibatch: minibatch, horizon: horizon)
    else { return [] }
    let envs = try entry.makeVectorEnv(count: count, seed: 1, start: .together)
    let learner = try self.settings.kind.makeLearner(spec: envs.spec, settings: settings, seed: 1)
    var report = try learner.improve(in: envs, on: pools[pools.count - 1])
    let samples = Double(count * horizon)

    var updates = pools.map { _ in Samples() }
    var peaks = updates
    runRounds {
      for (i, workers) in pools.enumerated() {
        Self.wake(workers)
        let watch = Stopwatch()
        learner.update(on: workers, &report)
        updates[i].add(samples / watch.seconds)
        peaks[i].add(Self.peak(of: workers))
      }
    }
    let operations = learner.operationsOfASample
    let title = "\(layers.map(String.init).joined(separator: "-")), minibatch \(NumberText.grouped(minibatch))"
    return pools.indices.flatMap { i -> [BenchmarkReport.Row] in
      let (label, billions) = (pools[i].label, Double(operations) / 1e9)
      return [
        .init(
          name: "update, \(title), \(label)", value: updates[i].median, unit: "sample-epochs/s", against: nil,
          ratio: nil),
        .init(
          name: "update arithmetic, \(title), \(label)", value: updates[i].median * billions, unit: "GFLOP/s",
          against: "FMA peak, \(label)", ratio: updates[i].ratio(to: peaks[i]) * billions),
      ]
    }
  }

  // MARK: Training

  /// A whole training by the robot's own settings, against the bare physics of the very same episodes.
  func measureTraining() throws -> [BenchmarkReport.Row] {
    let seed: UInt64 = 2
    let envs = try entry.makeVectorEnv(count: settings.envs, shards: settings.shards, seed: seed, start: .together)
    let bare = try BareLoop(for: entry, like: envs, seed: seed)
    let learner = try settings.kind.makeLearner(
      spec: envs.spec, from: LearnerStart(policy), settings: settings.learner, seed: seed)
    var clocks = pools.map { _ in TrainingRounds() }
    try runRounds {
      for (i, workers) in pools.enumerated() {
        Self.wake(workers)
        let report = try learner.improve(in: envs, on: workers)
        clocks[i].add(report, threads: workers.threads, bareSeconds: try bare?.follow(envs, on: workers))
      }
    }
    return zip(pools, clocks).flatMap { workers, clock in clock.rows(label: workers.label, hasPhysics: bare != nil) }
  }
}

/// Where the time of training iterations went, in shares of each iteration's wall time.
private struct TrainingRounds {
  private var rate = Samples()
  private var bareRate = Samples()
  private var envs = Samples()
  private var policy = Samples()
  private var update = Samples()
  /// Microseconds of a step that the bare physics does not take.
  private var outside = Samples()
  /// The same in units of the bare physics' time for a step.
  private var outsideRatio = Samples()
  /// The share of the time that the bare physics takes as well.
  private var inside = Samples()

  mutating func add(_ report: IterationReport, threads: Int, bareSeconds: Double?) {
    let steps = report.stepsPerSecond * report.seconds
    rate.add(report.stepsPerSecond)
    envs.add(report.envSeconds / Double(threads) / report.seconds)
    policy.add(report.policySeconds / Double(threads) / report.seconds)
    update.add(report.updateSeconds / report.seconds)
    guard let bareSeconds else { return }
    bareRate.add(steps / bareSeconds)
    outside.add((report.seconds - bareSeconds) / steps * 1e6)
    outsideRatio.add((report.seconds - bareSeconds) / bareSeconds)
    inside.add(bareSeconds / report.seconds)
  }

  func rows(label: String, hasPhysics: Bool) -> [BenchmarkReport.Row] {
    let share = { (name: String, samples: Samples) in
      BenchmarkReport.Row(
        name: "\(name), \(label)", value: samples.median, unit: "of its time", against: nil, ratio: nil)
    }
    let against = "bare physics loop, \(label)"
    var rows: [BenchmarkReport.Row] = [
      .init(
        name: "training, \(label)", value: rate.median, unit: "steps/s", against: hasPhysics ? against : nil,
        ratio: hasPhysics ? rate.ratio(to: bareRate) : nil)
    ]
    if hasPhysics {
      rows.append(
        .init(
          name: "training outside the physics, \(label)", value: outside.median, unit: "µs/step", against: against,
          ratio: outsideRatio.median))
      rows.append(share("training in the physics", inside))
    }
    rows.append(share("training in envs", envs))
    rows.append(share("training in the policy", policy))
    rows.append(share("training in the update", update))
    return rows
  }
}
