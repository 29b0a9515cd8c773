import ArgumentParser
import Environments
import Learning
import Robotics

/// A training from its first iteration to its summary, with all that it writes.
struct Training: ~Copyable {
  private let entry: Catalog.Entry
  private let settings: TrainingSettings
  private let envs: VectorEnv
  private let evaluator: Evaluator
  /// What ends the training early.
  private let goal: Goal?
  private var learner: PPO
  private var best: Best?
  /// Full evaluations that the goal has asked for so far.
  private var confirmations: UInt64 = 0
  /// The full evaluation that reached the goal.
  private var solution: EvaluationReport?
  private var clock = TrainingClock()
  private var recent = RecentEpisodes()
  private var saving = SavingRhythm()
  private var doctor: RunDoctor

  /// The policy that did best in an evaluation.
  private struct Best {
    let policy: GaussianPolicy
    let step: Int
    let meanReturn: Double
  }

  /// Makes all that a training needs; nothing is written.
  ///
  /// - Parameter goal: ends the training when it is reached.
  init(of entry: Catalog.Entry, with settings: TrainingSettings, until goal: Goal? = nil) throws {
    let envs = try entry.makeVectorEnv(
      count: settings.envs, shards: settings.shards, seed: settings.seed,
      start: .practising(shortShare: settings.shortEpisodes))
    let learner = try PPO(spec: envs.spec, settings: settings.ppo, seed: settings.seed)
    self.init(entry: entry, settings: settings, goal: goal, envs: envs, learner: learner)
  }

  private init(
    entry: Catalog.Entry, settings: TrainingSettings, goal: Goal?, envs: VectorEnv, learner: consuming PPO
  ) {
    self.entry = entry
    self.settings = settings
    self.goal = goal
    self.envs = envs
    self.learner = learner
    evaluator = Evaluator(entry: entry, workers: Workers(threads: settings.threads))
    doctor = RunDoctor(robot: entry.name, spec: envs.spec, settings: settings, processors: Host.processors)
  }

  /// Trains, writing into `folder`.
  ///
  /// - Throws: `CommandError` if something cannot be written; `ExitCode` if a signal ended the training, all being saved.
  mutating func run(in folder: RunDirectory, showing display: any ProgressDisplay) throws {
    StopRequest.listen()
    do {
      try train(in: folder, showing: display)
    } catch {
      display.clear()
      throw error
    }
  }

  private mutating func train(in folder: RunDirectory, showing display: any ProgressDisplay) throws {
    try GrowingFile(folder.config).append(SettingsFile.text(of: settings, robot: entry.name))
    try GrowingFile(folder.command).append(CommandLine.arguments.map(Shell.quoted).joined(separator: " ") + "\n")
    var progress = try Table(folder.progress)
    var evaluations = try Table(folder.evaluations)
    let events = try TensorBoardEvents(GrowingFile("\(folder.path)/\(TensorBoardEvents.newName())"))
    display.started(
      TrainingStart(
        robot: entry.name, folder: folder.path, steps: settings.steps, envs: settings.envs, threads: settings.threads,
        seed: settings.seed, firstStep: learner.steps))
    while learner.steps < settings.steps, solution == nil {
      let stepsBefore = learner.steps
      let processorTime = Host.processorSeconds
      let report = try learner.improve(in: envs, on: evaluator.workers)
      let processorSeconds = Host.processorSeconds - processorTime
      clock.training += report.seconds
      recent.add(report.episodes)
      let interval = settings.evaluation.interval
      let isEvaluationDue = report.steps / interval > stepsBefore / interval || report.steps >= settings.steps
      let evaluation = isEvaluationDue ? try evaluate(in: folder) : nil
      let watch = Stopwatch()
      let findings = doctor.examine(report, processorSeconds: processorSeconds)
      if let evaluation {
        try evaluations.append(evaluation.record)
        try events.append(evaluation.record, step: report.steps)
      }
      let record = report.record(spec: envs.spec, clock: clock)
      try progress.append(record)
      try events.append(record, step: report.steps)
      display.iterated(
        TrainingIteration(
          line: progressLine(report), step: report.steps, record: record, evaluation: evaluation, findings: findings))
      clock.logging += watch.seconds
      if saving.isDue(after: clock.training) { try saveEverything(in: folder) }
      if let signal = StopRequest.signal { try leave(because: signal, in: folder, showing: display) }
    }
    try saveEverything(in: folder)
    let outcome = try judge(in: folder, showing: display)
    try AtomicFile.write(Array((outcome.json.document + "\n").utf8), to: folder.summary)
    display.finished(outcome)
  }

  // MARK: Evaluation

