import Environments
import Physics

/// Measures the gait of a robot with any number of feet.
///
/// Ground contact is read for every physics step, so that vibration faster than the control rate is seen.
public struct GaitMeter: Sendable {
  /// How the distance is measured.
  public enum Distance: Sendable {
    /// Along x from the start: for robots that walk along a line.
    case line
    /// The length of the path through the positions after every full second, so that neither sway nor bouncing within a
    /// stride lengthens it: for robots that follow commands.
    case path
  }

  /// The names of what `write(into:)` writes for a robot with `feet` feet, in order. Double support is defined for two
  /// feet, drift for a line.
  public static func names(feet: Int, along way: Distance) -> [String] {
    ["distance_m"] + (way == .line ? ["drift_m"] : []) + ["speed_m_s", "stride_hz", "flight"]
      + (feet == 2 ? ["double_support"] : [])
      + ["stance_left_right", "clearance_m", "roll_deg", "pitch_deg", "cost_of_transport", "nonfoot_contact"]
  }

  /// Seconds that a foot must be off the ground for a swing to count as one.
  static let shortestSwing = 0.06

  /// The range of a counter in saved state.
  private static let counts = 0...(1 << 53)

  /// Meters below which a cost of transport is undefined: it is divided by the distance.
  static let shortestDistance = 1.0

  private struct Foot: Sendable {
    let link: LinkID
    let isLeft: Bool
    let isRight: Bool
    /// Physics steps on the ground.
    var stance = 0
    /// Physics steps since it left the ground; 0 while it stands.
    var swing = 0
    /// Greatest height of the sole in the present swing, m.
    var peak = 0.0
    /// Touchdowns after swings that count, and the sum of their peaks.
    var touchdowns = 0
    var peakSum = 0.0
    /// Of the present control step: the contact in its physics steps and how high the sole is at its end, m.
    var contacts: UInt64 = 0
    var height = 0.0

    init(link: LinkID, isLeft: Bool, isRight: Bool) {
      self.link = link
      self.isLeft = isLeft
      self.isRight = isRight
    }

    mutating func forget() { self = Foot(link: link, isLeft: isLeft, isRight: isRight) }

    mutating func advance(substeps: Int, shortest: Int) {
      for k in 0..<substeps {
        guard contacts & (1 << UInt64(k)) != 0 else {
          swing += 1
          continue
        }
        stance += 1
        if swing >= shortest {
          touchdowns += 1
          peakSum += peak
        }
        swing = 0
        peak = 0
      }
      if swing > 0 { peak = max(peak, height) }
    }
  }

  private let way: Distance
  /// Names of its metrics.
  private let names: [String]
  private var feet: [Foot] = []
  /// Links that should not touch the ground.
  private let others: [LinkID]
  /// The robot's weight, N.
  private let weight: Double
  private var steps = 0
  private var physicsSteps = 0
  private var flight = 0
  private var doubleSupport = 0
  private var nonFootContact = 0
  private var rollSum = 0.0
  private var pitchSum = 0.0
  private var work = 0.0
  private var startX = 0.0
  private var x = 0.0
  private var y = 0.0
  /// The path up to where it was at the last full second, m.
  private var pathLength = 0.0
  private var milestoneX = 0.0
  private var milestoneY = 0.0

  /// A meter without feet, for a task that is not prepared yet.
  public init() {
    way = .line
    names = []
    others = []
    weight = 0
  }

  /// - Parameter feet: the links that it walks on; those called "left …" and "right …" are distinguished.
  public init(of model: RobotModel, feet: [LinkID], along way: Distance) {
    let linkNames = model.linkNames
    let words = feet.map { linkNames.indices.contains($0.index) ? linkNames[$0.index].split(separator: " ") : [] }
    self.feet = zip(feet, words).map { Foot(link: $0, isLeft: $1.contains("left"), isRight: $1.contains("right")) }
    others = model.links(except: feet)
    weight = model.weight
    self.way = way
    self.names = Self.names(feet: feet.count, along: way)
  }

  /// Forgets the last episode; the robot stands at `sim`.
  public mutating func begin(_ sim: borrowing Simulation) { begin(at: sim.pose(of: LinkID(index: 0)).position) }

  mutating func begin(at start: Vector3) {
    for i in feet.indices { feet[i].forget() }
    (steps, physicsSteps, flight, doubleSupport, nonFootContact) = (0, 0, 0, 0, 0)
    (rollSum, pitchSum, work, pathLength) = (0, 0, 0, 0)
    (startX, x, y) = (start.x, start.x, start.y)
    (milestoneX, milestoneY) = (start.x, start.y)
  }

  /// Takes in the control step that has just passed.
  public mutating func update(_ sim: borrowing Simulation) {
    var otherContacts: UInt64 = 0
    for link in others { otherContacts |= sim.groundContactSteps(link) }
    for i in feet.indices {
      feet[i].contacts = sim.groundContactSteps(feet[i].link)
      feet[i].height = sim.clearance(of: feet[i].link)
    }
    update(
      physics: sim.model.physics, pose: sim.pose(of: LinkID(index: 0)), otherContacts: otherContacts, work: sim.work)
  }

