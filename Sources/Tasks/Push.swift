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

/// Push an object along the ground to a goal and leave it there.
///
/// Object and goal are drawn uniformly by area from a part of a ring around the robot, apart from each other. Whatever is
/// seen is seen from above: from the hand, which turns about the vertical, or from the arm's heading.
public struct Push: RobotTask {
  public let summary = "pushes a box along the ground to a goal and leaves it there"
  public let episodeSeconds = 5.0
  public let endings: [String] = []
  public let metrics = ["final_error_m", "within_5cm", "pushed_m"]
  public let success = Success.metric("within_5cm", in: 1...1)

  /// Meters between object and goal at a start, at least.
  static let leastDistance = 0.15

  /// The prop that is to be at the goal.
  let object: String
  /// The link that pushes, and where in its frame, seen from above, the object's middle is while it does.
  let hand: String
  let pocket: Vector3
  /// Inner and outer radius of the ring about the robot, m.
  let radii: ClosedRange<Double>
  /// Object and goal lie within this angle of the x axis, to either side, rad.
  let halfAngle: Double

  private var objectID = LinkID(index: 0)
  private var handLink = LinkID(index: 0)
  package var goal = Vector3.zero
  package private(set) var start = Vector3.zero
  private var previousAction = ActionMemory(count: 0)
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []
  private var finalError = FinalMean()

  public init(object: String, hand: String, pocket: Vector3, radii: ClosedRange<Double>, halfAngle: Double) {
    self.object = object
    self.hand = hand
    self.pocket = pocket
    self.radii = radii
    self.halfAngle = halfAngle
  }

  public mutating func prepare(for model: RobotModel) throws {
    objectID = try model.prop(object)
    handLink = try model.link(hand)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
  }

  /// Two components along the ground. Stored once: an array made in every step would be allocated.
  private static let inPlane = Mirroring.signs([1, -1])

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.3...0.3, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    start = drawPlace(using: &random)
    repeat { goal = drawPlace(using: &random) } while (goal - start).length < Self.leastDistance
    let height = sim.pose(of: objectID).position.z
    let turn = Quaternion(angle: random.uniform(-Double.pi...Double.pi), axis: .unitZ)
    sim.place(prop: objectID, at: Pose(position: Vector3(start.x, start.y, height), orientation: turn))
    finalError.begin()
    previousAction.begin()
  }

  /// A place on the ground, uniform by area.
  package func drawPlace(using random: inout Random) -> Vector3 {
    let radius = random.uniform(square(radii.lowerBound)...square(radii.upperBound)).squareRoot()
    let angle = random.uniform(-halfAngle...halfAngle)
    return Vector3(radius * cos(angle), radius * sin(angle), 0)
  }

  /// Where the object is on the ground.
  private func place(_ sim: borrowing Simulation) -> Vector3 { sim.pose(of: objectID).position.onGround }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let place = place(sim)
    let handPose = sim.pose(of: handLink)
    let toHand = handPose.orientation.conjugate
    let toHeading = Quaternion(angle: -sim.position(ofAxis: 0), axis: .unitZ)
    let way = goal - place
    let lead = place - handPose.act(on: pocket).onGround
    // The object looks the same after a quarter turn.
    let turn = 4 * (sim.pose(of: objectID).orientation.yaw - handPose.orientation.yaw)
    func write(_ name: String, _ value: Vector3, unit: String = "m") {
      cursor.write(name, count: 2, unit: unit, mirroring: Self.inPlane, into: &row) { value[$0] }
    }
    write("object from pocket", toHand.act(on: lead))
    write("near object", toHand.act(on: lead.near), unit: "")
    write("way", toHand.act(on: way))
    write("near way", toHand.act(on: way.near), unit: "")
    write("object", toHeading.act(on: place))
    write("goal", toHeading.act(on: goal))
    write("object velocity", toHand.act(on: sim.velocity(of: objectID)), unit: "m/s")
    cursor.write(
      "object spin", sim.angularVelocity(of: objectID).z, unit: "rad/s", scale: 0.3, mirroring: .negated, into: &row)
    cursor.write("object turn", count: 2, mirroring: Self.inPlane, into: &row) { $0 == 0 ? cos(turn) : sin(turn) }
    cursor.writeJoints(of: sim, after: previousAction, into: &row)
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let place = place(sim)
    let handPose = sim.pose(of: handLink)
    let way = goal - place
    let error = way.length
    finalError.add(error, after: sim.controlInterval, of: episodeSeconds)
    let lead = (place - handPose.act(on: pocket).onGround).length
    reward.add("reach", -0.1 * lead)
    reward.add("distance", -0.3 * error)
    reward.add("near", 0.05 * (1 - tanh(error / 0.1)))
    reward.add("hit", 0.1 * closeness(error, to: 0, width: 0.03))
    // Behind the object, pointing the way it is to go.
    reward.add("behind", 0.03 * handPose.orientation.act(on: .unitX).dot(way.near))
    reward.add("smoothness", -0.002 * previousAction.change(to: action))
    reward.add("effort", -0.001 * previousAction.size)
    return .running
  }

  public func markers(_ sim: borrowing Simulation) -> [Marker] { [Marker(at: goal, radius: 0.03)] }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("from the goal", unit: "m", (goal - place(sim)).length, target: 0)]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    let error = finalError.mean
    metrics.write("final_error_m", error)
    metrics.write("within_5cm", error <= 0.05 ? 1 : 0)
    metrics.write("pushed_m", (place(sim) - start).length)
  }

  public mutating func mirror(for model: RobotModel) {
    (goal, start) = (goal.mirrored, start.mirrored)
    previousAction.mirror(for: model)
  }

  public func save(to writer: inout StateWriter) {
    writer.write([goal.x, goal.y, start.x, start.y])
    finalError.save(to: &writer)
    previousAction.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 4)
    goal = [values[0], values[1], 0]
    start = [values[2], values[3], 0]
    try finalError.restore(from: &reader)
    try previousAction.restore(from: &reader)
  }
}

extension Vector3 {
  /// The point of the ground below.
  fileprivate var onGround: Vector3 { Vector3(x, y, 0) }
}
