import Environments
import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Applies domain randomization to one env: draws it for each episode, and delays actions, pushes the robot and adds noise.
struct DomainRandomizer: Sendable {
  /// A random stream apart from the one that the task draws from with the same seed.
  private static let stream: UInt64 = 0xD157_0B3D

  private let randomization: DomainRandomization
  private let policyColumns: Range<Int>
  /// For each column that the policy reads, the noise of a level of 1.
  private let noiseUnits: [Float]
  private let actionCount: Int
  private let physics: PhysicsSettings

  private var random = Random(seed: 0)
  /// Of this episode.
  private var push = 0.0
  private var noise = 0.0
  /// From an action to its effect, in physics steps.
  private var delay = 0
  /// Control steps.
  private var stepsToPush = 0
  /// The last actions, a row each, in a ring.
  private var history: [Float]
  /// The row of the last action.
  private var newest = 0

  /// - Parameter noise: for each column of the observation, the noise of its sensor as the task declares it.
  /// - Throws: `RobotError` for ranges out of bounds or that cannot apply to this robot.
  init(_ randomization: DomainRandomization, model: RobotModel, noise: [Float], policyColumns: Range<Int>) throws {
    try randomization.validate(for: model, columns: policyColumns.count)
    noiseUnits = randomization.noiseUnits.isEmpty ? Array(noise[policyColumns]) : randomization.noiseUnits
    self.randomization = randomization
    self.policyColumns = policyColumns
    actionCount = model.actuatedAxes.count
    physics = model.physics
    history = []
    // The actions of the longest delay, the one in effect when it began and the present one.
    let rows = longestDelay / physics.substeps + 2
    history = Array(repeating: 0, count: rows * actionCount)
  }

  private var longestDelay: Int { physicsSteps(randomization.latency.upperBound) }
  private func physicsSteps(_ seconds: Double) -> Int { Int((seconds / physics.substep).rounded()) }
  private var pushSteps: Int { max(1, Int((randomization.pushInterval / physics.controlInterval).rounded())) }

  /// Draws the randomization of the episode that starts from `seed`, and changes the robot and its ground accordingly.
  mutating func begin(_ sim: inout Simulation, seed: UInt64) {
    random = Random(seed: seed, stream: Self.stream)
    let randomization = randomization.eased(to: sim.difficulty)
    // Always draws all of them, so that one more in use leaves the others unchanged.
    push = random.uniform(randomization.push)
    var scales = Simulation.Scales()
    scales.friction = random.uniform(randomization.friction)
    scales.mass = random.uniform(randomization.mass)
    scales.strength = random.uniform(randomization.strength)
    delay = physicsSteps(random.uniform(randomization.latency))
    noise = random.uniform(randomization.noise)
    stepsToPush = 1 + random.index(below: pushSteps)
    scales.contact = drawLogUniform(randomization.contactStiffness)
    scales.damping = drawLogUniform(randomization.jointDamping)
    sim.scale(by: scales)
    for i in history.indices { history[i] = 0 }
    newest = 0
  }

  /// Takes a control step with `action`.
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
    // The actions of `whole` control steps ago and of the one before each act for a part of this step.
    let (whole, rest) = delay.quotientAndRemainder(dividingBy: physics.substeps)
    let (row, rowBefore) = ((newest - whole + rows) % rows, (newest - whole - 1 + rows) % rows)
    let arrived = history.span.extracting(row * actionCount..<(row + 1) * actionCount)
    guard rest > 0 else { return try sim.step(arrived) }
    try sim.step(
      history.span.extracting(rowBefore * actionCount..<(rowBefore + 1) * actionCount), for: rest, then: arrived)
  }

  /// A factor from `range` with a uniform logarithm. A range of one value is that value to the bit.
  private mutating func drawLogUniform(_ range: ClosedRange<Double>) -> Double {
    let share = random.unit()
    guard range.lowerBound < range.upperBound else { return range.lowerBound }
    let drawn = range.lowerBound * pow(range.upperBound / range.lowerBound, share)
    return min(max(drawn, range.lowerBound), range.upperBound)
  }

  private mutating func drawPush() -> Vector3 {
    let angle = random.uniform(-Double.pi...Double.pi)
    return physics.isPlanar
      ? Vector3(angle < 0 ? -push : push, 0, 0) : Vector3(push * cos(angle), push * sin(angle), 0)
  }

  /// Adds noise to what the policy reads.
  mutating func addNoise(to observation: inout MutableSpan<Float>) {
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

  /// Reads back what `save(to:)` wrote. The factors are part of the simulation's own state.
  mutating func restore(from reader: inout StateReader) throws {
    try random.restore(from: &reader)
    // A value drawn from a range may be rounded up.
    push = try reader.readDouble(in: 0...randomization.push.upperBound.nextUp)
    noise = try reader.readDouble(in: 0...randomization.noise.upperBound.nextUp)
    delay = try reader.readInt(in: 0...longestDelay)
    stepsToPush = try reader.readInt(in: 0...pushSteps)
    history = try reader.readFiniteFloats(count: history.count)
    newest = try reader.readInt(in: 0...(history.count / actionCount - 1))
  }
}