  /// Takes in a control step: the root's pose, the feet's contact step by step and how high their soles are, m, the
  /// contact of all other links, and the actuators' work, J.
  package mutating func update(
    physics: PhysicsSettings, pose: Pose, contacts: [UInt64], clearances: [Double], otherContacts: UInt64, work: Double
  ) {
    for i in feet.indices {
      feet[i].contacts = contacts[i]
      feet[i].height = clearances[i]
    }
    update(physics: physics, pose: pose, otherContacts: otherContacts, work: work)
  }

  private mutating func update(physics: PhysicsSettings, pose: Pose, otherContacts: UInt64, work: Double) {
    let substeps = physics.contactParts
    let full: UInt64 = substeps >= 64 ? .max : (1 << UInt64(substeps)) - 1
    let shortest = Int((Self.shortestSwing * Double(substeps) / physics.controlInterval).rounded())
    steps += 1
    physicsSteps += substeps
    var (any, all): (UInt64, UInt64) = (0, .max)
    for i in feet.indices {
      any |= feet[i].contacts
      all &= feet[i].contacts
      feet[i].advance(substeps: substeps, shortest: shortest)
    }
    flight += (~any & full).nonzeroBitCount
    doubleSupport += (all & full).nonzeroBitCount
    nonFootContact += (otherContacts & full).nonzeroBitCount
    rollSum += abs(pose.orientation.roll)
    pitchSum += abs(pose.orientation.pitch)
    self.work += work
    x = pose.position.x
    y = pose.position.y
    if steps.isMultiple(of: max(1, Int((1 / physics.controlInterval).rounded()))) {
      pathLength = path
      (milestoneX, milestoneY) = (x, y)
    }
  }

  private var path: Double { pathLength + (square(x - milestoneX) + square(y - milestoneY)).squareRoot() }

  /// Writes the figures named by `names(feet:along:)` as metrics; what has no meaning yet is undefined.
  ///
  /// The cost of transport is Σ|τω|Δt / (m g d), with the declared mass and gravity.
  public func write(controlInterval: Double, into metrics: inout MetricCursor) {
    metrics.write(names) { write(controlInterval: controlInterval, into: &$0) }
  }

  /// Writes them in the order of `names(feet:along:)`.
  package func write(controlInterval: Double, into values: inout MutableSpan<Double>) {
    let time = Double(steps) * controlInterval
    let distance = way == .line ? x - startX : path
    let degrees = 180 / Double.pi / Double(max(steps, 1))
    var (touchdowns, peakSum, leftStance, rightStance) = (0, 0.0, 0, 0)
    for foot in feet {
      touchdowns += foot.touchdowns
      peakSum += foot.peakSum
      if foot.isLeft { leftStance += foot.stance }
      if foot.isRight { rightStance += foot.stance }
    }
    var next = 0
    // Neither a local function nor a closure: what they capture would be allocated.
    Self.write(distance, at: &next, into: &values)
    if way == .line { Self.write(abs(y), at: &next, into: &values) }
    Self.write(time > 0 ? distance / time : .nan, at: &next, into: &values)
    Self.write(time > 0 ? Double(touchdowns) / Double(feet.count) / time : .nan, at: &next, into: &values)
    Self.write(share(flight), at: &next, into: &values)
    if feet.count == 2 { Self.write(share(doubleSupport), at: &next, into: &values) }
    Self.write(rightStance > 0 ? Double(leftStance) / Double(rightStance) : .nan, at: &next, into: &values)
    Self.write(touchdowns > 0 ? peakSum / Double(touchdowns) : .nan, at: &next, into: &values)
    Self.write(rollSum * degrees, at: &next, into: &values)
    Self.write(pitchSum * degrees, at: &next, into: &values)
    Self.write(distance >= Self.shortestDistance ? work / (weight * distance) : .nan, at: &next, into: &values)
    Self.write(share(nonFootContact), at: &next, into: &values)
  }

  /// The share of the physics steps that `count` of them are.
  private func share(_ count: Int) -> Double { physicsSteps > 0 ? Double(count) / Double(physicsSteps) : .nan }

  private static func write(_ value: Double, at next: inout Int, into values: inout MutableSpan<Double>) {
    values[next] = value
    next += 1
  }

  public func save(to writer: inout StateWriter) {
    for foot in feet {
      writer.write(foot.stance)
      writer.write(foot.swing)
      writer.write(foot.peak)
      writer.write(foot.touchdowns)
      writer.write(foot.peakSum)
    }
    for count in [steps, physicsSteps, flight, doubleSupport, nonFootContact] { writer.write(count) }
    writer.write([rollSum, pitchSum, work, startX, x, y, pathLength, milestoneX, milestoneY])
  }

  public mutating func restore(from reader: inout StateReader) throws {
    for i in feet.indices {
      feet[i].stance = try reader.readInt(in: Self.counts)
      feet[i].swing = try reader.readInt(in: Self.counts)
      feet[i].peak = try reader.readFiniteDouble()
      feet[i].touchdowns = try reader.readInt(in: Self.counts)
      feet[i].peakSum = try reader.readFiniteDouble()
    }
    steps = try reader.readInt(in: Self.counts)
    physicsSteps = try reader.readInt(in: Self.counts)
    flight = try reader.readInt(in: Self.counts)
    doubleSupport = try reader.readInt(in: Self.counts)
    nonFootContact = try reader.readInt(in: Self.counts)
    let sums = try reader.readFiniteDoubles(count: 9)
    (rollSum, pitchSum, work, startX, x, y) = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
    (pathLength, milestoneX, milestoneY) = (sums[6], sums[7], sums[8])
  }
}
