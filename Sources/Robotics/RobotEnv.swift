import Environments
import Physics

/// A robot with a task in a simulation of its own, as an `Env`.
///
/// A simulation that fails (not-a-number, an ODE error, absurd speeds) ends its episode as `.faulted`. The env then shows
/// an observation of zeros and is rebuilt for the next episode. What the task does wrong, such as naming an observation
/// that it has not named in the first step, ends the episode in the same way and is reported by `defect`.
public struct RobotEnv<Task: RobotTask>: Env, ~Copyable {
  public let spec: EnvSpec
  public let symmetry: Symmetry?
  public var difficulty = 1.0
  let model: RobotModel
  private var sim: Simulation
  private var task: Task
  private var observationCursor: ObservationCursor
  private var rewardCursor: RewardCursor
  private var metricCursor: MetricCursor
  private var clamped: [Float]
  private var stepsTaken = 0
  /// Why the simulation failed; nil if it did not.
  public private(set) var faultReason: String?
  /// What is wrong with the task, so that no other episode will do.
  public private(set) var defect: String?
  private var randomizer: DomainRandomizer?
  /// Measure effort and the simulation's errors, where requested.
  private var meters: (effort: EffortMeter, errors: PhysicsErrorMeter)?
  /// How many of the spec's metrics are the task's own; the meters' follow them.
  private let taskMetrics: Int

  /// - Parameters:
  ///   - randomization: how the robot and its surroundings differ from what is declared.
  ///   - measuresEffort: whether the spec's metrics go on, behind the task's own, with what every robot's actuators can
  ///     be measured by, `effort/energy_j`, `effort/JOINT/torque_nm` and the like, and with the errors of the
  ///     simulation, such as `physics/penetration_m`.
  /// - Throws: `RobotError`, `PhysicsError` or `EnvError` if robot, task and randomization do not fit together.
  public init(
    _ robot: some Robot, _ task: Task, randomization: DomainRandomization = DomainRandomization(),
    measuresEffort: Bool = false
  ) throws {
    try self.init(RobotModel(robot), task, randomization: randomization, measuresEffort: measuresEffort)
  }

