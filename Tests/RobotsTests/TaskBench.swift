import Environments
import Physics
import Robotics

/// A robot and its task, which can be placed in any state and read by names.
struct TaskBench<Task: RobotTask>: ~Copyable {
  var sim: Simulation
  var task: Task
  private var random: Random
  private let slices: [ObservationSlice]
  private let rewardTerms: [String]
  /// How rows and actions change in a mirror.
  private let symmetry: Symmetry?

  init(_ robot: some Robot, _ task: Task, seed: UInt64 = 1) throws {
    let model = try RobotModel(robot)
    var task = task
    var sim = try Simulation(model)
    var random = Random(seed: seed)
    try task.prepare(for: model)
    try task.begin(&sim, using: &random)
    var observations = ObservationCursor()
    var rewards = RewardCursor()
    let nothing: [Float] = []
    var empty = nothing
    var row = empty.mutableSpan
    task.observe(sim, &observations, into: &row)
    let idle = Array(repeating: Float(0), count: model.actuatedAxes.count)
    var copy = task
    _ = copy.evaluateStep(sim, action: idle.span, &rewards)
    // Before anything of `self` is set: a noncopyable value cannot be given up halfway.
    let symmetry = try model.symmetry(of: observations)
    slices = observations.sortedRecords.map(\.slice)
    rewardTerms = rewards.names
    self.symmetry = symmetry
    self.random = random
    self.task = task
    self.sim = sim
  }

  mutating func begin() throws { try task.begin(&sim, using: &random) }

  /// The whole row.
  var row: [Float] {
    var cursor = ObservationCursor(placing: slices)
    var values = Array(repeating: Float(0), count: slices.reduce(0) { $0 + $1.count })
    var row = values.mutableSpan
    task.observe(sim, &cursor, into: &row)
    return values
  }

  /// The columns of the slice called `name`, in its unit.
  func seen(_ name: String) -> [Double] {
    let values = row
    var start = 0
    for slice in slices {
      if slice.name == name { return values[start..<start + slice.count].map { Double($0) / slice.scale } }
      start += slice.count
    }
    return []
  }

  /// The same as a vector; what it lacks is 0.
  func seenVector(_ name: String) -> Vector3 {
    let values = seen(name)
    return [values[0], values[1], values.count > 2 ? values[2] : 0]
  }

  /// Takes a control step and returns its reward by term.
  @discardableResult
  mutating func step(_ action: [Float]) throws -> [String: Double] {
    try sim.step(action.span)
    return evaluateStep(action)
  }

  /// The reward, by term, for where the robot is now.
  mutating func evaluateStep(_ action: [Float]) -> [String: Double] {
    var rewards = RewardCursor(terms: rewardTerms)
    _ = task.evaluateStep(sim, action: action.span, &rewards)
    return Dictionary(uniqueKeysWithValues: zip(rewards.names, rewards.values.map(Double.init)))
  }

  /// How far, at most, the row of `image` is from the mirror image of this one while both move, mirrored, for 15 steps;
  /// infinite without a symmetry.
  mutating func deviation(from image: inout TaskBench) throws -> Float {
    guard let symmetry else { return .infinity }
    func mirror(_ values: [Float], by sources: [Symmetry.Source]) -> [Float] {
      var result = values
      var span = result.mutableSpan
      Symmetry.mirror(values.span, by: sources, into: &span)
      return result
    }
    var greatest: Float = 0
    for _ in 0..<15 {
      for (here, there) in zip(mirror(row, by: symmetry.observation), image.row) {
        greatest = max(greatest, abs(here - there))
      }
      let action = sim.model.actuatedAxes.map { _ in Float(random.uniform(-0.7...0.7)) }
      try step(action)
      try image.step(mirror(action, by: symmetry.action))
    }
    return greatest
  }

  var metrics: [String: Double] {
    var cursor = MetricCursor(task.metrics)
    task.measure(sim, into: &cursor)
    return Dictionary(uniqueKeysWithValues: zip(task.metrics, cursor.values))
  }
}
