import Environments
import Physics

/// A robot with a task in a simulation of its own, as an `Env`.
///
/// A simulation that breaks down (not-a-number, an ODE error, absurd speeds), or a task that shows or rewards what is
/// not finite, ends its episode with the reason `fault`. The env then shows an observation of zeros and is rebuilt for
/// the next episode.
public struct RobotEnv<Task: RobotTask>: Env, ~Copyable {
  /// The reason for ending that every robot's spec carries last.
  public static var fault: String { "fault" }

  public let spec: EnvSpec
  public let symmetry: Symmetry?
  private let model: RobotModel
  private var sim: Simulation
  private var task: Task
  private var observationCursor: ObservationCursor
  private var rewardCursor: RewardCursor
  private var clamped: [Float]
  private var stepsTaken = 0
  private var isFaulted = false
  private var disturber: Disturber?
  /// Measures the effort, where that was asked for.
  private var meter: EffortMeter?
  /// How many of the spec's metrics are the task's own; the meter's stand behind them.
  private let taskMetrics: Int

  /// - Parameters:
  ///   - disturbances: what differs from the robot as declared.
  ///   - measuresEffort: whether the spec's metrics go on, behind the task's own, with what every robot's actuators can
  ///     be measured by: `effort/energy_j`, `effort/JOINT/torque_nm` and the like.
  /// - Throws: `RobotError`, `PhysicsError` or `EnvError` if robot, task and disturbances do not fit together.
  public init(
    _ robot: some Robot, _ task: Task, disturbances: Disturbances = Disturbances(), measuresEffort: Bool = false
  ) throws {
    try self.init(RobotModel(robot), task, disturbances: disturbances, measuresEffort: measuresEffort)
  }

  init(
    _ model: RobotModel, _ task: Task, disturbances: Disturbances = Disturbances(), measuresEffort: Bool = false
  ) throws {
    var task = task
    var sim = try Simulation(model)
    try task.prepare(for: model)
    var random = Random(seed: 0)
    try task.begin(&sim, using: &random)
    var observations = ObservationCursor()
    var rewards = RewardCursor()
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    task.observe(sim, &observations, into: &row)
    let idle = Array(repeating: Float(0), count: model.actuatedAxes.count)
    _ = task.judge(sim, action: idle.span, &rewards)
    let steps = (task.episodeSeconds / model.stepping.controlInterval).rounded()
    guard steps >= 1, steps < 1e9 else {
      throw RobotError("\(model.name): an episode of \(task.episodeSeconds) s is not at least one control step long")
    }
    // Before anything of `self` is set: a noncopyable value cannot be given up halfway.
    let symmetry = try model.symmetry(of: observations)
    let spec = try EnvSpec(
      observations: observations.sortedSlices,
      actions: model.actuatedAxes.map { ActionChannel(model.axes[$0].name) },
      controlInterval: model.stepping.controlInterval, episodeSteps: Int(steps),
      rewardTerms: rewards.names, endings: task.endings + [Self.fault],
      metrics: task.metrics + (measuresEffort ? EffortMeter.names(for: model) : []))
    let disturber =
      try disturbances.areOff ? nil : Disturber(disturbances, model: model, policyColumns: spec.policyColumns)
    self.spec = spec
    self.disturber = disturber
    meter = measuresEffort ? EffortMeter(model) : nil
    taskMetrics = task.metrics.count
    observationCursor = ObservationCursor(placing: observations.slices)
    rewardCursor = RewardCursor(terms: rewards.names)
    clamped = idle
    self.symmetry = symmetry
    self.model = model
    self.task = task
    self.sim = sim
  }

  public mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    stepsTaken = 0
    do {
      if isFaulted {
        sim = try Simulation(model)
        isFaulted = false
      }
      disturber?.begin(&sim, seed: seed)
      try task.begin(&sim, using: &random)
    } catch {
      isFaulted = true
    }
    meter?.begin()
    observationCursor.rewind()
    task.observe(sim, &observationCursor, into: &observation)
    disturber?.blur(&observation)
    guard isFinite(observation.span), !isFaulted else {
      isFaulted = true
      for i in observation.indices { observation[i] = 0 }
      return
    }
  }

  public mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    stepsTaken += 1
    // Moved out while in use, so that its span and calls on `self` do not overlap.
    var clamped = exchange(&self.clamped, with: [])
    defer { self.clamped = clamped }
    for i in clamped.indices { clamped[i] = min(max(action[i], -1), 1) }
    do {
      if isFaulted { return fault(showing: &observation) }
      if disturber == nil { try sim.step(clamped.span) } else { try disturber?.step(&sim, clamped.span) }
    } catch {
      isFaulted = true
      return fault(showing: &observation)
    }
    meter?.update(sim, action: clamped.span)
    rewardCursor.rewind()
    let ending = task.judge(sim, action: clamped.span, &rewardCursor)
    observationCursor.rewind()
    task.observe(sim, &observationCursor, into: &observation)
    disturber?.blur(&observation)
    let reward = rewardCursor.total
    guard reward.isFinite, isFinite(observation.span), isNamed(ending) else {
      isFaulted = true
      return fault(showing: &observation)
    }
    let isOutOfTime = ending == .running && stepsTaken >= spec.episodeSteps
    return Transition(reward: reward, ending: isOutOfTime ? .truncated : ending)
  }

  /// Whether an ending of the task is one that it has named; the name behind its own stands for faults.
  private func isNamed(_ ending: Ending) -> Bool {
    guard case .terminated(let reason) = ending else { return true }
    return reason >= 0 && reason < spec.endings.count - 1
  }

  private mutating func fault(showing observation: inout MutableSpan<Float>) -> Transition {
    rewardCursor.clear()
    for i in observation.indices { observation[i] = 0 }
    return Transition(reward: 0, ending: .terminated(reason: spec.endings.count - 1))
  }

  public func readRewardTerms(into terms: inout MutableSpan<Float>) {
    for i in terms.indices { terms[i] = rewardCursor.values[i] }
  }

  public func readMetrics(into metrics: inout MutableSpan<Double>) {
    var own = metrics._mutatingExtracting(0..<taskMetrics)
    task.measure(sim, into: &own)
    var effort = metrics._mutatingExtracting(taskMetrics..<metrics.count)
    meter?.write(sim, into: &effort)
  }

  // MARK: Saving

  public func save(to writer: inout StateWriter) {
    writer.write(stepsTaken)
    writer.write(isFaulted)
    var values: [Double] = []
    sim.snapshot(into: &values)
    writer.write(values)
    writer.write(sim.action)
    task.save(to: &writer)
    disturber?.save(to: &writer)
    meter?.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    stepsTaken = try reader.readInt(in: 0...spec.episodeSteps)
    let wasFaulted = isFaulted
    isFaulted = try reader.readBool()
    let values = try reader.readDoubles(count: sim.snapshotCount)
    let action = try reader.readFloats(count: sim.action.count)
    if isFaulted || wasFaulted { sim = try Simulation(model) }
    if !isFaulted { try sim.restore(values.span, action: action) }
    try task.restore(from: &reader)
    try disturber?.restore(from: &reader)
    try meter?.restore(from: &reader)
  }
}

private func isFinite(_ values: Span<Float>) -> Bool {
  // Not-a-number and infinity survive the multiplication, everything else becomes zero.
  var sum: Float = 0
  for i in values.indices { sum += 0 * values[i] }
  return sum == 0
}
