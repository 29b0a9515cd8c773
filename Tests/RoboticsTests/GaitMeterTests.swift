import Environments
import Physics
import Robotics
import Testing

struct GaitMeterTests {
  /// A control step of four physics steps, 5 ms each.
  private struct Step {
    var left: UInt64
    var right: UInt64
    var clearance = (0.0, 0.0)
    var others: UInt64 = 0
  }

  private static let stand = Step(left: 0b1111, right: 0b1111)

  private func figures(
    _ steps: [Step], speed: Double = 0, roll: Double = 0, pitch: Double = 0, work: Double = 0
  ) -> [String: Double] {
    var meter = walker()
    let physics = PhysicsSettings(substep: 0.005, substeps: 4)
    for (i, step) in steps.enumerated() {
      // Sways to either side: angles count by their absolute value.
      let sign: Double = i.isMultiple(of: 2) ? 1 : -1
      meter.update(
        physics: physics,
        pose: Pose(
          position: [speed * 0.02 * Double(i + 1), -0.01 * Double(i + 1), 1],
          orientation: Quaternion(roll: sign * roll, pitch: sign * pitch, yaw: 0.3)),
        contacts: [step.left, step.right], clearances: [step.clearance.0, step.clearance.1],
        otherContacts: step.others, work: work)
    }
    return figures(of: meter)
  }

  private func figures(of meter: GaitMeter, feet: Int = 2, along way: GaitMeter.Distance = .line) -> [String: Double] {
    let names = GaitMeter.names(feet: feet, along: way)
    var values = Array(repeating: -99.0, count: names.count)
    var span = values.mutableSpan
    meter.write(controlInterval: 0.02, into: &span)
    return Dictionary(uniqueKeysWithValues: zip(names, values))
  }

  /// A meter of 10 kg on feet of these names.
  private func walker(_ feet: [String] = ["left foot", "right foot"], along way: GaitMeter.Distance = .line)
    -> GaitMeter
  {
    do {
      let model = try RobotModel(Walker(feet: feet))
      return GaitMeter(of: model, feet: try feet.map { try model.link($0) }, along: way)
    } catch {
      Issue.record(error)
      return GaitMeter()
    }
  }

  private func expect(
    _ figures: [String: Double], _ name: String, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let value = figures[name] ?? -99
    #expect(abs(value - expected) < 1e-9, "\(name) is \(value), not \(expected)", sourceLocation: sourceLocation)
  }

  @Test func standingIsAllDoubleSupport() {
    let figures = figures(Array(repeating: Self.stand, count: 10))
    expect(figures, "flight", 0)
    expect(figures, "double_support", 1)
    expect(figures, "stance_left_right", 1)
    expect(figures, "stride_hz", 0)
    expect(figures, "nonfoot_contact", 0)
    #expect(figures["clearance_m"]?.isNaN == true)
    #expect(figures["cost_of_transport"]?.isNaN == true)
  }

  @Test func aStepOfTheLeftFoot() {
    // Five control steps on the ground, four in the air (80 ms), one on the ground again; the right foot stays.
    var steps = Array(repeating: Self.stand, count: 5)
    for height in [0.01, 0.05, 0.03, 0.02] { steps.append(Step(left: 0, right: 0b1111, clearance: (height, 0))) }
    steps.append(Self.stand)
    let figures = figures(steps)
    expect(figures, "double_support", 24.0 / 40)
    expect(figures, "flight", 0)
    expect(figures, "stance_left_right", 24.0 / 40)
    expect(figures, "clearance_m", 0.05)
    // A stride is two touchdowns; there was one in 0.2 s.
    expect(figures, "stride_hz", 2.5)
  }

  @Test func everySwingHasItsOwnPeak() {
    let high = Array(repeating: Step(left: 0, right: 0b1111, clearance: (0.08, 0)), count: 4)
    let low = Array(repeating: Step(left: 0, right: 0b1111, clearance: (0.02, 0)), count: 4)
    expect(figures(high + [Self.stand] + low + [Self.stand]), "clearance_m", 0.05)
  }

  @Test func walkingOnAlternatingFeet() {
    // Per stride of 40 control steps (0.8 s): both 4, left swings 16, both 4, right swings 16; three strides and the
    // touchdown of the last swing.
    var steps: [Step] = []
    for _ in 0..<3 {
      steps += Array(repeating: Self.stand, count: 4)
      steps += Array(repeating: Step(left: 0, right: 0b1111, clearance: (0.04, 0)), count: 16)
      steps += Array(repeating: Self.stand, count: 4)
      steps += Array(repeating: Step(left: 0b1111, right: 0, clearance: (0, 0.06)), count: 16)
    }
    steps += Array(repeating: Self.stand, count: 5)
    let figures = figures(steps, speed: 1.2, work: 4)
    let time = 125 * 0.02
    expect(figures, "stride_hz", 3 / time)
    expect(figures, "clearance_m", 0.05)
    expect(figures, "double_support", 29.0 / 125)
    expect(figures, "stance_left_right", 1)
    expect(figures, "flight", 0)
    expect(figures, "distance_m", 1.2 * time)
    expect(figures, "speed_m_s", 1.2)
    expect(figures, "drift_m", 1.25)
    // 125 · 4 J over 10 kg · 9.81 m/s² · 3 m.
    expect(figures, "cost_of_transport", 500 / (10 * 9.81 * 3))
  }