  /// Evaluates the present policy on the way, and keeps and writes it if it is the best so far.
  private mutating func evaluate(in folder: RunDirectory) throws -> TrainingEvaluation? {
    let watch = Stopwatch()
    let policy = learner.policy
    guard
      let evaluation = try evaluator.evaluate(
        policy, episodes: settings.evaluation.episodes, seed: settings.seed, for: .selection)
    else { return nil }
    let report = EvaluationReport(
      evaluation, spec: envs.spec, robot: entry.name, policy: "step \(learner.steps)", seed: settings.seed)
    let meanReturn = report.episodeReturn.mean ?? -.infinity
    let confirmation = try confirm(policy, after: report)
    let isBest = solution != nil || best.map { meanReturn > $0.meanReturn } ?? true
    if isBest {
      best = Best(policy: policy, step: learner.steps, meanReturn: meanReturn)
      var file = Checkpoint.policyFile(policy, robot: entry.name)
      describe(&file)
      try file.write(to: folder.best)
    }
    let seconds = watch.seconds
    clock.evaluation += seconds
    return TrainingEvaluation(
      report: report, step: learner.steps, seconds: seconds, isBest: isBest, confirmation: confirmation)
  }

  /// Judges a policy that reached the goal on the way by a full evaluation. Each takes starts that no earlier one has
  /// seen, those of `evaluate --seed` 0, 1, …, so that trying often does not help.
  private mutating func confirm(
    _ policy: GaussianPolicy, after report: EvaluationReport
  ) throws -> GoalConfirmation? {
    guard let goal, goal.isReached(by: report) else { return nil }
    let seed = EvaluateCommand.defaultSeed &+ confirmations
    confirmations += 1
    guard let full = try judge(policy, seed: seed, named: "step \(learner.steps)") else { return nil }
    let missed = goal.missed(by: full)
    if missed.isEmpty { solution = full }
    return GoalConfirmation(report: full, missed: missed)
  }

  /// A full evaluation; nil if a signal asked to stop.
  private func judge(_ policy: GaussianPolicy, seed: UInt64, named name: String) throws -> EvaluationReport? {
    let evaluation = try evaluator.evaluate(
      policy, episodes: settings.evaluation.finalEpisodes, seed: seed, for: .judgement
    ) { StopRequest.signal != nil }
    return evaluation.map { EvaluationReport($0, spec: envs.spec, robot: entry.name, policy: name, seed: seed) }
  }

  /// Judges the best policy on starts that had no say in choosing it: those of `evaluate` without `--seed`. Where the goal
  /// was reached, that has been done.
  private mutating func judge(in folder: RunDirectory, showing display: any ProgressDisplay) throws -> TrainingOutcome {
    let watch = Stopwatch()
    let chosen = best ?? Best(policy: learner.policy, step: learner.steps, meanReturn: .nan)
    guard
      var report = try solution ?? judge(chosen.policy, seed: EvaluateCommand.defaultSeed, named: folder.best)
    else {
      // Saved already; only the judgement is missing.
      try leave(because: StopRequest.signal ?? 0, in: folder, showing: display)
    }
    clock.evaluation += watch.seconds
    report.policy = folder.best
    return TrainingOutcome(
      robot: entry.name, folder: folder.path, policy: folder.best, steps: learner.steps,
      iterations: learner.iteration, bestStep: chosen.step, clock: clock, report: report, findings: doctor.findings,
      missed: goal?.missed(by: report))
  }

  // MARK: Saving

  private mutating func saveEverything(in folder: RunDirectory) throws {
    let watch = Stopwatch()
    var file = try Checkpoint.trainingFile(learner, envs: envs, robot: entry.name)
    describe(&file)
    try file.write(to: folder.last)
    clock.checkpoints += watch.seconds
    saving.saved(after: clock.training, taking: watch.seconds)
  }

  /// Adds to a file what it comes from and what is best so far.
  private func describe(_ file: inout TensorFile) {
    // Without the number of threads: equal results make equal files.
    file.metadata["settings"] = SettingsFile.text(
      of: settings, robot: entry.name, keys: SettingKey.all.filter(\.affectsResult))
    file.metadata["steps"] = "\(learner.steps)"
    guard let best else { return }
    file.metadata["best_step"] = "\(best.step)"
    file.metadata["best_return"] = "\(best.meanReturn)"
  }

  /// Ends a training that a signal stopped.
  private mutating func leave(
    because signal: Int32, in folder: RunDirectory, showing display: any ProgressDisplay
  ) throws -> Never {
    try saveEverything(in: folder)
    display.interrupted(
      TrainingInterruption(signal: StopRequest.name(of: signal), step: learner.steps, checkpoint: folder.last))
    throw ExitCode(128 + signal)
  }

  private func progressLine(_ report: IterationReport) -> ProgressLine {
    // The rate over the whole training: an iteration takes too short a time to tell.
    let rate = clock.training > 0 ? Double(report.steps) / clock.training : 0
    let overhead = clock.training > 0 ? 1 + (clock.evaluation + clock.checkpoints + clock.logging) / clock.training : 1
    return ProgressLine(
      robot: entry.name, steps: report.steps, totalSteps: settings.steps, episodeReturn: recent.meanReturn,
      lengthSeconds: recent.meanLength.map { $0 * envs.spec.controlInterval }, stepsPerSecond: rate,
      secondsLeft: Double(max(0, settings.steps - report.steps)) / rate * overhead)
  }
}
