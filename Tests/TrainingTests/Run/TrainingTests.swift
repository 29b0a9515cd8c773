import Environments
import Robotics
import Synchronization
import TestRuns
import Testing
import Training

/// A run in a program of one's own.
@Suite struct TrainingTests {
  /// Keeps what is reported, and asks for an end after some iterations.
  private final class Recorder: TrainingObserver, StopSignal {
    private let counts = Mutex((started: 0, iterations: 0, evaluations: 0))
    private let lastIteration: Int

    init(stopAfter iterations: Int = .max) { lastIteration = iterations }

    var isRaised: Bool { counts.withLock { $0.iterations >= lastIteration } }
    var started: Int { counts.withLock { $0.started } }
    var iterations: Int { counts.withLock { $0.iterations } }
    var evaluations: Int { counts.withLock { $0.evaluations } }

    func observe(_ event: TrainingEvent) {
      counts.withLock { counts in
        switch event {
        case .started: counts.started += 1
        case .iterated(let iteration):
          counts.iterations += 1
          counts.evaluations += iteration.evaluation == nil ? 0 : 1
        case .evaluated: counts.evaluations += 1
        case .incident: break
        }
      }
    }
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func training(
    _ name: String, resumed: Bool = false, observer: Recorder, replayPage: Training.ReplayPage? = nil
  ) throws -> Training {
    var request = TrainingRequest()
    request.robot = "walker"
    request.folder = "\(folder.path)/\(name)"
    request.isResumed = resumed
    request.assignments = [
      "steps=4096", "envs=8", "ppo.horizon=64", "evaluation.interval=1024", "evaluation.episodes=4",
      "evaluation.final_episodes=6", "threads=1",
    ]
    let plan = try TrainingPlan(request, in: Catalog([.walker()]))
    return try Training(plan, observer: observer, stop: observer, replayPage: replayPage)
  }

  @Test func anInterruptedRunIsCompletedLater() throws {
    let whole = Recorder()
    var straight = try training("straight", observer: whole)
    guard case .completed(let summary) = try straight.run() else {
      Issue.record("the run is not complete")
      return
    }
    #expect(whole.started == 1 && whole.iterations == 8 && whole.evaluations == 4)
    #expect(summary.steps == 4096 && summary.iterations == 8 && summary.report.episodes == 6 && summary.replay == nil)
    #expect(folder.contents.contains("straight/summary.json") && !folder.contents.contains("straight/replay.html"))

    let brief = Recorder(stopAfter: 3)
    var first = try training("parts", observer: brief)
    guard case .interrupted(let interruption) = try first.run() else {
      Issue.record("the stop signal is ignored")
      return
    }
    #expect(brief.iterations == 3 && interruption.step == 3 * 512)
    #expect(interruption.checkpoint == "\(folder.path)/parts/checkpoints/last.safetensors")
    #expect(!folder.contents.contains("parts/summary.json"))

    let rest = Recorder()
    var second = try training("parts", resumed: true, observer: rest)
    guard case .completed = try second.run() else {
      Issue.record("the resumed run is not complete")
      return
    }
    #expect(rest.iterations == 5)
    #expect(try RunContents("parts", in: folder).differences(from: RunContents("straight", in: folder)).isEmpty)

    let idle = Recorder()
    var third = try training("parts", resumed: true, observer: idle)
    guard case .alreadyComplete(let run) = try third.run() else {
      Issue.record("a complete run is trained again")
      return
    }
    #expect(run.steps == 4096 && idle.started == 0 && idle.iterations == 0)
  }

  /// The page is only made for what can be shown.
  @Test func anEnvWithoutAPictureGetsNoPage() throws {
    var training = try training("run", observer: Recorder()) { _, _, _, _ in
      Issue.record("there is nothing to show")
      return []
    }
    guard case .completed(let summary) = try training.run() else {
      Issue.record("the run is not complete")
      return
    }
    #expect(summary.replay == nil && !folder.contents.contains("run/replay.html"))
  }

  /// A folder that holds something else stays as it is.
  @Test func aFolderInUseIsRefused() throws {
    _ = try folder.write("", to: "file")
    let message = "'\(folder.path)/file' is not a folder; the run directory of a new run must be new or empty"
    #expect(throws: TrainingError(message)) {
      var training = try training("file", observer: Recorder())
      _ = try training.run()
    }
  }
}