  @Test func hoppingIsFlight() {
    let air = Step(left: 0, right: 0, clearance: (0.1, 0.1))
    let figures = figures([Self.stand] + Array(repeating: air, count: 5) + [Self.stand, Self.stand])
    expect(figures, "flight", 5.0 / 8)
    expect(figures, "double_support", 3.0 / 8)
    expect(figures, "stride_hz", 1 / 0.16)
  }

  @Test func vibrationWithinAControlStepIsSeen() {
    // At the end of every control step both feet stand, in between neither does.
    let figures = figures(Array(repeating: Step(left: 0b1000, right: 0b1001), count: 10))
    expect(figures, "flight", 0.5)
    expect(figures, "double_support", 0.25)
    expect(figures, "stance_left_right", 0.5)
    // Swings of 15 ms are no strides.
    expect(figures, "stride_hz", 0)
  }

  @Test(arguments: [(11, 0.0), (12, 1.0)])
  func swingsCountFromSixtyMilliseconds(_ airborne: Int, _ touchdowns: Double) {
    // The left foot leaves within the first control step and is back after `airborne` physics steps.
    var contact = Array(repeating: true, count: 20)
    for k in 2..<(2 + airborne) { contact[k] = false }
    let steps = (0..<5).map { step in
      let bits = (0..<4).reduce(UInt64(0)) { $0 | (contact[4 * step + $1] ? 1 << UInt64($1) : 0) }
      return Step(left: bits, right: 0b1111, clearance: (0.02, 0))
    }
    expect(figures(steps), "stride_hz", touchdowns / 2 / 0.1)
  }

  @Test func otherLinksOnTheGroundAreCounted() {
    let figures = figures([Self.stand, Step(left: 0b1111, right: 0b1111, others: 0b0110), Self.stand, Self.stand])
    expect(figures, "nonfoot_contact", 2.0 / 16)
  }

  @Test func bitsBeyondTheSubstepsMeanNothing() {
    let figures = figures([Step(left: .max, right: .max, others: .max & ~0b1111)])
    expect(figures, "double_support", 1)
    expect(figures, "nonfoot_contact", 0)
  }

  @Test func leanIsTheMeanOfAbsoluteAngles() {
    let figures = figures(Array(repeating: Self.stand, count: 6), roll: 0.05, pitch: 0.1)
    expect(figures, "roll_deg", 0.05 * 180 / .pi)
    expect(figures, "pitch_deg", 0.1 * 180 / .pi)
  }

  @Test func walkingBackwardsHasNoCostOfTransport() {
    let figures = figures(Array(repeating: Self.stand, count: 5), speed: -1, work: 1)
    expect(figures, "distance_m", -0.1)
    #expect(figures["cost_of_transport"]?.isNaN == true)
  }

  @Test(arguments: [(49, false), (50, true)])
  func aCostOfTransportNeedsAMeterOfWay(_ steps: Int, _ isDefined: Bool) {
    // 2 cm a control step.
    let figures = figures(Array(repeating: Self.stand, count: steps), speed: 1.000001, work: 1)
    #expect(figures["cost_of_transport"]?.isNaN == !isDefined)
  }

  @Test func nothingSeenIsUndefined() {
    let figures = figures([])
    for name in ["speed_m_s", "stride_hz", "flight", "double_support", "stance_left_right", "clearance_m"] {
      #expect(figures[name]?.isNaN == true, "\(name)")
    }
  }

  @Test func distanceCountsFromWhereTheRobotStood() throws {
    var sim = try Simulation(RobotModel(Block()))
    sim.place(at: Pose(position: [3, 0, 0.05]))
    var meter = walker()
    meter.update(
      physics: PhysicsSettings(), pose: Pose(position: [9, 9, 9]), contacts: [0, 0], clearances: [0, 0],
      otherContacts: 1,
      work: 9)
    meter.begin(sim)
    meter.update(
      physics: PhysicsSettings(), pose: Pose(position: [3.5, -0.2, 0.05]), contacts: [15, 15], clearances: [0, 0],
      otherContacts: 0, work: 0)
    let figures = figures(of: meter)
    expect(figures, "distance_m", 0.5)
    expect(figures, "drift_m", 0.2)
    expect(figures, "nonfoot_contact", 0)
  }

