import Environments
import Robotics

/// What a full evaluation said about a policy that had reached the goal on the way.
public struct GoalConfirmation: Sendable {
  public let report: EvaluationReport
  /// The conditions that do not hold, in words; empty where the goal is reached.
  public let missed: [String]
}

extension Goal {
  package func isReached(by report: EvaluationReport) -> Bool { !conditions.isEmpty && missed(by: report).isEmpty }

  /// The conditions that do not hold, in words.
  package func missed(by report: EvaluationReport) -> [String] {
    conditions.compactMap { condition in
      let figure = condition.figure.value(in: report)
      if let figure, condition.bounds.contains(figure) { return nil }
      return "\(condition.figure.phrase(for: figure)) (\(condition.target))"
    }
  }
}

extension Goal.Condition {
  /// The bounds in words.
  fileprivate var target: String {
    figure == .lasting ? "at least \(NumberText.short(bounds.lowerBound))" : bounds.words
  }
}

extension Goal.Condition.Figure {
  /// What an evaluation found; nil where nothing is defined.
  package func value(in report: EvaluationReport) -> Double? {
    switch self {
    case .lasting:
      let count = report.endings.first { $0.name == EvaluationReport.timeLimit }?.count ?? 0
      return report.episodes > 0 ? Double(count) / Double(report.episodes) : nil
    case .meanReturn: return report.episodeReturn.mean
    case .metric(let name): return report.metrics.first { $0.name == name }?.statistics.mean
    }
  }

  fileprivate func phrase(for value: Double?) -> String {
    let text = value.map(NumberText.short) ?? "undefined"
    switch self {
    case .lasting: return "share that lasts \(text)"
    case .meanReturn: return "return \(text)"
    case .metric(let name): return value.map(Quantity(name).phrase) ?? "\(Quantity(name).words) \(text)"
    }
  }
}

extension Catalog.Entry {
  /// The goal, or an error where there is none that an evaluation could decide.
  package func declaredGoal() throws -> Goal {
    guard let goal else {
      throw TrainingError(
        "robot '\(name)' declares no goal, so a training cannot end when it is reached; leave until_solved out")
    }
    let known = try spec().metrics
    for case .metric(let metric) in goal.conditions.map(\.figure) where !known.contains(metric) {
      throw TrainingError(
        "the goal of robot '\(name)' names \(quoted(metric)), which no evaluation measures; "
          + "its metrics are \(known.joined(separator: ", "))")
    }
    return goal
  }
}
