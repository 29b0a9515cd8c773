/// Episodes of a policy, one per env, in the order of the envs.
public struct Evaluation: Sendable, Equatable {
  public var episodes: [EpisodeResult]
  /// What the envs' spec calls its metrics.
  public let metricNames: [String]
  /// For each episode, its figure for each of `metricNames`.
  public var metrics: [[Double]]

  /// Control steps of all episodes.
  public var steps: Int { episodes.reduce(0) { $0 + $1.length } }
  /// How many different first observations there were.
  public var distinctStarts: Int { Set(episodes.map(\.startDigest)).count }

  /// Runs one episode of `policy` in each env of `envs`, which must have been made with the start `.once`.
  public init<P: Policy>(of policy: P, in envs: VectorEnv, on workers: Workers) {
    // Long enough that collecting costs nothing, short enough that falls at the start end an evaluation early.
    let chunk = 50
    var found: [(record: EpisodeResult, metrics: [Double])] = []
    var stepsLeft = envs.spec.episodeSteps
    let width = envs.spec.metrics.count
    while found.count < envs.count, stepsLeft > 0 {
      let steps = min(chunk, stepsLeft)
      envs.collect(steps: steps, with: policy, on: workers)
      stepsLeft -= steps
      for shard in 0..<envs.shardCount {
        let rollout = envs.rollout(ofShard: shard)
        for (i, record) in rollout.episodes.enumerated() {
          found.append((record, Array(rollout.episodeMetrics[i * width..<(i + 1) * width])))
        }
      }
    }
    metricNames = envs.spec.metrics
    found.sort { $0.record.env < $1.record.env }
    episodes = found.map(\.record)
    metrics = found.map(\.metrics)
  }
}
