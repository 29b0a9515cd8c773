import Environments
import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Watches how a robot on two feet walks and puts figures to it.
///
/// Ground contact is read for every physics step, so that vibration faster than the control rate does not hide.
public struct GaitMeter: Sendable {
  /// What `write(into:)` writes, in order.
  public static let names = [
    "distance_m", "drift_m", "speed_m_s", "stride_hz", "flight", "double_support", "stance_left_right", "clearance_m",
    "roll_deg", "pitch_deg", "cost_of_transport", "nonfoot_contact",
  ]

  /// Seconds that a foot must be off the ground for a swing to count as one.
  static let shortestSwing = 0.06

  /// What a counter in saved state can stand at.
  private static let counts = 0...(1 << 53)

  /// Metres below which a cost of transport says nothing: it divides by the way.
  static let shortestWay = 1.0

  private struct Foot: Sendable {
    /// Physics steps on the ground.
    var stance = 0
    /// Physics steps since it left the ground; 0 while it stands.
    var swing = 0
    /// Greatest height of the sole in the present swing, m.
    var peak = 0.0
    /// Touchdowns after swings that count, and the sum of their peaks.
    var touchdowns = 0
    var peakSum = 0.0
  }

  private var left = Foot()
  private var right = Foot()
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

  public init() {}

  /// Forgets the last episode; the robot stands at `sim`.
  public mutating func begin(_ sim: borrowing Simulation, root: LinkID) {
    self = GaitMeter()
    startX = sim.pose(of: root).position.x
    x = startX
  }

  /// Takes in the control step that has just passed.
  ///
  /// - Parameter others: links that should not touch the ground.
  public mutating func update(_ sim: borrowing Simulation, root: LinkID, feet: (LinkID, LinkID), others: [LinkID]) {
    var touched: UInt64 = 0
    for link in others { touched |= sim.groundContactSteps(link) }
    update(
      stepping: sim.model.stepping, pose: sim.pose(of: root),
      contacts: (sim.groundContactSteps(feet.0), sim.groundContactSteps(feet.1)),
      clearances: (sim.clearance(of: feet.0), sim.clearance(of: feet.1)), otherContacts: touched, work: sim.work)
  }

  /// Takes in a control step: the root's pose, the feet's contact step by step and how high their soles are, m, the
  /// contact of all other links, and the actuators' work, J.
  package mutating func update(
    stepping: Stepping, pose: Pose, contacts: (UInt64, UInt64), clearances: (Double, Double), otherContacts: UInt64,
    work: Double
  ) {
    let substeps = stepping.substeps
    let full: UInt64 = substeps >= 64 ? .max : (1 << UInt64(substeps)) - 1
    steps += 1
    physicsSteps += substeps
    flight += (~(contacts.0 | contacts.1) & full).nonzeroBitCount
    doubleSupport += (contacts.0 & contacts.1 & full).nonzeroBitCount
    let shortest = Int((Self.shortestSwing / stepping.substep).rounded())
    Self.advance(&left, bits: contacts.0, substeps: substeps, height: clearances.0, shortest: shortest)
    Self.advance(&right, bits: contacts.1, substeps: substeps, height: clearances.1, shortest: shortest)
    nonFootContact += (otherContacts & full).nonzeroBitCount
    rollSum += abs(pose.orientation.roll)
    pitchSum += abs(pose.orientation.pitch)
    self.work += work
    x = pose.position.x
    y = pose.position.y
  }

  private static func advance(_ foot: inout Foot, bits: UInt64, substeps: Int, height: Double, shortest: Int) {
    for k in 0..<substeps {
      guard bits & (1 << UInt64(k)) != 0 else {
        foot.swing += 1
        continue
      }
      foot.stance += 1
      if foot.swing >= shortest {
        foot.touchdowns += 1
        foot.peakSum += foot.peak
      }
      foot.swing = 0
      foot.peak = 0
    }
    if foot.swing > 0 { foot.peak = max(foot.peak, height) }
  }

  /// Writes the figures named by `names`; what has no meaning yet is not-a-number.
  ///
  /// - Parameter mass: kilograms of the robot, for the cost of transport Σ|τω|Δt / (m g d).
  public func write(mass: Double, controlInterval: Double, into values: inout MutableSpan<Double>) {
    let time = Double(steps) * controlInterval
    let share = { (count: Int) in physicsSteps > 0 ? Double(count) / Double(physicsSteps) : .nan }
    let distance = x - startX
    let touchdowns = left.touchdowns + right.touchdowns
    let degrees = 180 / Double.pi / Double(max(steps, 1))
    values[0] = distance
    values[1] = abs(y)
    values[2] = time > 0 ? distance / time : .nan
    values[3] = time > 0 ? Double(touchdowns) / 2 / time : .nan
    values[4] = share(flight)
    values[5] = share(doubleSupport)
    values[6] = right.stance > 0 ? Double(left.stance) / Double(right.stance) : .nan
    values[7] = touchdowns > 0 ? (left.peakSum + right.peakSum) / Double(touchdowns) : .nan
    values[8] = rollSum * degrees
    values[9] = pitchSum * degrees
    values[10] = distance >= Self.shortestWay ? work / (mass * 9.81 * distance) : .nan
    values[11] = share(nonFootContact)
  }

  public func save(to writer: inout StateWriter) {
    for foot in [left, right] {
      writer.write(foot.stance)
      writer.write(foot.swing)
      writer.write(foot.peak)
      writer.write(foot.touchdowns)
      writer.write(foot.peakSum)
    }
    for count in [steps, physicsSteps, flight, doubleSupport, nonFootContact] { writer.write(count) }
    writer.write([rollSum, pitchSum, work, startX, x, y])
  }

  public mutating func restore(from reader: inout StateReader) throws {
    left = try Self.foot(from: &reader)
    right = try Self.foot(from: &reader)
    steps = try reader.readInt(in: Self.counts)
    physicsSteps = try reader.readInt(in: Self.counts)
    flight = try reader.readInt(in: Self.counts)
    doubleSupport = try reader.readInt(in: Self.counts)
    nonFootContact = try reader.readInt(in: Self.counts)
    let sums = try reader.readDoubles(count: 6)
    (rollSum, pitchSum, work, startX, x, y) = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
  }

  private static func foot(from reader: inout StateReader) throws -> Foot {
    var foot = Foot()
    foot.stance = try reader.readInt(in: Self.counts)
    foot.swing = try reader.readInt(in: Self.counts)
    foot.peak = try reader.readDouble()
    foot.touchdowns = try reader.readInt(in: Self.counts)
    foot.peakSum = try reader.readDouble()
    return foot
  }
}
