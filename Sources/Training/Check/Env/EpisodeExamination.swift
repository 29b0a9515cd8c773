import Environments

/// How episodes go and end: envs that break down, episodes that are over before anything can be learned, clocks and
/// metrics that do not keep to the spec.
enum EpisodeExamination {
  /// An episode shorter than this has ended at once, s.
  static let shortest = 0.1

  static func examine(_ plays: [Play], _ spec: EnvSpec) -> [Finding] {
    plays.flatMap { play in
      [fault(play), early(play, spec), overlong(play, spec)].compactMap { $0 } + metrics(play, spec)
    }
  }

  private static func fault(_ play: Play) -> Finding? {
    guard let first = play.firstFault else { return nil }
    return Finding(
      id: "faults", severity: .error,
      sentence:
        "under \(play.way) the env breaks down \(play.faultCount) times in \(play.stepCount + play.faultCount) steps, "
        + "first in step \(first.step) of its episode: \(first.reason)",
      hint: "end the episode before it comes to that, or mend what the reason names")
  }

  private static func early(_ play: Play, _ spec: EnvSpec) -> Finding? {
    guard !play.isRough else { return nil }
    let lengths = play.episodes.filter { $0.ending != .truncated }.map(\.length).sorted()
    guard !lengths.isEmpty, lengths.count * 2 >= play.episodes.count else { return nil }
    let median = lengths[lengths.count / 2]
    let seconds = Double(median) * spec.controlInterval
    guard median == 1 || seconds < shortest, median < spec.episodeSteps else { return nil }
    var counts: [String: Int] = [:]
    for episode in play.episodes { counts[spec.name(of: episode.ending) ?? "–", default: 0] += 1 }
    let reason = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "–"
    return Finding(
      id: "ends_at_once", severity: median == 1 ? .error : .warning, place: "ending '\(reason)'",
      sentence: "under \(play.way) the median episode is over after \(median) "
        + "step\(median == 1 ? "" : "s") (\(figure(seconds)) s)",
      hint: "let the start satisfy what the ending asks for, or ask for less")
  }

  private static func overlong(_ play: Play, _ spec: EnvSpec) -> Finding? {
    let wrong = play.episodes.first {
      $0.length > spec.episodeSteps || ($0.ending == .truncated && $0.length != spec.episodeSteps)
    }
    return wrong.map {
      Finding(
        id: "wrong_clock", severity: .error,
        sentence:
          "an episode ended as '\(spec.name(of: $0.ending) ?? "–")' after \($0.length) steps; the env's spec has "
          + "\(spec.episodeSteps)",
        hint:
          "truncate in the step in which as many have been taken as spec.episodeSteps says, and start counting at 0 in reset"
      )
    }
  }

  private static func metrics(_ play: Play, _ spec: EnvSpec) -> [Finding] {
    let width = spec.metrics.count
    return spec.metrics.enumerated().compactMap { i, name in
      let isInfinite = stride(from: i, to: play.metrics.count, by: max(1, width)).contains {
        play.metrics[$0].isInfinite
      }
      return isInfinite
        ? Finding(
          id: "infinite_metric", severity: .error, place: "metric '\(name)'",
          sentence: "it is infinite under \(play.way)",
          hint: "write not-a-number where it is undefined")
        : nil
    }
  }
}
