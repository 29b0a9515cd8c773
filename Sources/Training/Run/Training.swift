import Environments
import Learning
import Robotics

/// A training from its first iteration, or wherever a checkpoint takes it up, to its summary.
package struct Training: ~Copyable {
  let plan: TrainingPlan
  package let envs: VectorEnv
  let evaluator: Evaluator
  /// What the robot and its task are.
  let fingerprint: Fingerprint
  package var learner: PPO
  var state = RunState()
  var curriculum: Curriculum
  /// The full evaluation that reached the goal, if this process made it.
  var solution: EvaluationReport?
  var saving: SavingRhythm
  package var doctor: RunDoctor
  /// Why an env first failed while this process was training.
  var firstFault: String?

  var entry: Catalog.Entry { plan.entry }
  var settings: TrainingSettings { plan.settings }

  /// Makes all that a training needs; nothing is written.
  package init(_ plan: TrainingPlan) throws {
    let settings = plan.settings
    if case .resumed(let folder) = plan.place { try Self.check(folder, for: plan) }
    let envs = try plan.entry.makeVectorEnv(for: settings)
    guard !settings.ppo.mirrorSamples || envs.symmetry != nil else {
      throw CommandError("robot '\(plan.entry.name)' declares no symmetry; 'ppo.mirror_samples' must be false for it")
    }
    let learner =
      if let start = plan.start {
        try PPO(start, settings: settings.ppo, seed: settings.seed)
      } else {
        try PPO(spec: envs.spec, settings: settings.ppo, seed: settings.seed)
      }
    self.init(plan, envs: envs, learner: learner, fingerprint: try plan.entry.fingerprint())
  }

  private init(_ plan: TrainingPlan, envs: VectorEnv, learner: consuming PPO, fingerprint: Fingerprint) {
    self.plan = plan
    self.envs = envs
    self.learner = learner
    self.fingerprint = fingerprint
    evaluator = Evaluator(entry: plan.entry, workers: Workers(threads: plan.settings.threads))
    curriculum = Curriculum(plan.settings.curriculum, envs: plan.settings.envs)
    envs.set(difficulty: curriculum.difficulty)
    saving = SavingRhythm(interval: plan.settings.checkpointSeconds)
    doctor = RunDoctor(
      robot: plan.entry.name, spec: envs.spec, success: plan.entry.success, settings: plan.settings,
      processors: Host.processors)
  }

  /// Trains, writing into the run directory.
  ///
  /// - Throws: `CommandError` if something cannot be written; `ExitCode` if a signal ended the training, all being saved.
  mutating func run(showing display: any ProgressDisplay) throws {
    StopRequest.listen()
    do {
      try train(showing: display)
    } catch {
      display.clear()
      throw error
    }
  }

  private mutating func train(showing display: any ProgressDisplay) throws {
    let session = try RunSession(for: plan)
    let folder = session.folder
    if session.isResumed { try restore(from: folder) }
    if session.isResumed, isDone, !plan.evaluatesAgain, Files.kind(at: folder.summary) == .other {
      return display.found(try CompleteRun(in: folder, robot: entry.name, steps: learner.steps))
    }
    try session.begin(plan)
    try session.putBack(state.best)
    var log = try RunLog(in: folder, recorded: state.lengths)
    display.started(start(of: session))
    // What a run starts from is what it must not fall below.
    if plan.initial != nil, learner.steps == 0 { try evaluateAlone(in: folder, log: &log, showing: display) }
    while !isDone { try iterate(in: folder, log: &log, showing: display) }
    try save(log, in: folder)
    // After the checkpoint: a longer training would not have made this evaluation.
    if learner.steps > 0, !isEvaluationDue { try evaluateAlone(in: folder, log: &log, showing: display) }
    let outcome = try judge(in: folder, showing: display)
    try refuse(outcome.report)
    if let page = outcome.replay { try AtomicFile.write(try replay(of: outcome.report), to: page) }
    try AtomicFile.write(Array((outcome.json.document + "\n").utf8), to: folder.summary)
    display.finished(outcome)
  }

  /// Makes an evaluation that no iteration comes with.
  private mutating func evaluateAlone(
    in folder: RunDirectory, log: inout RunLog, showing display: any ProgressDisplay
  ) throws {
    let evaluation = try evaluate(in: folder)
    doctor.examine(evaluation.report, step: evaluation.step)
    try log.add(evaluation)
    display.evaluated(evaluation)
  }

  /// Whether all steps are taken or the goal is reached.
  private var isDone: Bool { learner.steps >= settings.steps || settings.untilSolved && state.isSolved }

  /// Whether the iteration just made is one that an evaluation follows.
  private var isEvaluationDue: Bool {
    let interval = settings.evaluation.interval
    return learner.steps / interval > (learner.steps - settings.envs * settings.ppo.horizon) / interval
  }

  private mutating func iterate(
    in folder: RunDirectory, log: inout RunLog, showing display: any ProgressDisplay
  ) throws {
    let (pauses, processorSeconds) = (PauseWatch(), Host.processorSeconds)
    let report = try learner.improve(in: envs, on: evaluator.workers)
    try entry.refuseDefect(of: envs)
    if firstFault == nil { firstFault = report.faultRecords.first?.reason }
    let (spent, wasPaused) = (Host.processorSeconds - processorSeconds, pauses.wasPaused)
    state.clock.training += report.seconds
    state.recent.add(report.episodes)
    let difficulty = curriculum.difficulty
    advanceCurriculum()
    let faults = FaultLog(
      folder: folder, robot: entry.name, settings: settings, spec: envs.spec, fingerprint: fingerprint)
    for incident in try faults.take(report) { display.noticed(incident) }
    let evaluation = isEvaluationDue ? try evaluate(in: folder) : nil
    let watch = Stopwatch()
    let findings = doctor.examine(
      report, evaluation: evaluation?.report, processorSeconds: spent, wasPaused: wasPaused)
    if let evaluation { try log.add(evaluation) }
    let record = report.record(spec: envs.spec, difficulty: difficulty, clock: state.clock)
    try log.add(iteration: record, step: report.steps)
    display.iterated(
      TrainingIteration(
        line: progressLine(report), step: report.steps, record: record, evaluation: evaluation, findings: findings))
    state.clock.logging += watch.seconds
    if saving.isDue(after: state.clock.work) { try save(log, in: folder) }
    if let signal = StopRequest.signal {
      try save(log, in: folder)
      try leave(because: signal, folder, showing: display)
    }
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
      threads: settings.threads,
      seed: settings.seed, firstStep: learner.steps, isResumed: session.isResumed, notes: settings.scheduleNotes)
  }

  private func progressLine(_ report: IterationReport) -> ProgressLine {
    let clock = state.clock
    // The rate over the whole training: an iteration takes too short a time to tell.
    let rate = clock.training > 0 ? Double(report.steps) / clock.training : 0
    let overhead = clock.training > 0 ? 1 + (clock.evaluation + clock.checkpoints + clock.logging) / clock.training : 1
    return ProgressLine(
      robot: entry.name, steps: report.steps, totalSteps: settings.steps, episodeReturn: state.recent.meanReturn,
      lengthSeconds: state.recent.meanLength.map { $0 * envs.spec.controlInterval }, stepsPerSecond: rate,
      secondsLeft: Double(max(0, settings.steps - report.steps)) / rate * overhead)
  }
}
