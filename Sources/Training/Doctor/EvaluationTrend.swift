import Environments

/// How the evaluations on the way compare with the best of them.
///
/// What a policy does without exploring is what counts in the end, and a run that starts from a good policy has its best
/// evaluation at the start.
struct EvaluationTrend: Sendable {
  /// The share of what there was to lose that must be lost.
  private static let lostShare = 0.25
  /// Standard errors that a difference must exceed.
  private static let significance = 3.0
  /// Evaluations in a row that must be that much worse.
  private static let fewest = 2

  /// The mean return of the best evaluation, its standard error, and the env steps before it.
  private(set) var best = -Double.infinity
  private var bestError = 0.0
  private(set) var bestStep = 0
  /// The least mean return so far, and the least before the best.
  private var (lowest, start) = (Double.infinity, Double.infinity)
  private(set) var latest = 0.0
  /// How many in a row have been much worse than the best.
  private var fallen = 0

  /// Whether what was reached has been lost.
  var isFallen: Bool { fallen >= Self.fewest }

  mutating func add(_ report: EvaluationReport, step: Int) {
    guard let mean = report.episodeReturn.mean else { return }
    let error = (report.episodeReturn.std ?? 0) / Double(max(1, report.episodeReturn.count)).squareRoot()
    latest = mean
    lowest = min(lowest, mean)
    guard mean <= best else {
      (best, bestError, bestStep, start, fallen) = (mean, error, step, lowest, 0)
      return
    }
    let loss = best - mean
    let isWorse =
      loss > Self.lostShare * max(abs(best), best - start)
      && loss > Self.significance * (bestError * bestError + error * error).squareRoot()
    fallen = isWorse ? fallen + 1 : 0
  }

  func save(to writer: inout StateWriter) {
    for value in [best, bestError, lowest, start, latest] { writer.write(value) }
    for value in [bestStep, fallen] { writer.write(value) }
  }

  mutating func restore(from reader: inout StateReader) throws {
    best = try reader.readDouble()
    bestError = try reader.readFiniteDouble()
    lowest = try reader.readDouble()
    start = try reader.readDouble()
    latest = try reader.readFiniteDouble()
    bestStep = try reader.readInt(in: TrainingHistory.counts)
    fallen = try reader.readInt(in: TrainingHistory.counts)
  }
}
