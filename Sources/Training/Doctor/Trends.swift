import Environments
import Learning
import Networks

/// The course of the return and its present value.
struct ReturnTrend: Sendable {
  /// Episodes over which it is smoothed, and which must have ended before a peak counts.
  static let span = 100.0
  /// Episodes that must have ended before their mean counts as where it started.
  private static let fewest = 20.0

  private var episodes = 0.0
  private(set) var mean = 0.0
  private var variance = 0.0
  /// The least mean so far, and the least before the peak.
  private var (lowest, start) = (Double.infinity, Double.infinity)
  private(set) var peak = -Double.infinity
  /// Env steps at the peak.
  private(set) var peakStep = 0

  /// The share of all that had been gained that is lost again; not a number as long as the gain is within the noise.
  var lostShare: Double {
    let gain = peak - start
    return gain > variance.squareRoot() ? (peak - mean) / gain : .nan
  }

  mutating func add(_ report: IterationReport) {
    for episode in report.episodes where episode.episodeReturn.isFinite {
      episodes = min(episodes + 1, Self.span)
      let difference = episode.episodeReturn - mean
      mean += difference / episodes
      variance += (difference * (episode.episodeReturn - mean) - variance) / episodes
    }
    guard episodes >= Self.fewest else { return }
    lowest = min(lowest, mean)
    guard episodes >= Self.span, mean > peak else { return }
    (peak, peakStep, start) = (mean, report.steps, lowest)
  }

  func save(to writer: inout StateWriter) {
    for value in [episodes, mean, variance, lowest, start, peak] { writer.write(value) }
    writer.write(peakStep)
  }

  mutating func restore(from reader: inout StateReader) throws {
    episodes = try reader.readDouble(in: 0...Self.span)
    mean = try reader.readFiniteDouble()
    variance = try reader.readFiniteDouble()
    // Infinite before there are any.
    lowest = try reader.readDouble(in: -.infinity ... .infinity)
    start = try reader.readDouble(in: -.infinity ... .infinity)
    peak = try reader.readDouble(in: -.infinity ... .infinity)
    peakStep = try reader.readInt(in: TrainingHistory.counts)
  }
}

/// Since when every episode has ended for the same reason without getting longer.
struct EndingStreak: Sendable {
  /// How much longer episodes must get to count as progress.
  private static let progress = 1.1
  /// Of each iteration's mean length, in the present one.
  private static let weight = 0.1

  /// The reason's index in the spec's list; -1 while there is none.
  private(set) var reason = -1
  private var since = 0
  private var lengthThen = 0.0
  /// Mean length of late, in control steps.
  private(set) var length = 0.0
  /// Env steps and iterations in which episodes ended that the streak has lasted.
  private(set) var (steps, iterations) = (0, 0)

  mutating func add(_ report: IterationReport, spec: EnvSpec) {
    guard let meanLength = report.meanLength else { return }
    length = length == 0 ? meanLength : length + Self.weight * (meanLength - length)
    let reasons = report.endings.filter { $0.value > 0 }.keys
    let only = reasons.count == 1 ? reasons.first.flatMap(spec.endings.firstIndex) ?? -1 : -1
    if only != reason || length > Self.progress * lengthThen {
      (reason, since, lengthThen, iterations) = (only, report.steps, length, 0)
    }
    guard reason >= 0 else { return (steps, iterations) = (0, 0) }
    steps = report.steps - since
    iterations += 1
  }

  func save(to writer: inout StateWriter) {
    for value in [reason, since, steps, iterations] { writer.write(value) }
    for value in [lengthThen, length] { writer.write(value) }
  }

  mutating func restore(from reader: inout StateReader, spec: EnvSpec) throws {
    reason = try reader.readInt(in: -1...spec.endings.count - 1)
    since = try reader.readInt(in: TrainingHistory.counts)
    steps = try reader.readInt(in: TrainingHistory.counts)
    iterations = try reader.readInt(in: TrainingHistory.counts)
    lengthThen = try reader.readFiniteDouble()
    length = try reader.readFiniteDouble()
  }
}

/// How fast the training is, beside its own best and beside what it would be if nothing else ran on the machine.
struct SpeedTrend: Sendable {
  /// Seconds over which it is measured: so that short disturbances do not count.
  static let span = 10.0

  /// Sums over the measurement under way.
  private var (seconds, steps, needed, given) = (0.0, 0.0, 0.0, 0.0)
  /// Env steps per second, of late and at best; not a number before they are known.
  private(set) var (latest, best) = (Double.nan, Double.nan)
  /// Processor time that the threads got, in shares of what they needed at least.
  private(set) var share = Double.nan

  /// - Parameter processorSeconds: what processors spent on the iteration.
  mutating func add(_ report: IterationReport, processorSeconds: Double) {
    seconds += report.seconds
    steps += report.stepsPerSecond * report.seconds
    // A thread that steps envs or chooses actions never waits, and during an update one at least is at work.
    needed += report.envSeconds + report.policySeconds + report.updateSeconds
    given += processorSeconds
    guard seconds >= Self.span else { return }
    latest = steps / seconds
    best = best.isNaN ? latest : max(best, latest)
    share = min(given / needed, 1)
    (seconds, steps, needed, given) = (0, 0, 0, 0)
  }

  /// Only what was measured: the measurement under way ends with the process.
  func save(to writer: inout StateWriter) {
    for value in [latest, best, share] { writer.write(value) }
  }

  mutating func restore(from reader: inout StateReader) throws {
    latest = try reader.readDouble()
    best = try reader.readDouble()
    share = try reader.readDouble()
  }
}
