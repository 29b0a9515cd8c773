import Environments
import Learning
import Networks
import Robotics
import Storage

/// A training from its first iteration, or wherever a checkpoint takes it up, to its summary.
///
/// Equal plans give equal results, to the bit, on any number of threads and however often they are interrupted and resumed.
public struct Training: ~Copyable {
  /// Makes the page that plays episodes of a policy, from the policy, what the page calls it, the evaluator and its report.
  public typealias ReplayPage = (any Policy, String, Evaluator, EvaluationReport) throws -> [UInt8]

  let plan: TrainingPlan
  let observer: (any TrainingObserver)?
  let stop: (any StopSignal)?
  let replayPage: ReplayPage?
  package let envs: VectorEnv
  let evaluator: Evaluator
  /// What the robot and its task are.
  let fingerprint: Fingerprint
  package let learner: any AnyLearner
  var state = RunState()
  var curriculum: Curriculum
  /// The full evaluation that reached the goal, if this process made it.
  var solution: EvaluationReport?
  var schedule: CheckpointSchedule
  package var doctor: RunDoctor
  /// Why an env first failed while this process was training.
  var firstFault: String?

  var entry: Catalog.Entry { plan.entry }
  var settings: TrainingSettings { plan.settings }

  /// Makes all that a training needs; nothing is written.
  ///
  /// - Parameters:
  ///   - observer: receives what happens.
  ///   - stop: asks for an early end.
  ///   - replayPage: makes the page `replay.html` of a complete run, for a robot that has a picture; without it there is none.
  /// - Throws: `TrainingError` if the plan's run directory holds another training, or the settings do not suit the robot;
  ///   `RobotError`, `EnvError` or `PhysicsError` if the envs cannot be made.
  public init(
    _ plan: TrainingPlan, observer: (any TrainingObserver)? = nil, stop: (any StopSignal)? = nil,
    replayPage: ReplayPage? = nil
  ) throws {
    let settings = plan.settings
    if case .resumed(let folder) = plan.place { try Self.check(folder, for: plan) }
    let envs = try plan.entry.makeVectorEnv(for: settings)
    if let misfit = settings.learner.misfit(with: envs) {
      throw TrainingError("robot '\(plan.entry.name)' \(misfit)")
    }
    let learner = try settings.kind.makeLearner(
      spec: envs.spec, from: plan.start, settings: settings.learner, seed: settings.seed)
    self.init(
      plan, observer, stop, replayPage, envs: envs, learner: learner, fingerprint: try plan.entry.fingerprint())
  }

  private init(
    _ plan: TrainingPlan, _ observer: (any TrainingObserver)?, _ stop: (any StopSignal)?, _ replayPage: ReplayPage?,
    envs: VectorEnv, learner: any AnyLearner, fingerprint: Fingerprint
  ) {
    self.plan = plan
    self.observer = observer
    self.stop = stop
    self.replayPage = replayPage
    self.envs = envs
    self.learner = learner
    self.fingerprint = fingerprint
    evaluator = Evaluator(entry: plan.entry, workers: Workers(threads: plan.settings.threads))
    curriculum = Curriculum(plan.settings.curriculum, envs: plan.settings.envs)
    envs.set(difficulty: curriculum.difficulty)
    schedule = CheckpointSchedule(interval: plan.settings.checkpointSeconds)
    doctor = RunDoctor(
      robot: plan.entry.name, spec: envs.spec, success: plan.entry.success, settings: plan.settings,
      processors: Host.processors)
  }

  /// Trains, writing into the run directory.
  ///
  /// - Throws: `TrainingError` if something cannot be written, the directory is in use, or nothing has been learned.
  public mutating func run() throws -> TrainingOutcome {
    let session = try RunSession(for: plan)
    let folder = session.folder
    try learner.keepFiles(in: folder.learnerFiles)
    if session.isResumed { try restore(from: folder) }
    if session.isResumed, isDone, !plan.evaluatesAgain, Files.kind(at: folder.summary) == .other {
      return .alreadyComplete(try CompleteRun(in: folder, robot: entry.name, steps: learner.steps))
    }
    try session.begin(plan)
    try session.putBack(state.best)
    var log = try RunLog(in: folder, recorded: state.lengths)
    observer?.observe(.started(start(of: session)))
    // What a run starts from is what it must not fall below.
    if plan.initial != nil, learner.steps == 0 { try evaluateAlone(in: folder, log: &log) }
    while !isDone {
      try iterate(in: folder, log: &log)
      guard !isStopped else {
        try save(log, in: folder)
        return .interrupted(interruption(in: folder))
      }
    }
    try save(log, in: folder)
    // After the checkpoint: a longer training would not have made this evaluation.
    if learner.steps > 0, !isEvaluationDue { try evaluateAlone(in: folder, log: &log) }
    guard let summary = try evaluateBest(in: folder) else { return .interrupted(interruption(in: folder)) }
    try refuse(summary.report)
    if let page = summary.replay { try AtomicFile.write(try replay(of: summary.report), to: page) }
    try AtomicFile.write(Array((summary.json.document + "\n").utf8), to: folder.summary)
    return .completed(summary)
  }

