import Environments
import Physics
import Robotics
import Testing

@Suite struct DecorationTests {
  /// A cart with wheels, a pole, and looks if they are wanted.
  private struct Wagon: Robot {
    let name = "wagon"
    var looks: [Decoration] = []
    var scenery: [Decoration] = []

    var body: Link {
      Link("box", .box(size: [0.4, 0.2, 0.1]), mass: 3, at: [0, 0, 0.15]) {
        wheel("round", .cylinder(radius: 0.1, length: 0.04), at: [0.15, 0.15, -0.05])
        wheel("ball", .sphere(radius: 0.1), at: [0.15, -0.15, -0.05])
        wheel("steered", .cylinder(radius: 0.1, length: 0.04), at: [-0.15, 0, -0.05], range: -1...1)
        Link("pole", .capsule(radius: 0.02, length: 0.3), mass: 0.2, center: [0, 0, 0.2], joint: axle("swing", nil))
      }.decorated(looks)
    }

    private func wheel(
      _ name: String, _ shape: Shape, at: Vector3, range: ClosedRange<Double>? = nil
    ) -> Link {
      Link(name, shape, mass: 0.5, along: .unitY, at: at, joint: axle(name, range))
    }

    private func axle(_ name: String, _ range: ClosedRange<Double>?) -> Joint {
      .hinge(Axis(name, [0, 1, 0], range: range, actuator: .torque(limit: 1)))
    }
  }

  /// Holds still.
  private struct Stand: RobotTask {
    let summary = "stands"
    let episodeSeconds = 1.0
    let endings: [String] = []

    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws { sim.place(at: sim.rootPose) }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("place", sim.pose(of: LinkID(index: 0)).position, into: &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      reward.add("height", sim.pose(of: LinkID(index: 0)).position.z)
      return .running
    }
    func save(to writer: inout StateWriter) {}
    mutating func restore(from reader: inout StateReader) throws {}
  }

  private func recording(_ robot: Wagon) throws -> Recording {
    let entry = Catalog.Entry("wagon", robot, Stand())
    return try #require(
      try entry.record(RandomPolicy(spec: entry.spec()), seed: 1, noise: Random(seed: 2)))
  }

  private let head = Decoration(.sphere(radius: 0.3), center: [0, 0, 0.1], tone: .light)

  @Test func looksChangeNothingThatMoves() throws {
    let plain = try recording(Wagon())
    let decorated = try recording(
      Wagon(looks: [head], scenery: [Decoration(.box(size: [2, 2, 0.3]), center: [0, 0, 0.1])]))
    #expect(plain.frames == decorated.frames)
    #expect(plain.frames.count > 40)
    #expect(decorated.parts[0].decorations == [head])
    #expect(decorated.scenery.count == 1 && plain.scenery.isEmpty)
    let (one, other) = (try RobotModel(Wagon()), try RobotModel(Wagon(looks: [head])))
    #expect(one.totalMass == other.totalMass)
  }

  @Test func wheelsCarryAMark() throws {
    let marks = try recording(Wagon()).parts.map(\.decorations)
    #expect(marks.map(\.count) == [0, 1, 1, 0, 0])
    // It shows on both faces and on the tread, and lies across the axle.
    guard case .box(let size) = marks[1][0].shape else {
      Issue.record("no bar")
      return
    }
    #expect(size.y > 0.2 && size.z > 0.04)
    let axle = marks[1][0].pose.orientation.act(on: .unitZ)
    #expect(abs(abs(axle.y) - 1) < 1e-9)
  }

  @Test func theFirstFrameKnowsWhatStandsOnTheGround() throws {
    let first = try recording(Wagon()).frames[0].readings
    #expect(first.contacts == [false, true, true, true, false])
  }

  @Test(arguments: [
    Decoration(.sphere(radius: -1), center: .zero), Decoration(.sphere(radius: 0), center: .zero),
    Decoration(.box(size: [1, .nan, 1]), center: .zero), Decoration(.sphere(radius: 1), center: [0, .infinity, 0]),
  ])
  func whatCannotBeDrawnIsAnError(_ wrong: Decoration) {
    #expect(throws: RobotError.self) { try RobotModel(Wagon(looks: [wrong])) }
    #expect(throws: RobotError.self) { try RobotModel(Wagon(scenery: [wrong])) }
  }
}
