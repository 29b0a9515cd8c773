import Environments
import Robotics

extension Success {
  /// For each episode whether it was a success; nil where an episode can only last, so that lasting says nothing.
  package func outcomes(of evaluation: Evaluation, spec: EnvSpec) -> [Bool]? {
    switch self {
    case .lasting:
      return spec.endings.isEmpty ? nil : evaluation.episodes.map { $0.ending == .truncated }
    case .ending(let name):
      return spec.endings.contains(name) ? evaluation.episodes.map { spec.name(of: $0.ending) == name } : nil
    case .metric(let name, let bounds):
      guard let index = evaluation.metricNames.firstIndex(of: name) else { return nil }
      return evaluation.metrics.map { bounds.contains($0[index]) }
    }
  }

  /// For each episode that ended in a rollout whether it was a success; none where the task has no notion of it.
  package func outcomes(of rollout: ShardRollout, spec: EnvSpec) -> [Bool] {
    switch self {
    case .lasting:
      return rollout.episodes.map { $0.ending == .truncated }
    case .ending(let name):
      return spec.endings.contains(name) ? rollout.episodes.map { spec.name(of: $0.ending) == name } : []
    case .metric(let name, let bounds):
      guard let index = spec.metrics.firstIndex(of: name) else { return [] }
      return stride(from: index, to: rollout.episodeMetrics.count, by: spec.metrics.count).map {
        bounds.contains(rollout.episodeMetrics[$0])
      }
    }
  }

  /// "lasting to the end", "within 3cm", "final error at most 0.02".
  package var words: String {
    switch self {
    case .lasting: return "lasting to the end"
    case .ending(let name): return "ending as \(name)"
    // A metric that is 0 or 1 says itself what it means.
    case .metric(let name, 1...1): return Quantity(name).words
    case .metric(let name, let bounds): return "\(Quantity(name).words) \(bounds.words)"
    }
  }
}
