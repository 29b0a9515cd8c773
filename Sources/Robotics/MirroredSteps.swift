import Environments
import Physics

/// Control steps of a robot beside their mirror images: the mirrored state, under the mirrored action.
///
/// Each step starts from a state of the episode that is placed afresh on both sides, so that what contacts do to two
/// worlds does not add up.
package struct MirroredSteps: Sendable {
  /// What one step gave and what its mirror image gave.
  package struct Step: Sendable {
    /// The mirror image of what the one shows, and what the other shows: before the step and after it.
    package var before: (expected: [Float], found: [Float])
    package var after: (expected: [Float], found: [Float])
    /// Terms of the reward, which a mirror does not change.
    package var terms: (expected: [Float], found: [Float])
    package var endings: (expected: Ending, found: Ending)
  }

  package private(set) var steps: [Step] = []
  /// For each column, and for each term, whether it depends on what the task remembers as well as on the robot.
  package private(set) var columnsWithMemory: [Bool]
  package private(set) var termsWithMemory: [Bool]
  /// Whether the task turns what it remembers into its mirror image.
  package private(set) var isMemoryMirrored = false

  /// Plays `episodes` episodes of at most `length` random actions.
  ///
  /// - Returns: nil where the robot or its task declares no symmetry.
  package init?(
    _ robot: some Robot, _ task: some RobotTask, episodes: Int = 10, length: Int = 30, seed: UInt64
  ) throws {
    let model = try RobotModel(robot)
    let env = try RobotEnv(model, task)
    guard let symmetry = env.symmetry, let bodies = model.mirroredBodies else { return nil }
    columnsWithMemory = Array(repeating: false, count: env.spec.observationCount)
    termsWithMemory = Array(repeating: false, count: env.spec.rewardTerms.count)
    var player = try Player(
      model, env.spec, symmetry, bodies, slices: env.recordedSlices, measuresForces: task.measuresContactForces)
    var task = task
    try task.prepare(for: model)
    for episode in 0..<episodes {
      var random = Random(seed: seed, stream: UInt64(episode))
      var (played, other) = (task, task)
      try other.begin(&player.here, using: &random)
      try played.begin(&player.main, using: &random)
      for _ in 0..<length {
        // A task whose simulation fails here fails in other checks as well, which report it.
        guard let step = try? player.step(&played, other, &random) else { break }
        isMemoryMirrored = isMemoryMirrored || player.isMemoryMirrored
        for i in columnsWithMemory.indices where player.columnsWithMemory[i] { columnsWithMemory[i] = true }
        for i in termsWithMemory.indices where player.termsWithMemory[i] { termsWithMemory[i] = true }
        steps.append(step)
        if player.isOver { break }
      }
    }
  }
}

/// Three simulations: the episode's own, and one on either side of the mirror.
private struct Player: ~Copyable {
  var main: Simulation
  var here: Simulation
  private var there: Simulation
  private let spec: EnvSpec
  private let symmetry: Symmetry
  private let bodies: [Int]
  private let slices: [ObservationSlice]
  private var action: [Float]
  /// Of the last step.
  private(set) var columnsWithMemory: [Bool] = []
  private(set) var termsWithMemory: [Bool] = []
  private(set) var isMemoryMirrored = false
  private(set) var isOver = false

  /// - Parameter measuresForces: whether the task asks for contact forces.
  init(
    _ model: RobotModel, _ spec: EnvSpec, _ symmetry: Symmetry, _ bodies: [Int], slices: [ObservationSlice],
    measuresForces: Bool
  ) throws {
    // Before anything of `self` is set: a noncopyable value cannot be given up halfway.
    let main = try Simulation(model, measuresContactForces: measuresForces)
    let here = try Simulation(model, measuresContactForces: measuresForces)
    let there = try Simulation(model, measuresContactForces: measuresForces)
    self.main = main
    self.here = here
    self.there = there
    self.spec = spec
    self.symmetry = symmetry
    self.bodies = bodies
    self.slices = slices
    action = Array(repeating: 0, count: spec.actionCount)
  }

  /// - Parameter other: the same task at the start of another episode, to separate what it remembers from what it observes.
  mutating func step<Task: RobotTask>(
    _ task: inout Task, _ other: Task, _ random: inout Random
  ) throws -> MirroredSteps.Step {
    let same = symmetry.action.indices.map { (index: $0, sign: Float(1)) }
    here.place(as: main, mirroredBy: nil, actions: same)
    there.place(as: main, mirroredBy: bodies, actions: symmetry.action.map { (index: $0.index, sign: $0.sign) })
    var (left, right, stranger) = (task, task, other)
    right.mirror(for: main.model)
    isMemoryMirrored = saved(right) != saved(task)
    let before = (row(left, here), row(right, there))
    columnsWithMemory = differences(before.0, row(stranger, here))
    // Actions that change slowly move the robot farther than those that do not.
    var action = exchange(&self.action, with: [])
    defer { self.action = action }
    for i in action.indices { action[i] = min(max(0.7 * action[i] + Float(random.uniform(-0.7...0.7)), -1), 1) }
    let mirrored = mirror(action, by: symmetry.action)
    left.disturb(&here)
    right.disturb(&there)
    try here.step(action.span)
    try there.step(mirrored.span)
    var terms = (RewardCursor(terms: spec.rewardTerms), RewardCursor(terms: spec.rewardTerms))
    let endings = (
      left.evaluateStep(here, action: action.span, &terms.0), right.evaluateStep(there, action: mirrored.span, &terms.1)
    )
    var strange = RewardCursor(terms: spec.rewardTerms)
    _ = stranger.evaluateStep(here, action: action.span, &strange)
    termsWithMemory = differences(terms.0.values, strange.values)
    let after = (row(left, here), row(right, there))
    task.disturb(&main)
    try main.step(action.span)
    var unused = RewardCursor(terms: spec.rewardTerms)
    isOver = task.evaluateStep(main, action: action.span, &unused).isOver
    return MirroredSteps.Step(
      before: (mirror(before.0, by: symmetry.observation), before.1),
      after: (mirror(after.0, by: symmetry.observation), after.1), terms: (terms.0.values, terms.1.values),
      endings: endings)
  }

  private func row(_ task: some RobotTask, _ sim: borrowing Simulation) -> [Float] {
    var cursor = ObservationCursor(placing: slices)
    var values = Array(repeating: Float(0), count: spec.observationCount)
    var row = values.mutableSpan
    task.observe(sim, &cursor, into: &row)
    return values
  }

  private func saved(_ task: some RobotTask) -> [UInt8] {
    var writer = StateWriter()
    task.save(to: &writer)
    return writer.bytes
  }

  private func differences(_ a: [Float], _ b: [Float]) -> [Bool] { zip(a, b).map { $0.bitPattern != $1.bitPattern } }

  private func mirror(_ values: [Float], by sources: [Symmetry.Source]) -> [Float] {
    sources.map { $0.sign * values[$0.index] }
  }
}
