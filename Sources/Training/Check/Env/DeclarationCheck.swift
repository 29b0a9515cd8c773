import Environments
import Learning
import Robotics

/// Declarations of an entry that do not fit its env: settings that do not exist, a goal or a success that names
/// what no evaluation measures.
enum DeclarationCheck {
  static func findings(of entry: Catalog.Entry, _ spec: EnvSpec) -> [Finding] {
    preset(entry) + goal(entry, spec) + success(entry, spec)
  }

  private static func preset(_ entry: Catalog.Entry) -> [Finding] {
    let wrong = entry.settings.sorted { $0.key < $1.key }.compactMap { key, value -> Finding? in
      // A preset may hold settings of several learners.
      let section = key.split(separator: ".").first.map(String.init) ?? key
      var settings = TrainingSettings(learner: LearnerKind.named(section) ?? .standard)
      do {
        try settings.assign(TrainingSettings.Assignment(key: key, text: value.text))
        return nil
      } catch {
        return Finding(
          id: "wrong_preset", severity: .error, place: "preset setting '\(printable(key))'", sentence: "\(error)",
          hint: "correct it in the catalog's entry; no training of the robot can start")
      }
    }
    guard wrong.isEmpty else { return wrong }
    do {
      // Settings that contradict each other.
      _ = try TrainingSettings.resolved(for: entry, file: nil, assignments: [], options: [])
      return []
    } catch {
      return [
        Finding(
          id: "wrong_preset", severity: .error, sentence: "\(error)",
          hint: "correct it in the catalog's entry; no training of the robot can start")
      ]
    }
  }

  private static func goal(_ entry: Catalog.Entry, _ spec: EnvSpec) -> [Finding] {
    guard let goal = entry.goal else { return [] }
    guard !goal.conditions.isEmpty else {
      return [
        Finding(
          id: "empty_goal", severity: .error, sentence: "its goal has no condition, so that nothing reaches it",
          hint: "give it one, such as .lasting(atLeast: 0.95), or leave the goal out")
      ]
    }
    return goal.conditions.compactMap { condition in
      guard case .metric(let name) = condition.figure, !spec.metrics.contains(name) else { return nil }
      return unknown("goal", "the goal", metric: name, spec)
    }
  }

  private static func success(_ entry: Catalog.Entry, _ spec: EnvSpec) -> [Finding] {
    switch entry.success {
    case .lasting: return []
    case .metric(let name, _):
      return spec.metrics.contains(name) ? [] : [unknown("success", "the success of an episode", metric: name, spec)]
    case .ending(let name):
      guard !spec.endings.contains(name) else { return [] }
      return [
        Finding(
          id: "unknown_success", severity: .error, place: "ending '\(printable(name))'",
          sentence: "the success of an episode names it, but the task declares no such ending",
          hint: "name one of the endings: \(spec.endings.isEmpty ? "there are none" : list(spec.endings))")
      ]
    }
  }

  private static func unknown(_ id: String, _ what: String, metric: String, _ spec: EnvSpec) -> Finding {
    Finding(
      id: "unknown_\(id)", severity: .error, place: "metric '\(printable(metric))'",
      sentence: "\(what) names it, but no evaluation measures it",
      hint: "name one of the metrics: \(spec.metrics.isEmpty ? "there are none" : list(spec.metrics))")
  }
}
