import Environments
import Learning
import Robotics

extension CommandError {
  static func nothingToShow(of entry: Catalog.Entry) -> CommandError {
    CommandError("robot '\(entry.name)' has no picture: its env has no simulated body and is no DrawnEnv")
  }
}

/// A page that shows an evaluation's best, median and worst episode.
public enum Replay {
  /// Which episodes tell most: the best, the median and the worst by their return, each once.
  package static func choice(from returns: [Double]) -> [(label: String, number: Int)] {
    let order = returns.indices.sorted { (returns[$0], $1) > (returns[$1], $0) }
    guard let best = order.first, let worst = order.last else { return [] }
    var choice = [("best", best)]
    let median = order[order.count / 2]
    if order.count > 2 { choice.append(("median", median)) }
    if order.count > 1 { choice.append(("worst", worst)) }
    return choice.map { (label: $0.0, number: $0.1) }
  }

  /// The page as an HTML file that needs no other.
  ///
  /// - Parameters:
  ///   - policy: what was evaluated.
  ///   - name: what the page calls the policy.
  ///   - evaluator: what made the evaluation.
  ///   - report: of the evaluation whose episodes are shown.
  /// - Throws: `CommandError` if there is nothing to show.
  public static func page(
    of policy: any Policy, named name: String, by evaluator: Evaluator, report: EvaluationReport
  ) throws -> [UInt8] {
    let entry = evaluator.entry
    try check(entry)
    var episodes: [EpisodeDocument.Episode] = []
    for (label, number) in report.highlights {
      guard let recording = try evaluator.record(policy, episode: number, seed: report.seed, for: .judgement),
        !recording.frames.isEmpty
      else { continue }
      episodes.append(.init(label, number: number, recording))
    }
    guard !episodes.isEmpty else { throw CommandError("no episode of '\(entry.name)' got as far as its first step") }
    let count = report.episodes
    let page = WebPage.replay(
      title: "\(entry.name) · replay", heading: entry.name,
      subtitle:
        "\(entry.summary); policy \(name), \(count == 1 ? "1 episode" : "\(count) episodes") of seed \(report.seed)",
      document: EpisodeDocument(episodes, spec: try entry.spec()))
    return Array(page.utf8)
  }

  /// - Throws: `CommandError` if the entry has no picture.
  package static func check(_ entry: Catalog.Entry) throws {
    guard entry.hasPicture else { throw CommandError.nothingToShow(of: entry) }
  }
}