  @Test func readsASimulation() throws {
    // A robot on spheres that it cannot move, which falls over one of them onto its body.
    var sim = try Simulation(RobotModel(Walker(feet: ["left foot", "right foot"])))
    sim.place(at: Pose(position: [0, 0, 0.15]))
    for _ in 0..<100 { try sim.advance() }
    var meter = walker()
    meter.begin(sim)
    for _ in 0..<5 {
      try sim.advance()
      meter.update(sim)
    }
    let figures = figures(of: meter)
    expect(figures, "double_support", 1)
    expect(figures, "nonfoot_contact", 1)
    #expect(abs(figures["roll_deg"] ?? 9) < 1e-3)
  }

  @Test func savesAllThatItHasSeen() throws {
    var meter = walker()
    let half = [Self.stand, Step(left: 0, right: 0b0011, clearance: (0.04, 0.01), others: 1)]
    let see = { (meter: inout GaitMeter, step: Step) in
      meter.update(
        physics: PhysicsSettings(),
        pose: Pose(position: [1, 2, 3], orientation: Quaternion(roll: 0.1, pitch: 0.2, yaw: 0)),
        contacts: [step.left, step.right], clearances: [step.clearance.0, step.clearance.1],
        otherContacts: step.others, work: 2)
    }
    for _ in 0..<7 { for step in half { see(&meter, step) } }
    for _ in 0..<4 { see(&meter, half[1]) }
    var writer = StateWriter()
    meter.save(to: &writer)
    var other = walker()
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(reader.isAtEnd)
    for step in [half[1], Self.stand] {
      see(&meter, step)
      see(&other, step)
    }
    #expect(figures(of: other) == figures(of: meter))
    for count in stride(from: 0, to: writer.bytes.count, by: 8) {
      #expect(throws: StateError.self) {
        var reader = StateReader(Array(writer.bytes.prefix(count)))
        try other.restore(from: &reader)
      }
    }
  }

  // MARK: More feet

  private static let four = ["front left foot", "front right foot", "rear left foot", "rear right foot"]

  /// A trot: the diagonals stand in turn for 100 ms each.
  @Test func fourFeetTrot() {
    var meter = walker(Self.four, along: .path)
    for step in 0..<100 {
      let (first, second): (UInt64, UInt64) = (step / 5).isMultiple(of: 2) ? (15, 0) : (0, 15)
      let heights = [first, second, second, first].map { $0 == 0 ? 0.04 : 0 }
      meter.update(
        physics: PhysicsSettings(), pose: Pose(position: [0, -0.01 * Double(step + 1), 0.3]),
        contacts: [first, second, second, first], clearances: heights, otherContacts: 0, work: 0.981)
    }
    let figures = figures(of: meter, feet: 4, along: .path)
    #expect(figures["double_support"] == nil && figures["drift_m"] == nil)
    expect(figures, "flight", 0)
    expect(figures, "stance_left_right", 1)
    expect(figures, "clearance_m", 0.04)
    // A stride each 200 ms; the last swing of one diagonal has not come down.
    expect(figures, "stride_hz", (9.0 + 10 + 10 + 9) / 4 / 2)
    // Wherever it went.
    expect(figures, "distance_m", 1)
    expect(figures, "speed_m_s", 0.5)
    expect(figures, "cost_of_transport", 1)
  }

  @Test func stancesOfASideAreTakenTogether() {
    var meter = walker(Self.four, along: .path)
    meter.update(
      physics: PhysicsSettings(), pose: .identity, contacts: [0b1111, 0b1000, 0b0011, 0b0011],
      clearances: [0, 0, 0, 0],
      otherContacts: 0, work: 0)
    expect(figures(of: meter, feet: 4, along: .path), "stance_left_right", 2)
  }

  /// There and back along two sides of a right angle, swaying at every step.
  @Test func aPathIsAsLongAsTheWayWithoutItsSway() {
    var meter = walker(along: .path)
    for step in 1...200 {
      let (along, sway) = (0.02 * Double(step), step.isMultiple(of: 2) ? 0.0 : 0.05)
      let place: Vector3 = step <= 100 ? [along, sway, 0] : [2, along - 2, 0]
      meter.update(
        physics: PhysicsSettings(), pose: Pose(position: place), contacts: [15, 15], clearances: [0, 0],
        otherContacts: 0,
        work: 0)
      if step == 75 { expect(figures(of: meter, along: .path), "distance_m", 1 + (0.25 + 0.0025).squareRoot()) }
    }
    expect(figures(of: meter, along: .path), "distance_m", 4)
  }
}

/// A body of 9 kg on spheres that weigh 1 kg in all.
private struct Walker: Robot {
  let name = "walker"
  let feet: [String]

  var body: Link {
    Link("body", .box(size: [0.4, 0.4, 0.1]), mass: 9, at: [0, 0, 0.2]) {
      for (i, foot) in feet.enumerated() {
        Link(
          foot, .sphere(radius: 0.05), mass: 1 / Double(feet.count), at: [0.1, 0.1 - 0.2 * Double(i), -0.1],
          joint: .fixed)
      }
    }
  }
}
