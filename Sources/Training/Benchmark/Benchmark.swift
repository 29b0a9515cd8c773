import Environments
import Learning
import Networks
import Robotics

/// Measures what a robot costs on this machine: its envs, its policy, the learner's update and a whole training, each
/// against the best that the machine could do, in one process.
///
/// Alternatives are measured in turn (A B A B …), so that other load on the machine affects them alike. Every figure is
/// a median over the rounds, every ratio the median of the ratios within a round.
package struct Benchmark {
  package let entry: Catalog.Entry
  package let settings: TrainingSettings
  package let policy: NetworkPolicy
  /// The policy's name for the report.
  let policyName: String
  /// Workers for each number of threads, ascending, 1 first.
  let pools: [Workers]
  /// Seconds of each comparison.
  package let seconds: Double

  /// - Parameters:
  ///   - threads: the most threads that are measured.
  ///   - seconds: of each comparison; at least four rounds are run.
  package init(of entry: Catalog.Entry, threads: Int, seconds: Double) throws {
    self.entry = entry
    self.seconds = seconds
    settings = try TrainingSettings.resolved(for: entry, file: nil, assignments: [], options: [])
    pools = Set([1, min(2, threads), threads]).sorted().map { Workers(threads: $0) }
    if entry.trainedPolicy != nil,
      let trained = try PolicySource.find(robot: entry.name, policy: nil, in: Catalog([entry]), stochastic: false)
        .policy as? NetworkPolicy
    {
      (policy, policyName) = (trained, PolicySource.trained)
    } else {
      let learner = try settings.kind.makeLearner(
        spec: try entry.spec(), settings: settings.learner, seed: settings.seed)
      (policy, policyName) = (learner.policy, "untrained")
    }
  }

  package func run() throws -> BenchmarkReport {
    let peaks = measurePeaks()
    var rows: [BenchmarkReport.Row] = zip(pools, peaks).map { workers, peak in
      .init(name: "FMA peak, \(workers.label)", value: peak, unit: "GFLOP/s", against: nil, ratio: nil)
    }
    rows += try measureRollouts()
    rows += try measurePolicy(peak: peaks[0])
    rows += try measureUpdates()
    rows += try measureTraining()
    return BenchmarkReport(
      robot: entry.name, policy: policyName, machine: Host.description(kernels: PeakArithmetic.variant),
      threads: pools[pools.count - 1].threads, peak: peaks[peaks.count - 1], rows: rows)
  }

  // MARK: Rounds

  func runRounds(_ round: () throws -> Void) rethrows { try Rounds.run(for: seconds, round) }

  /// GFLOP/s of multiply-adds alone.
  package static func peak(of workers: Workers) -> Double {
    // Several pieces a thread, so that one that comes late leaves its share to the others; milliseconds in all, so that
    // waking it costs nothing.
    let (pieces, rounds) = (16 * workers.threads, 10_000)
    let perPiece = PeakArithmetic.run(rounds: rounds)
    let watch = Stopwatch()
    workers.run(pieces) { _ in _ = PeakArithmetic.run(rounds: rounds) }
    return perPiece * Double(pieces) / watch.seconds / 1e9
  }

  /// Wakes all threads of a pool. One that has slept while another pool was measured may start on the processor of the thread that woke it
  /// and need milliseconds to find a processor of its own, which in a training happens once.
  static func wake(_ workers: Workers) {
    let watch = Stopwatch()
    while workers.threads > 1, watch.seconds < 0.02 { _ = peak(of: workers) }
  }

  private func measurePeaks() -> [Double] {
    var found = pools.map { _ in Samples() }
    runRounds {
      for (i, workers) in pools.enumerated() {
        Self.wake(workers)
        found[i].add(Self.peak(of: workers))
      }
    }
    return found.map(\.median)
  }
}
