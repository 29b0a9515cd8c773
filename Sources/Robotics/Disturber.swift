import Environments
import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Carries out disturbances in one env: draws them for each episode, and stands between the policy and the robot.
struct Disturber: Sendable {
  /// Keeps what is drawn here apart from what the task draws from the same seed.
  private static let stream: UInt64 = 0xD157_0B3D

  private let disturbances: Disturbances
  private let policyColumns: Range<Int>
  /// For each column that the policy reads, what a noise of 1 stands for there.
  private let noiseUnits: [Float]
  private let actionCount: Int
  private let stepping: Stepping

  private var random = Random(seed: 0)
  /// Of this episode.
  private var push = 0.0
  private var noise = 0.0
  /// From an action to its effect, in physics steps.
  private var delay = 0
  /// Control steps.
  private var stepsToPush = 0
  /// The actions that were asked for last, a row each, in a ring.
  private var history: [Float]
  /// The row of the last of them.
  private var newest = 0

  /// - Parameter noise: for each column of the observation, the noise of its sensor as the task declares it.
  /// - Throws: `RobotError` for disturbances that are out of range or cannot happen to this robot.
  init(_ disturbances: Disturbances, model: RobotModel, noise: [Float], policyColumns: Range<Int>) throws {
    try disturbances.validate(for: model, columns: policyColumns.count)
    noiseUnits = disturbances.noiseUnits.isEmpty ? Array(noise[policyColumns]) : disturbances.noiseUnits
    self.disturbances = disturbances
    self.policyColumns = policyColumns
    actionCount = model.actuatedAxes.count
    stepping = model.stepping
    history = []
    // The longest delay's actions, the one under way when it began and the present one.
    let rows = longestDelay / stepping.substeps + 2
    history = Array(repeating: 0, count: rows * actionCount)
  }

  private var longestDelay: Int { physicsSteps(disturbances.latency.upperBound) }
  private func physicsSteps(_ seconds: Double) -> Int { Int((seconds / stepping.substep).rounded()) }
  private var pushSteps: Int { max(1, Int((disturbances.pushInterval / stepping.controlInterval).rounded())) }

  /// Draws the disturbances of the episode that starts from `seed`, and changes the robot and its ground accordingly.
  mutating func begin(_ sim: inout Simulation, seed: UInt64) {
    random = Random(seed: seed, stream: Self.stream)
    let disturbances = disturbances.eased(to: sim.difficulty)
    // Always all of them, so that one more in use leaves the others as they were.
    push = random.uniform(disturbances.push)
    var scales = Simulation.Scales()
    scales.friction = random.uniform(disturbances.friction)
    scales.mass = random.uniform(disturbances.mass)
    scales.strength = random.uniform(disturbances.strength)
    delay = physicsSteps(random.uniform(disturbances.latency))
    noise = random.uniform(disturbances.noise)
    stepsToPush = 1 + random.index(below: pushSteps)
    scales.contact = drawEvenlyOverLogarithm(disturbances.contactStiffness)
    scales.damping = drawEvenlyOverLogarithm(disturbances.jointDamping)
    sim.scale(by: scales)
    for i in history.indices { history[i] = 0 }
    newest = 0
  }

  /// Takes a control step in which `action` was asked for.
  mutating func step(_ sim: inout Simulation, _ action: Span<Float>) throws(PhysicsError) {
    if push > 0 {
      if stepsToPush == 0 {
        sim.push(by: drawPush())
        stepsToPush = pushSteps
      }
      stepsToPush -= 1
    }
    guard delay > 0 else { return try sim.step(action) }
    let rows = history.count / actionCount
    newest = (newest + 1) % rows
    for i in 0..<actionCount { history[newest * actionCount + i] = action[i] }
    // Of the actions asked for `whole` control steps ago and the one before, each has its part of this one.
    let (whole, rest) = delay.quotientAndRemainder(dividingBy: stepping.substeps)
    let (row, rowBefore) = ((newest - whole + rows) % rows, (newest - whole - 1 + rows) % rows)
    let arrived = history.span.extracting(row * actionCount..<(row + 1) * actionCount)
    guard rest > 0 else { return try sim.step(arrived) }
    try sim.step(
      history.span.extracting(rowBefore * actionCount..<(rowBefore + 1) * actionCount), for: rest, then: arrived)
  }

  /// A factor from `range`, as likely to halve as to double. A range of one value is that value to the bit.
  private mutating func drawEvenlyOverLogarithm(_ range: ClosedRange<Double>) -> Double {
    let share = random.unit()
    guard range.lowerBound < range.upperBound else { return range.lowerBound }
    let drawn = range.lowerBound * pow(range.upperBound / range.lowerBound, share)
    return min(max(drawn, range.lowerBound), range.upperBound)
  }

  private mutating func drawPush() -> Vector3 {
    let angle = random.uniform(-Double.pi...Double.pi)
    return stepping.isPlanar
      ? Vector3(angle < 0 ? -push : push, 0, 0) : Vector3(push * cos(angle), push * sin(angle), 0)
  }

  /// Adds noise to what the policy reads.
  mutating func blur(_ observation: inout MutableSpan<Float>) {
    guard noise > 0 else { return }
    for (i, column) in policyColumns.enumerated() {
      observation[column] += Float(noise * Double(noiseUnits[i]) * random.normal())
    }
  }

  // MARK: Saving

  func save(to writer: inout StateWriter) {
    random.save(to: &writer)
    writer.write(push)
    writer.write(noise)
    writer.write(delay)
    writer.write(stepsToPush)
    writer.write(history)
    writer.write(newest)
  }

  /// Reads back what `save(to:)` wrote. What the simulation was scaled by is part of its own state.
  mutating func restore(from reader: inout StateReader) throws {
    try random.restore(from: &reader)
    // What is drawn from a range may be rounded up.
    push = try reader.readDouble(in: 0...disturbances.push.upperBound.nextUp)
    noise = try reader.readDouble(in: 0...disturbances.noise.upperBound.nextUp)
    delay = try reader.readInt(in: 0...longestDelay)
    stepsToPush = try reader.readInt(in: 0...pushSteps)
    history = try reader.readFiniteFloats(count: history.count)
    newest = try reader.readInt(in: 0...(history.count / actionCount - 1))
  }
}