  init(
    _ model: RobotModel, _ task: Task, randomization: DomainRandomization = DomainRandomization(),
    measuresEffort: Bool = false
  ) throws {
    var task = task
    var sim = try Simulation(model, measuresContactForces: task.measuresContactForces)
    let before = UserCode.enter(.prepare)
    defer { UserCode.leave(to: before) }
    try task.prepare(for: model)
    var random = Random(seed: 0)
    _ = UserCode.enter(.begin, step: 0)
    try task.begin(&sim, using: &random)
    var observations = ObservationCursor()
    var rewards = RewardCursor()
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    _ = UserCode.enter(.observe, step: 0)
    task.observe(sim, &observations, into: &row)
    _ = UserCode.enter(.evaluateStep, step: 0)
    let idle = Array(repeating: Float(0), count: model.actuatedAxes.count)
    _ = task.evaluateStep(sim, action: idle.span, &rewards)
    UserCode.leave(to: before)
    if let problem = sim.misuse.problem { throw RobotError("\(model.name): \(problem)") }
    for record in observations.records where !(record.noise >= 0 && record.noise.isFinite) {
      throw RobotError(
        "\(model.name): observation '\(printable(record.slice.name))' has a noise of \(record.noise); it must be finite "
          + "and at least 0")
    }
    for name in task.metrics where name.hasPrefix(EffortMeter.prefix) {
      throw RobotError(
        "\(model.name): the metric '\(printable(name))' begins with '\(EffortMeter.prefix)', which is for what every "
          + "robot's actuators are measured by")
    }
    let steps = (task.episodeSeconds / model.physics.controlInterval).rounded()
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
      controlInterval: model.physics.controlInterval, episodeSteps: Int(steps),
      rewardTerms: rewards.names, endings: task.endings,
      metrics: task.metrics + (measuresEffort ? EffortMeter.names(for: model) + PhysicsErrorMeter.names : []))
    let randomizer =
      try randomization.isOff
      ? nil
      : DomainRandomizer(
        randomization, model: model,
        noise: records.flatMap { record in
          Array(repeating: Float(record.noise * abs(record.slice.scale)), count: record.slice.count)
        }, policyColumns: spec.policyColumns)
    self.spec = spec
    self.randomizer = randomizer
    meters = measuresEffort ? (EffortMeter(model), PhysicsErrorMeter()) : nil
    sim.measuresErrors = measuresEffort
    taskMetrics = task.metrics.count
    observationCursor = ObservationCursor(placing: observations.records.map(\.slice))
    rewardCursor = RewardCursor(terms: rewards.names)
    metricCursor = MetricCursor(task.metrics)
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
        try rebuild()
        faultReason = nil
      }
      sim.difficulty = min(max(difficulty, 0), 1)
      randomizer?.begin(&sim, seed: seed)
      let before = UserCode.enter(.begin, step: 0)
      defer { UserCode.leave(to: before) }
      try task.begin(&sim, using: &random)
    } catch {
      faultReason = "\(error)"
      return clear(&observation)
    }
    meters?.effort.begin()
    meters?.errors.begin()
    observe(into: &observation)
    if findDefect() { clear(&observation) }
  }

  public mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    stepsTaken += 1
    if faultReason != nil { return fault(showing: &observation) }
    guard action.count == clamped.count else {
      setDefect("an action of \(action.count) components was given; \(model.name) has \(clamped.count)")
      return fault(showing: &observation)
    }
    // Moved out while in use, so that its span and calls on `self` do not overlap.
    var clamped = exchange(&self.clamped, with: [])
    defer { self.clamped = clamped }
    for i in clamped.indices { clamped[i] = min(max(action[i], -1), 1) }
    let beforeStep = UserCode.enter(.disturb, step: stepsTaken)
    task.disturb(&sim)
    UserCode.leave(to: beforeStep)
    do {
      if randomizer == nil { try sim.step(clamped.span) } else { try randomizer?.step(&sim, clamped.span) }
    } catch {
      faultReason = "\(error)"
      return fault(showing: &observation)
    }
    meters?.effort.update(sim, action: clamped.span)
    meters?.errors.update(sim)
    rewardCursor.rewind()
    let before = UserCode.enter(.evaluateStep, step: stepsTaken)
    let ending = task.evaluateStep(sim, action: clamped.span, &rewardCursor)
    UserCode.leave(to: before)
    observe(into: &observation)
    if findDefect(ending) { return fault(showing: &observation) }
    let isOutOfTime = ending == .running && stepsTaken >= spec.episodeSteps
    return Transition(reward: rewardCursor.total, ending: isOutOfTime ? .truncated : ending)
  }

  private mutating func observe(into observation: inout MutableSpan<Float>) {
    observationCursor.rewind()
    let before = UserCode.enter(.observe, step: stepsTaken)
    task.observe(sim, &observationCursor, into: &observation)
    UserCode.leave(to: before)
    observationCursor.end()
    randomizer?.addNoise(to: &observation)
  }

  /// Looks whether the task has done anything that no task may do.
  private mutating func findDefect(_ ending: Ending = .running) -> Bool {
    if let problem = rewardCursor.problem ?? observationCursor.problem ?? metricCursor.problem ?? sim.misuse.problem {
      setDefect(problem)
    } else if case .terminated(let reason) = ending, !spec.endings.indices.contains(reason) {
      setDefect(spec.sentence(ofUnnamed: reason, from: "evaluateStep", declaredIn: "the task"))
    }
    guard let defect else { return false }
    faultReason = defect
    return true
  }

  private mutating func setDefect(_ problem: String) {
    let place = stepsTaken == 0 ? "at the start of an episode" : "in step \(stepsTaken) of an episode"
    if defect == nil { defect = "\(place), \(problem)" }
    faultReason = defect
  }

  private mutating func fault(showing observation: inout MutableSpan<Float>) -> Transition {
    rewardCursor.clear()
    clear(&observation)
    return Transition(reward: 0, ending: .faulted)
  }

  private mutating func rebuild() throws {
    sim = try Simulation(model, measuresContactForces: task.measuresContactForces)
    sim.measuresErrors = meters != nil
  }

  private func clear(_ observation: inout MutableSpan<Float>) {
    for i in observation.indices { observation[i] = 0 }
  }

  public func readRewardTerms(into terms: inout MutableSpan<Float>) {
    for i in terms.indices { terms[i] = rewardCursor.values[i] }
  }

  public mutating func readMetrics(into metrics: inout MutableSpan<Double>) {
    metricCursor.rewind()
    let before = UserCode.enter(.measure, step: stepsTaken)
    task.measure(sim, into: &metricCursor)
    UserCode.leave(to: before)
    // The episode is over, so the defect shows in the next step or after the last metrics are read.
    if let problem = metricCursor.problem ?? sim.misuse.problem { setDefect(problem) }
    for i in 0..<taskMetrics { metrics[i] = metricCursor.values[i] }
    guard let meters else { return }
    let errorStart = metrics.count - PhysicsErrorMeter.names.count
    var effort = metrics._mutatingExtracting(taskMetrics..<errorStart)
    meters.effort.write(sim, into: &effort)
    var errors = metrics._mutatingExtracting(errorStart..<metrics.count)
    meters.errors.write(into: &errors)
  }

  // MARK: Showing

  /// The observation's slices in the order in which the task writes them.
  var recordedSlices: [ObservationSlice] { observationCursor.records.map(\.slice) }
  /// Metrics that no episode has written so far.
  package var neverWrittenMetrics: [String] { metricCursor.neverWritten }

  /// The present frame.
  var frame: Recording.Frame {
    let before = UserCode.enter(.show, step: stepsTaken)
    defer { UserCode.leave(to: before) }
    var readings = sim.readings
    readings.rewards = stepsTaken > 0 ? rewardCursor.values : []
    readings.quantities = task.trackedQuantities(sim)
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
      parts: (model.links + model.props).enumerated().map { index, flat in
        Recording.Part(
          name: flat.link.name, parent: flat.parent, colliders: flat.link.colliders,
          decorations: flat.link.decorations + (index < model.links.count ? model.wheelMarks(of: index) : []))
      }, ground: sim.ground, interval: spec.controlInterval, rewardTerms: spec.rewardTerms,
      axes: model.axes.indices.map {
        Recording.Channel(
          model.axes[$0].name, unit: model.isSliding(axis: $0) ? "m" : "rad", range: model.axes[$0].range)
      }, actuators: actuators, isFloating: model.isFloating, scenery: model.scenery)
  }

  // MARK: Steering

  var steeringLimits: SteeringLimits? { task.steeringLimits }
  mutating func steer(_ steering: Steering?) { task.steer(steering) }

  /// Applies an impulse (N·s) to a link or a prop, given by its number among the recording's parts.
  mutating func push(part: Int, by impulse: Vector3) { sim.push(LinkID(index: part), by: impulse) }

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
    randomizer?.save(to: &writer)
    meters?.effort.save(to: &writer)
    meters?.errors.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    stepsTaken = try reader.readInt(in: 0...spec.episodeSteps)
    let wasFaulted = faultReason != nil
    let isFaulted = try reader.readBool()
    faultReason = isFaulted ? "the simulation was saved after it failed" : nil
    let difficulties = try reader.readDoubles(count: 2)
    for value in difficulties where !(0...1).contains(value) {
      throw StateError.mismatch("a difficulty of \(value) where 0.0...1.0 is possible")
    }
    let permitted = reader.permitsNonFinite
    // The episode is over, and the next one rebuilds the simulation.
    if isFaulted { reader.permitsNonFinite = true }
    defer { reader.permitsNonFinite = permitted }
    let values = try reader.readDoubles(count: sim.snapshotCount)
    let action = try reader.readFiniteFloats(count: sim.action.count)
    if isFaulted || wasFaulted { try rebuild() }
    if !isFaulted { try sim.restore(values.span, action: action) }
    (difficulty, sim.difficulty) = (difficulties[0], difficulties[1])
    try task.restore(from: &reader)
    try randomizer?.restore(from: &reader)
    try meters?.effort.restore(from: &reader)
    try meters?.errors.restore(from: &reader)
  }
}
