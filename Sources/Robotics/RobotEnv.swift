import Environments
import Physics

/// A robot with a task in a simulation of its own, as an `Env`.
///
/// A simulation that breaks down (not-a-number, an ODE error, absurd speeds) ends its episode as `.faulted`. The env
/// then shows an observation of zeros and is rebuilt for the next episode.
public struct RobotEnv<Task: RobotTask>: Env, ~Copyable {
  public let spec: EnvSpec
  public let symmetry: Symmetry?
  public var difficulty = 1.0
  let model: RobotModel
  private var sim: Simulation
  private var task: Task
  private var observationCursor: ObservationCursor
  private var rewardCursor: RewardCursor
  private var clamped: [Float]
  private var stepsTaken = 0
  /// Why the simulation cannot go on, if so.
  public private(set) var faultReason: String?
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
    let records = observations.sortedRecords
    let spec = try EnvSpec(
      observations: records.map { record in
        var slice = record.slice
        slice.columns = model.columnNames(record.mirroring)
        return slice
      },
      actions: model.actionChannels,
      controlInterval: model.stepping.controlInterval, episodeSteps: Int(steps),
      rewardTerms: rewards.names, endings: task.endings,
      metrics: task.metrics + (measuresEffort ? EffortMeter.names(for: model) : []))
    let disturber =
      try disturbances.areOff
      ? nil
      : Disturber(
        disturbances, model: model,
        noise: records.flatMap { record in
          Array(repeating: Float(record.noise * abs(record.slice.scale)), count: record.slice.count)
        }, policyColumns: spec.policyColumns)
    self.spec = spec
    self.disturber = disturber
    meter = measuresEffort ? EffortMeter(model) : nil
    taskMetrics = task.metrics.count
    observationCursor = ObservationCursor(placing: observations.records.map(\.slice))
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
      if faultReason != nil {
        sim = try Simulation(model)
        faultReason = nil
      }
      sim.difficulty = min(max(difficulty, 0), 1)
      disturber?.begin(&sim, seed: seed)
      try task.begin(&sim, using: &random)
    } catch {
      faultReason = "\(error)"
      return clear(&observation)
    }
    meter?.begin()
    observationCursor.rewind()
    task.observe(sim, &observationCursor, into: &observation)
    disturber?.blur(&observation)
  }

  public mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    stepsTaken += 1
    if faultReason != nil { return fault(showing: &observation) }
    // Moved out while in use, so that its span and calls on `self` do not overlap.
    var clamped = exchange(&self.clamped, with: [])
    defer { self.clamped = clamped }
    for i in clamped.indices { clamped[i] = min(max(action[i], -1), 1) }
    do {
      if disturber == nil { try sim.step(clamped.span) } else { try disturber?.step(&sim, clamped.span) }
    } catch {
      faultReason = "\(error)"
      return fault(showing: &observation)
    }
    meter?.update(sim, action: clamped.span)
    rewardCursor.rewind()
    let ending = task.judge(sim, action: clamped.span, &rewardCursor)
    observationCursor.rewind()
    task.observe(sim, &observationCursor, into: &observation)
    disturber?.blur(&observation)
    let isOutOfTime = ending == .running && stepsTaken >= spec.episodeSteps
    return Transition(reward: rewardCursor.total, ending: isOutOfTime ? .truncated : ending)
  }

  private mutating func fault(showing observation: inout MutableSpan<Float>) -> Transition {
    rewardCursor.clear()
    clear(&observation)
    return Transition(reward: 0, ending: .faulted)
  }

  private func clear(_ observation: inout MutableSpan<Float>) {
    for i in observation.indices { observation[i] = 0 }
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

  // MARK: Showing

  /// Where everything stands now, and what can be read off.
  var frame: Recording.Frame {
    var readings = sim.readings
    readings.rewards = stepsTaken > 0 ? rewardCursor.values : []
    readings.aims = task.aims(sim)
    return Recording.Frame(poses: sim.bodyPoses, markers: task.markers(sim), readings: readings)
  }

  /// A recording without a frame as yet.
  var emptyRecording: Recording {
    var actuators: [Recording.Channel] = []
    for (index, axis) in model.actuatedAxes.enumerated() {
      let limit = sim.torqueLimit(ofActuator: index)
      actuators.append(
        Recording.Channel(
          model.axes[axis].name, unit: model.isSliding(axis: axis) ? "N" : "N·m", range: -limit...limit))
    }
    return Recording(
      robot: model.name,
      parts: (model.links + model.props).map {
        Recording.Part(name: $0.link.name, parent: $0.parent, colliders: $0.link.colliders)
      }, ground: sim.ground, interval: spec.controlInterval, rewardTerms: spec.rewardTerms,
      axes: model.axes.indices.map {
        Recording.Channel(
          model.axes[$0].name, unit: model.isSliding(axis: $0) ? "m" : "rad", range: model.axes[$0].range)
      }, actuators: actuators)
  }

  // MARK: Saving

  public func save(to writer: inout StateWriter) {
    writer.write(stepsTaken)
    writer.write(faultReason != nil)
    writer.write([difficulty, sim.difficulty])
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
    let wasFaulted = faultReason != nil
    let isFaulted = try reader.readBool()
    faultReason = isFaulted ? "the simulation was saved after it broke down" : nil
    let difficulties = try reader.readDoubles(count: 2)
    for value in difficulties where !(0...1).contains(value) {
      throw StateError.mismatch("a difficulty of \(value) where 0.0...1.0 is possible")
    }
    let permitted = reader.permitsNonFinite
    // The episode is over, and the next begins anew.
    if isFaulted { reader.permitsNonFinite = true }
    defer { reader.permitsNonFinite = permitted }
    let values = try reader.readDoubles(count: sim.snapshotCount)
    let action = try reader.readFiniteFloats(count: sim.action.count)
    if isFaulted || wasFaulted { sim = try Simulation(model) }
    if !isFaulted { try sim.restore(values.span, action: action) }
    (difficulty, sim.difficulty) = (difficulties[0], difficulties[1])
    try task.restore(from: &reader)
    try disturber?.restore(from: &reader)
    try meter?.restore(from: &reader)
  }
}
