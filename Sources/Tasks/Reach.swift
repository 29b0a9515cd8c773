import Environments
import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bring the tip of an arm to a point in space and hold it there.
///
/// Targets are drawn from a part of the workspace that is given, or from all that the tip can reach.
public struct Reach: RobotTask {
  public let summary = "brings its tip to a point drawn from its workspace and holds it there"
  public let episodeSeconds = 4.0
  public let endings: [String] = []
  public let metrics = ["final_error_m", "within_3cm"]
  public let success = Success.metric("within_3cm", in: 1...1)

  /// The link whose point `tip` (in its frame) is to reach the target.
  let hand: String
  let tip: Vector3
  private let targets: Targets
  /// What an arm's own heading is about: 1 where its first axis turns about the vertical, −1 where it does so the other way
  /// round, 0 where it does not.
  private var headingSign = 0.0
  /// The range of each axis from which targets that it can reach are drawn.
  private var ranges: [ClosedRange<Double>] = []

  /// Where targets are.
  private enum Targets: Sendable {
    /// Uniform by volume in a spherical shell of the given radii, cut off by a floor and by a wedge behind the robot.
    case shell(center: Vector3, radii: ClosedRange<Double>, floor: Double, halfAngle: Double)
    /// Where the tip is in poses drawn from a share of each axis' range.
    case reachable(share: Double)
  }

  private var handLink = LinkID(index: 0)
  package var target = Vector3.zero
  private var previousAction = ActionMemory(count: 0)
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []
  private var finalError = FinalMean()

  /// With targets in a spherical shell around the shoulder.
  ///
  /// - Parameters:
  ///   - center: of the shell, m.
  ///   - radii: inner and outer radius of the shell, m.
  ///   - floor: the lowest target, m above the ground.
  ///   - halfAngle: targets lie within this angle of the x axis, to either side, rad.
  public init(
    hand: String, tip: Vector3, center: Vector3, radii: ClosedRange<Double>, floor: Double, halfAngle: Double
  ) {
    self.hand = hand
    self.tip = tip
    targets = .shell(center: center, radii: radii, floor: floor, halfAngle: halfAngle)
  }

  /// With targets that the arm can reach, clear of the ground and of itself.
  ///
  /// - Parameter share: how far from the neutral towards either stop the axes stand in a target's pose, as a share of that
  ///   way.
  public init(hand: String, tip: Vector3, share: Double) {
    self.hand = hand
    self.tip = tip
    targets = .reachable(share: share)
  }

  public mutating func prepare(for model: RobotModel) throws {
    handLink = try model.link(hand)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
    // A robot that knows nothing but shells turns about the vertical.
    headingSign = 1
    guard case .reachable(let share) = targets else { return }
    let first = model.axes[0].direction
    headingSign = !model.isSliding(axis: 0) && abs(first.z) > 1 - 1e-6 ? (first.z < 0 ? -1 : 1) : 0
    ranges = model.ranges(aroundNeutral: share)
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    target = try drawTarget(for: &sim, using: &random)
    finalError.begin()
    previousAction.begin()
  }

  private mutating func drawTarget(for sim: inout Simulation, using random: inout Random) throws -> Vector3 {
    switch targets {
    case .shell(let center, let radii, let floor, let halfAngle):
      Self.drawTarget(around: center, radii, above: floor, within: halfAngle, using: &random)
    case .reachable:
      try sim.drawClearPose(of: handLink, from: ranges, using: &random, into: &positions).act(on: tip)
    }
  }

  /// A point of a shell, uniform by volume.
  private static func drawTarget(
    around center: Vector3, _ radii: ClosedRange<Double>, above floor: Double, within halfAngle: Double,
    using random: inout Random
  ) -> Vector3 {
    while true {
      // Uniform in the cube around the shell, kept if inside.
      let offset =
        Vector3(random.uniform(-1...1), random.uniform(-1...1), random.uniform(-1...1)) * radii.upperBound
      let point = center + offset
      if radii.contains(offset.length), point.z >= floor, abs(atan2(offset.y, offset.x)) <= halfAngle {
        return point
      }
    }
  }

  private func tipPosition(_ sim: borrowing Simulation) -> Vector3 {
    let pose = sim.pose(of: handLink)
    return pose.position + pose.orientation.act(on: tip)
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let position = tipPosition(sim)
    let error = target - position
    // Seen from the arm's own heading, most of the problem is the same all around the base.
    let toHeading = Quaternion(angle: -headingSign * sim.position(ofAxis: 0), axis: .unitZ)
    cursor.write("error", toHeading.act(on: error), unit: "m", mirroring: .vector, into: &row)
    cursor.write("near error", count: 3, mirroring: .vector, into: &row) { tanh(10 * toHeading.act(on: error)[$0]) }
    cursor.write("target", toHeading.act(on: target), unit: "m", mirroring: .vector, into: &row)
    cursor.write("tip", toHeading.act(on: position), unit: "m", mirroring: .vector, into: &row)
    cursor.writeJoints(of: sim, after: previousAction, into: &row)
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let error = (target - tipPosition(sim)).length
    finalError.add(error, after: sim.controlInterval, of: episodeSeconds)
    reward.add("distance", -0.2 * error)
    reward.add("near", 0.05 * (1 - tanh(error / 0.1)))
    reward.add("hit", 0.05 * closeness(error, to: 0, width: 0.02))
    reward.add("smoothness", -0.002 * previousAction.change(to: action))
    reward.add("effort", -0.001 * previousAction.size)
    return .running
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("from the target", unit: "m", (target - tipPosition(sim)).length, target: 0)]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    let error = finalError.mean
    metrics.write("final_error_m", error)
    metrics.write("within_3cm", error <= 0.03 ? 1 : 0)
  }

  public func markers(_ sim: borrowing Simulation) -> [Marker] { [Marker(at: target, radius: 0.03)] }

  public mutating func mirror(for model: RobotModel) {
    target = target.mirrored
    previousAction.mirror(for: model)
  }

  public func save(to writer: inout StateWriter) {
    writer.write([target.x, target.y, target.z])
    finalError.save(to: &writer)
    previousAction.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 3)
    target = [values[0], values[1], values[2]]
    try finalError.restore(from: &reader)
    try previousAction.restore(from: &reader)
  }
}
