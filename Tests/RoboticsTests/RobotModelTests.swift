import Environments
import Physics
import Robotics
import Testing

struct RobotModelTests {
  private struct Toy: Robot {
    let name = "toy"
    var body: Link
    var physics = PhysicsSettings()
  }

  private func ball(_ name: String, joint: Joint? = nil, @LinkBuilder children: () -> [Link] = { [] }) -> Link {
    Link(name, .sphere(radius: 0.1), mass: 1, joint: joint, children: children)
  }

  @Test func liesFlatParentsFirst() throws {
    let model = try RobotModel(Chain())
    #expect(model.name == "chain")
    #expect(model.linkNames == ["base", "arm", "rod", "hand", "tool", "bob"])
    #expect(model.axes.map(\.name) == ["lift", "extension", "tilt", "pan"])
    #expect(model.actuatedAxes.isEmpty)
    #expect(model.isFloating)
    #expect(abs(model.totalMass - 4) < 1e-12)
    #expect(try model.link("rod") == LinkID(index: 2))
    #expect(try model.axis("tilt") == 2)
  }

  @Test func actionsFollowTheActuatedAxes() throws {
    let motor = Actuator.torque(limit: 1)
    let model = try RobotModel(
      Toy(
        body: ball("root", joint: .fixed) {
          ball("a", joint: .hinge(Axis("one", .unitX, actuator: motor)))
          ball("b", joint: .hinge(Axis("two", .unitX)))
          ball("c", joint: .universal(Axis("three", .unitX), Axis("four", .unitY, actuator: motor)))
        }))
    #expect(model.axes.map(\.name) == ["one", "two", "three", "four"])
    #expect(model.actuatedAxes == [0, 3])
    #expect(!model.isFloating)
  }

  // MARK: Masses

  @Test func massesComeFromShapesOrAreGiven() throws {
    let box = Collider(.box(size: [1, 2, 0.5]))
    let explicit = try MassProperties(mass: 7, inertia: Inertia(diagonal: [1, 1, 1]))
    for (mass, expected) in [(Link.Mass.total(3), 3.0), (.density(200), 200), (.explicit(explicit), 7)] {
      #expect(abs(try RobotModel(Toy(body: Link("a", [box], mass: mass))).totalMass - expected) < 1e-12)
    }
    // Two boxes of 1 m³ each, 4 kg in all.
    let pair = [Collider(box.shape), Collider(box.shape, pose: Pose(position: [3, 0, 0]))]
    #expect(abs(try RobotModel(Toy(body: Link("a", pair, mass: .total(4)))).totalMass - 4) < 1e-12)
  }

  @Test func aMassNeedsAShape() {
    #expect(throws: RobotError("'ghost' has a mass but no shape to spread it over")) {
      try RobotModel(Toy(body: Link("ghost", [], mass: .total(1))))
    }
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func impossibleMassesThrow(_ mass: Double) {
    #expect(throws: PhysicsError.self) {
      try RobotModel(Toy(body: Link("a", .sphere(radius: 0.1), mass: mass)))
    }
  }

  // MARK: Starts

  @Test func drawsPositionsAroundTheNeutralWithinTheStops() throws {
    let model = try RobotModel(
      Toy(
        body: ball("root", joint: .fixed) {
          ball("a", joint: .hinge(Axis("free", .unitX, neutral: 0.5)))
          ball("b", joint: .hinge(Axis("stopped", .unitX, range: -1...0.32, neutral: 0.3)))
        }))
    #expect(model.neutralPositions == [0.5, 0.3])
    var random = Random(seed: 1)
    var positions = [9.0, 9.0]
    var (low, high) = ([9.0, 9.0], [-9.0, -9.0])
    for _ in 0..<500 {
      model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
      for i in 0..<2 {
        low[i] = min(low[i], positions[i])
        high[i] = max(high[i], positions[i])
      }
    }
    #expect(low[0] >= 0.4 && low[0] < 0.405 && high[0] <= 0.6 && high[0] > 0.595)
    #expect(low[1] >= 0.2 && low[1] < 0.205 && high[1] == 0.32)
  }

  // MARK: Errors

  @Test func saysWhichNameStandsTwice() {
    #expect(throws: RobotError("toy: more than one link or prop is named 'leg'")) {
      try RobotModel(
        Toy(
          body: ball("body") {
            ball("leg"); ball("leg")
          }))
    }
    #expect(throws: RobotError("toy: more than one axis is named 'knee'")) {
      try RobotModel(
        Toy(
          body: ball("body") {
            ball("a", joint: .hinge(Axis("knee", .unitX)))
            ball("b", joint: .hinge(Axis("knee", .unitX)))
          }))
    }
  }

  @Test func aNeutralMustLieWithinItsStops() {
    #expect(throws: RobotError("toy: 'knee' rests at 2.0, outside its stops 0.0...1.0")) {
      try RobotModel(Toy(body: ball("a", joint: .hinge(Axis("knee", .unitX, range: 0...1, neutral: 2)))))
    }
  }

  @Test(arguments: [0, -1, 1_001])
  func substepsAreFew(_ count: Int) {
    #expect(throws: RobotError("toy: \(count) physics steps a control step; 1 to 1000 are possible")) {
      try RobotModel(Toy(body: ball("a"), physics: PhysicsSettings(substeps: count)))
    }
  }

  @Test func unknownNamesAreAnsweredWithTheKnownOnes() throws {
    let model = try RobotModel(Chain())
    #expect(throws: RobotError("chain has no link 'leg'; it has base, arm, rod, hand, tool, bob")) {
      try model.link("leg")
    }
    #expect(throws: RobotError("chain has no axis 'knee'; it has lift, extension, tilt, pan")) {
      try model.axis("knee")
    }
  }
}
