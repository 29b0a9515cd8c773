import Environments
import Physics
import Robotics

/// Watches how a robot on any number of feet runs and puts figures to it.
///
/// Ground contact is read for every physics step, so that vibration faster than the control rate does not hide.
public struct RunMeter: Sendable {
  /// What `write(into:)` writes, in order: way along x and, at the end, beside it; mean speed; touchdowns a foot and
  /// second after swings of at least 60 ms; shares of the time in which no link touches the ground, in which another than
  /// a foot does, and in which the root stands within 45° of upright; Σ|τω|Δt/(m g d).
  public static let names = [
    "distance_m", "drift_m", "speed_m_s", "stride_hz", "flight", "nonfoot_contact", "upright", "cost_of_transport",
  ]

  /// Seconds that a foot must be off the ground for a swing to count as one.
  static let shortestSwing = 0.06
  /// Metres below which a cost of transport says nothing: it divides by the way.
  static let shortestWay = 1.0
  /// What a counter in saved state can stand at.
  private static let counts = 0...(1 << 53)

  /// Physics steps since each foot left the ground; 0 while it stands.
  private var swings: [Int]
  private var touchdowns = 0
  private var steps = 0
  private var physicsSteps = 0
  private var flight = 0
  private var nonFootContact = 0
  private var upright = 0
  private var work = 0.0
  private var start = 0.0
  private var x = 0.0
  private var y = 0.0

  public init(feet: Int) { swings = Array(repeating: 0, count: feet) }

  /// Forgets the last episode; the robot stands at `sim`.
  public mutating func begin(_ sim: borrowing Simulation, root: LinkID) {
    for i in swings.indices { swings[i] = 0 }
    (touchdowns, steps, physicsSteps, flight, nonFootContact, upright, work) = (0, 0, 0, 0, 0, 0, 0)
    let position = sim.pose(of: root).position
    (start, x, y) = (position.x, position.x, position.y)
  }

  /// Takes in the control step that has just passed.
  public mutating func update(_ sim: borrowing Simulation, root: LinkID, feet: [LinkID], others: [LinkID]) {
    let stepping = sim.model.stepping
    let full: UInt64 = stepping.substeps >= 64 ? .max : (1 << UInt64(stepping.substeps)) - 1
    let shortest = Int((Self.shortestSwing / stepping.substep).rounded())
    var other: UInt64 = 0
    for link in others { other |= sim.groundContactSteps(link) }
    var any = other
    for (i, foot) in feet.enumerated() {
      let contact = sim.groundContactSteps(foot)
      any |= contact
      for k in 0..<stepping.substeps {
        if contact & (1 << UInt64(k)) == 0 {
          swings[i] += 1
        } else {
          if swings[i] >= shortest { touchdowns += 1 }
          swings[i] = 0
        }
      }
    }
    steps += 1
    physicsSteps += stepping.substeps
    flight += (~any & full).nonzeroBitCount
    nonFootContact += (other & full).nonzeroBitCount
    let pose = sim.pose(of: root)
    if pose.orientation.act(on: .unitZ).z > 0.5.squareRoot() { upright += 1 }
    work += sim.work
    (x, y) = (pose.position.x, pose.position.y)
  }

  /// Writes the figures named by `names`; what has no meaning yet is not-a-number.
  ///
  /// - Parameter mass: kilograms of the robot.
  public func write(mass: Double, controlInterval: Double, into values: inout MutableSpan<Double>) {
    let time = Double(steps) * controlInterval
    let distance = x - start
    let share = { (count: Int, all: Int) in all > 0 ? Double(count) / Double(all) : .nan }
    values[0] = distance
    values[1] = abs(y)
    values[2] = time > 0 ? distance / time : .nan
    values[3] = time > 0 ? Double(touchdowns) / Double(swings.count) / time : .nan
    values[4] = share(flight, physicsSteps)
    values[5] = share(nonFootContact, physicsSteps)
    values[6] = share(upright, steps)
    values[7] = distance >= Self.shortestWay ? work / (mass * 9.81 * distance) : .nan
  }

  public func save(to writer: inout StateWriter) {
    for count in swings { writer.write(count) }
    for count in [touchdowns, steps, physicsSteps, flight, nonFootContact, upright] { writer.write(count) }
    writer.write([work, start, x, y])
  }

  public mutating func restore(from reader: inout StateReader) throws {
    for i in swings.indices { swings[i] = try reader.readInt(in: Self.counts) }
    touchdowns = try reader.readInt(in: Self.counts)
    steps = try reader.readInt(in: Self.counts)
    physicsSteps = try reader.readInt(in: Self.counts)
    flight = try reader.readInt(in: Self.counts)
    nonFootContact = try reader.readInt(in: Self.counts)
    upright = try reader.readInt(in: Self.counts)
    let sums = try reader.readDoubles(count: 4)
    (work, start, x, y) = (sums[0], sums[1], sums[2], sums[3])
  }
}
