import Environments

/// One metric of an update.
public struct LearnerFigure: Sendable, Equatable {
  /// As a column of `progress.csv`.
  public var name: String
  public var value: Double
  /// What TensorBoard shows it together with.
  public var group: String

  public init(_ name: String, _ value: Double, in group: String = "train") {
    self.name = name
    self.value = value
    self.group = group
  }
}

/// What one iteration did, as training curves need it.
public struct IterationReport: Sendable, Equatable {
  /// Counted from 1.
  public var iteration = 0
  /// Env steps taken since training began.
  public var steps = 0

  /// What the learner's update did, in the order of the columns of `progress.csv`; the same names in every iteration.
  public var figures: [LearnerFigure] = []
  /// How much the returns varied: their standard deviation in shares of their mean, or of the deviation of all returns so
  /// far, whichever is less.
  public var returnSpread = 1.0
  /// The standard deviation of each action after the update, where it is the same for all observations; 1 is half the
  /// action's range.
  public var std: [Float] = []
  /// Share of the actions chosen that lay at or beyond a limit.
  public var actionsAtLimits = 0.0
  /// The rate this update was made with.
  public var learningRate = 0.0
  /// Minibatches that were left out because their loss or gradient was not finite.
  public var skippedMinibatches = 0
  /// Why, in words, everything learned since the last sound iteration was given up; nil if it was not.
  public var rollback: String?

  /// Env steps that failed and were left out.
  public var faults = 0
  /// Those since training began, of this iteration as well.
  public var totalFaults = 0
  /// What it takes to repeat the first few of this iteration.
  public var faultReports: [FaultReport] = []

  /// Mean reward per env step, as the env gave it.
  public var rewardPerStep = 0.0
  /// Mean per env step of each of the spec's reward terms, in its order.
  public var rewardTerms: [String: Double] = [:]
  /// Finished episodes by how they ended; the names are the spec's `endingNames`.
  public var endings: [String: Int] = [:]
  /// The episodes that finished.
  public var episodes: [EpisodeResult] = []
  /// Mean return of the episodes that finished; nil without any.
  public var meanReturn: Double?
  /// Mean length of the episodes that finished, in control steps; nil without any.
  public var meanLength: Double?
  /// Mean of each of the spec's metrics over the episodes where it was defined.
  public var metrics: [String: Double] = [:]

  /// Env steps taken in this iteration per second that it took.
  public var stepsPerSecond = 0.0
  /// Threads' time spent stepping envs, all threads together, in seconds.
  public var envSeconds = 0.0
  /// Threads' time spent choosing actions, all threads together, in seconds.
  public var policySeconds = 0.0
  /// Wall time from the end of the rollout to the end of the iteration, in seconds.
  public var updateSeconds = 0.0
  /// Wall time of the whole iteration, in seconds.
  public var seconds = 0.0

  public init() {}

  /// A figure of the learner's by name; not-a-number where it has none of that name.
  public subscript(name: String) -> Double {
    get { figures.first { $0.name == name }?.value ?? .nan }
    set {
      guard let i = figures.firstIndex(where: { $0.name == name }) else {
        return figures.append(LearnerFigure(name, newValue))
      }
      figures[i].value = newValue
    }
  }

  /// Adds the rollout of one shard; `finish` turns sums into means.
  mutating func add(_ rollout: ShardRollout, spec: EnvSpec, metricCounts: inout [Int]) {
    for reward in rollout.rewards { rewardPerStep += Double(reward) }
    for (i, name) in spec.rewardTerms.enumerated() { rewardTerms[name, default: 0] += rollout.rewardTermSums[i] }
    for episode in rollout.episodes {
      if let name = spec.name(of: episode.ending) { endings[name, default: 0] += 1 }
    }
    faults += rollout.faultCount
    faultReports += rollout.faults
    let count = spec.metrics.count
    for (i, value) in rollout.episodeMetrics.enumerated() where value.isFinite {
      metrics[spec.metrics[i % count], default: 0] += value
      metricCounts[i % count] += 1
    }
    episodes += rollout.episodes
    envSeconds += rollout.envSeconds
    policySeconds += rollout.policySeconds
  }

  /// Turns sums over `rows` env steps into means.
  mutating func finish(rows: Int, spec: EnvSpec, metricCounts: [Int]) {
    rewardPerStep /= Double(rows)
    for name in spec.rewardTerms { rewardTerms[name, default: 0] /= Double(rows) }
    for (i, name) in spec.metrics.enumerated() where metricCounts[i] > 0 {
      metrics[name, default: 0] /= Double(metricCounts[i])
    }
    guard !episodes.isEmpty else { return }
    meanReturn = episodes.reduce(0) { $0 + $1.episodeReturn } / Double(episodes.count)
    meanLength = episodes.reduce(0) { $0 + Double($1.length) } / Double(episodes.count)
  }
}
