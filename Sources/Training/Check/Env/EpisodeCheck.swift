import Environments

/// How episodes go and end: envs that fail, episodes that are over before anything can be learned, clocks and
/// metrics that do not keep to the spec.
enum EpisodeCheck {
  /// An episode shorter than this has ended at once, s.
  static let shortest = 0.1

  static func findings(in samples: [SampledRollouts], _ spec: EnvSpec) -> [Finding] {
    samples.flatMap { sample in
      [fault(sample), early(sample, spec), overlong(sample, spec)].compactMap { $0 } + metrics(sample, spec)
    }
  }

  private static func fault(_ sample: SampledRollouts) -> Finding? {
    guard let first = sample.firstFault else { return nil }
    return Finding(
      id: "faults", severity: .error,
      sentence:
        "under \(sample.actions) the env fails \(sample.faultCount) times in \(sample.stepCount + sample.faultCount) steps, "
        + "first in step \(first.step) of its episode: \(first.reason)",
      hint: "end the episode before that state, or fix what the reason names")
  }

  private static func early(_ sample: SampledRollouts, _ spec: EnvSpec) -> Finding? {
    guard !sample.isExtreme else { return nil }
    let lengths = sample.episodes.filter { $0.ending != .truncated }.map(\.length).sorted()
    guard !lengths.isEmpty, lengths.count * 2 >= sample.episodes.count else { return nil }
    let median = lengths[lengths.count / 2]
    let seconds = Double(median) * spec.controlInterval
    guard median == 1 || seconds < shortest, median < spec.episodeSteps else { return nil }
    var counts: [String: Int] = [:]
    for episode in sample.episodes { counts[spec.name(of: episode.ending) ?? "–", default: 0] += 1 }
    let reason = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "–"
    return Finding(
      id: "ends_at_once", severity: median == 1 ? .error : .warning, place: "ending '\(reason)'",
      sentence: "under \(sample.actions) the median episode is over after \(median) "
        + "step\(median == 1 ? "" : "s") (\(figure(seconds)) s)",
      hint: "let starts satisfy the condition of the ending, or relax the condition")
  }

  private static func overlong(_ sample: SampledRollouts, _ spec: EnvSpec) -> Finding? {
    let wrong = sample.episodes.first {
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

  private static func metrics(_ sample: SampledRollouts, _ spec: EnvSpec) -> [Finding] {
    let width = spec.metrics.count
    return spec.metrics.enumerated().compactMap { i, name in
      let isInfinite = stride(from: i, to: sample.metrics.count, by: max(1, width)).contains {
        sample.metrics[$0].isInfinite
      }
      return isInfinite
        ? Finding(
          id: "infinite_metric", severity: .error, place: "metric '\(name)'",
          sentence: "it is infinite under \(sample.actions)",
          hint: "write not-a-number where it is undefined")
        : nil
    }
  }
}
