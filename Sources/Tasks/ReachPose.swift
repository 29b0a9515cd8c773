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

/// Bring the hand of an arm to a pose, position and orientation, and hold it there.
///
/// Targets are poses that the hand can take: those of axes drawn uniformly from a share of the way to their stops, where
/// neither the ground nor the arm itself is in the way. The first axis turns the whole arm about the vertical.
public struct ReachPose: RobotTask {
  public let summary = "brings its hand to a position and orientation that it can take and holds it there"
  public let episodeSeconds = 4.0
  public let endings: [String] = []
  public let metrics = ["final_error_m", "final_angle_rad", "within_2cm", "within_0.15rad", "reached"]
  public let success = Success.metric("reached", in: 1...1)

  /// The link whose point `tip` (in its frame) is to be at the target, turned as the target says.
  let hand: String
  let tip: Vector3
  /// How far from the neutral towards either stop the axes stand in a target pose, as a share of that way.
  let share: Double

  private var handLink = LinkID(index: 0)
  package var target = Pose.identity
  private var previousAction = ActionMemory(count: 0)
  /// Room for the axes' positions.
  private var positions: [Double] = []
  /// Where the axes may stand in a target pose.
  private var ranges: [ClosedRange<Double>] = []
  private var finalError = FinalMean()
  private var finalAngle = FinalMean()

  public init(hand: String, tip: Vector3, share: Double) {
    self.hand = hand
    self.tip = tip
    self.share = share
  }

  public mutating func prepare(for model: RobotModel) throws {
    handLink = try model.link(hand)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
    ranges = model.ranges(aroundNeutral: share)
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    target = try drawTarget(for: &sim, using: &random)
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    finalError.begin()
    finalAngle.begin()
    previousAction.begin()
  }

  /// A pose that the tip can take.
  package mutating func drawTarget(for sim: inout Simulation, using random: inout Random) throws -> Pose {
    try sim.drawClearPose(of: handLink, from: ranges, using: &random, into: &positions) * Pose(position: tip)
  }

  private func tipPose(_ sim: borrowing Simulation) -> Pose { sim.pose(of: handLink) * Pose(position: tip) }

  /// The turn that takes an orientation to the target's, as a vector in the world, rad.
  private func turnLeft(from orientation: Quaternion) -> Vector3 {
    (target.orientation * orientation.conjugate).rotationVector
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let pose = tipPose(sim)
    let error = target.position - pose.position
    let turn = turnLeft(from: pose.orientation)
    let near = error.near
    // Seen from the arm's own heading, most of the problem is the same all around the base.
    let toHeading = Quaternion(angle: -sim.position(ofAxis: 0), axis: .unitZ)
    cursor.write("error", toHeading.act(on: error), unit: "m", mirroring: .vector, into: &row)
    cursor.write("near error", toHeading.act(on: near), mirroring: .vector, into: &row)
    cursor.write("turn", toHeading.act(on: turn), unit: "rad", mirroring: .axial, into: &row)
    // Which way each axis would help, by its lever on what is left: what a controller by the transposed Jacobian uses.
    cursor.write("shift by axis", count: sim.axisCount, unit: "m", mirroring: .axes, into: &row) { axis in
      let (point, direction) = sim.line(ofAxis: axis)
      return direction.cross(pose.position - point).dot(near)
    }
    cursor.write("turn by axis", count: sim.axisCount, mirroring: .axes, into: &row) { axis in
      tanh(3 * sim.line(ofAxis: axis).direction.dot(turn))
    }
    cursor.write("target", toHeading.act(on: target.position), unit: "m", mirroring: .vector, into: &row)
    cursor.write(
      "target forward", toHeading.act(on: target.orientation.act(on: .unitX)), mirroring: .vector, into: &row)
    cursor.write(
      "target up", toHeading.act(on: target.orientation.act(on: .unitZ)), mirroring: .vector, into: &row)
    cursor.write("tip", toHeading.act(on: pose.position), unit: "m", mirroring: .vector, into: &row)
    cursor.write(
      "hand forward", toHeading.act(on: pose.orientation.act(on: .unitX)), mirroring: .vector, into: &row)
    cursor.write("hand up", toHeading.act(on: pose.orientation.act(on: .unitZ)), mirroring: .vector, into: &row)
    cursor.write("joint positions", count: sim.axisCount, unit: "rad", mirroring: .axes, into: &row) {
      sim.position(ofAxis: $0)
    }
    cursor.writeJoints(of: sim, after: previousAction, into: &row)
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let pose = tipPose(sim)
    let error = (target.position - pose.position).length
    let angle = turnLeft(from: pose.orientation).length
    finalError.add(error, after: sim.controlInterval, of: episodeSeconds)
    finalAngle.add(angle, after: sim.controlInterval, of: episodeSeconds)
    reward.add("distance", -0.2 * error)
    reward.add("angle", -0.05 * angle)
    reward.add("near", 0.05 * (1 - tanh(error / 0.1)))
    reward.add("aligned", 0.05 * (1 - tanh(angle / 0.3)))
    reward.add("hit", 0.1 * closeness(error, to: 0, width: 0.02) * closeness(angle, to: 0, width: 0.15))
    reward.add("smoothness", -0.002 * previousAction.change(to: action))
    reward.add("effort", -0.001 * previousAction.size)
    return .running
  }

  /// The target, and a finger's length from it the way the hand is to point.
  public func markers(_ sim: borrowing Simulation) -> [Marker] {
    [Marker(at: target.position, radius: 0.02), Marker(at: target.act(on: [0, 0, 0.08]), radius: 0.01)]
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    let pose = tipPose(sim)
    return [
      TrackedQuantity("from the target", unit: "m", (target.position - pose.position).length, target: 0),
      TrackedQuantity("left to turn", unit: "rad", turnLeft(from: pose.orientation).length, target: 0),
    ]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    let (error, angle) = (finalError.mean, finalAngle.mean)
    metrics.write("final_error_m", error)
    metrics.write("final_angle_rad", angle)
    metrics.write("within_2cm", error <= 0.02 ? 1 : 0)
    metrics.write("within_0.15rad", angle <= 0.15 ? 1 : 0)
    metrics.write("reached", error <= 0.02 && angle <= 0.15 ? 1 : 0)
  }

  public mutating func mirror(for model: RobotModel) {
    target = target.mirrored
    previousAction.mirror(for: model)
  }

  public func save(to writer: inout StateWriter) {
    let (position, turn) = (target.position, target.orientation)
    writer.write([position.x, position.y, position.z, turn.w, turn.x, turn.y, turn.z])
    finalError.save(to: &writer)
    finalAngle.save(to: &writer)
    previousAction.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 7)
    target = Pose(
      position: [values[0], values[1], values[2]],
      orientation: Quaternion(w: values[3], x: values[4], y: values[5], z: values[6]))
    guard abs(target.orientation.norm - 1) < 1e-6 else {
      throw StateError.mismatch("a target whose orientation is not of unit length")
    }
    try finalError.restore(from: &reader)
    try finalAngle.restore(from: &reader)
    try previousAction.restore(from: &reader)
  }
}
