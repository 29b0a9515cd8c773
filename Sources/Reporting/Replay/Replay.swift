import Environments
import Learning
import Networks
import Robotics
import Training

/// A page that shows an evaluation's best, median and worst episode.
public enum Replay {
  /// The page as an HTML file that needs no other.
  ///
  /// - Parameters:
  ///   - policy: what was evaluated.
  ///   - name: what the page calls the policy.
  ///   - evaluator: what made the evaluation.
  ///   - report: of the evaluation whose episodes are shown.
  /// - Throws: `ReportingError` if there is nothing to show.
  public static func page(
    of policy: any Policy, named name: String, by evaluator: Evaluator, report: EvaluationReport
  ) throws -> [UInt8] {
    let entry = evaluator.entry
    try check(entry)
    var episodes: [EpisodeDocument.Episode] = []
    for (label, number) in report.highlights {
      guard let recording = try evaluator.record(policy, episode: number, seed: report.seed, for: .evaluation),
        !recording.frames.isEmpty
      else { continue }
      episodes.append(.init(label, number: number, recording))
    }
    guard !episodes.isEmpty else { throw ReportingError("no episode of '\(entry.name)' got as far as its first step") }
    let count = report.episodes
    let page = WebPage.replay(
      title: "\(entry.name) · replay", heading: entry.name,
      subtitle:
        "\(entry.summary); policy \(name), \(count == 1 ? "1 episode" : "\(count) episodes") of seed \(report.seed)",
      document: EpisodeDocument(episodes, spec: try entry.spec()))
    return Array(page.utf8)
  }

  /// - Throws: `ReportingError` if the entry has no picture.
  package static func check(_ entry: Catalog.Entry) throws {
    guard entry.hasPicture else { throw ReportingError.nothingToShow(of: entry) }
  }
}