  /// Whether an early end is requested.
  var isStopped: Bool { stop?.isRaised ?? false }

  private func interruption(in folder: RunDirectory) -> TrainingInterruption {
    TrainingInterruption(step: learner.steps, checkpoint: folder.last)
  }

  /// Makes an evaluation that no iteration comes with.
  private mutating func evaluateAlone(in folder: RunDirectory, log: inout RunLog) throws {
    let evaluation = try evaluate(in: folder)
    doctor.examine(evaluation.report, step: evaluation.step)
    try log.add(evaluation)
    observer?.observe(.evaluated(evaluation))
  }

  /// Whether all steps are taken, or what is to end the training has been reached.
  private var isDone: Bool {
    learner.steps >= settings.steps || settings.untilSolved && state.isSolved || learner.isFinished
  }

  /// Whether the iteration just made is one that an evaluation follows.
  private var isEvaluationDue: Bool {
    let interval = settings.evaluation.interval
    return learner.steps / interval > (learner.steps - settings.envs * settings.learner.horizon) / interval
  }

  private mutating func iterate(in folder: RunDirectory, log: inout RunLog) throws {
    let (pauses, processorSeconds) = (PauseWatch(), Host.processorSeconds)
    let report = try learner.improve(in: envs, on: evaluator.workers)
    try entry.refuseDefect(of: envs)
    if firstFault == nil { firstFault = report.faultReports.first?.reason }
    let (spent, wasPaused) = (Host.processorSeconds - processorSeconds, pauses.wasPaused)
    state.clock.training += report.seconds
    state.recent.add(report.episodes)
    let difficulty = curriculum.difficulty
    advanceCurriculum()
    let faults = FaultLog(
      folder: folder, robot: entry.name, settings: settings, spec: envs.spec, fingerprint: fingerprint)
    for incident in try faults.take(report) { observer?.observe(.incident(incident)) }
    let evaluation = isEvaluationDue ? try evaluate(in: folder) : nil
    let watch = Stopwatch()
    let findings = doctor.examine(
      report, evaluation: evaluation?.report, processorSeconds: spent, wasPaused: wasPaused)
    if let evaluation { try log.add(evaluation) }
    let row = report.row(spec: envs.spec, difficulty: difficulty, clock: state.clock)
    try log.add(iteration: row, step: report.steps)
    observer?.observe(
      .iterated(
        TrainingIteration(
          progress: progress(after: report), step: report.steps, row: row, evaluation: evaluation, findings: findings)))
    state.clock.logging += watch.seconds
    if schedule.isDue(after: state.clock.work) { try save(log, in: folder) }
  }

  /// Lets the difficulty of the episodes to come follow the outcomes of those that have ended.
  private mutating func advanceCurriculum() {
    guard curriculum.isInUse else { return }
    for shard in 0..<envs.shardCount {
      curriculum.take(entry.success.outcomes(of: envs.rollout(ofShard: shard), spec: envs.spec))
    }
    envs.set(difficulty: curriculum.difficulty)
  }

  private func start(of session: RunSession) -> TrainingStart {
    TrainingStart(
      robot: entry.name, folder: session.folder.path, steps: settings.steps, envs: settings.envs,
      threads: settings.threads, seed: settings.seed, firstStep: learner.steps, isResumed: session.isResumed,
      notes: settings.scheduleNotes)
  }

  private func progress(after report: IterationReport) -> TrainingProgress {
    let clock = state.clock
    // The rate over the whole training: an iteration is too short for a steady one.
    let rate = clock.training > 0 ? Double(report.steps) / clock.training : 0
    let overhead = clock.training > 0 ? 1 + (clock.evaluation + clock.checkpoints + clock.logging) / clock.training : 1
    return TrainingProgress(
      robot: entry.name, steps: report.steps, totalSteps: settings.steps, episodeReturn: state.recent.meanReturn,
      lengthSeconds: state.recent.meanLength.map { $0 * envs.spec.controlInterval }, stepsPerSecond: rate,
      secondsLeft: Double(max(0, settings.steps - report.steps)) / rate * overhead)
  }
}
