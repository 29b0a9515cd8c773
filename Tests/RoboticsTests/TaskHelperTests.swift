import Environments
import Physics
import Robotics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sensors and commands that tasks are made of.
struct TaskHelperTests {
  private let root = LinkID(index: 0)

  /// What is written to a cursor, by name.
  private func slices(
    _ write: (inout ObservationCursor, inout MutableSpan<Float>) -> Void
  ) -> [String: [Float]] {
    var recorder = ObservationCursor()
    var nothing: [Float] = []
    var none = nothing.mutableSpan
    write(&recorder, &none)
    let slices = recorder.records.map(\.slice)
    var values = Array(repeating: Float(-9), count: slices.reduce(0) { $0 + $1.count })
    var cursor = ObservationCursor(placing: slices)
    var row = values.mutableSpan
    write(&cursor, &row)
    var start = 0
    return slices.reduce(into: [:]) { found, slice in
      found[slice.name] = Array(values[start..<start + slice.count])
      start += slice.count
    }
  }

  private func saved(_ value: some Savable) -> [UInt8] {
    var writer = StateWriter()
    value.save(to: &writer)
    return writer.bytes
  }

  private func isNear(_ found: [Float]?, _ expected: [Double]) -> Bool {
    found.map { zip($0, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 } && $0.count == expected.count } ?? false
  }

  // MARK: Base observations

  @Test func aTurnedBodyIsSeenInItsFrames() throws {
    var sim = try Simulation(RobotModel(Chain()))
    // A quarter turn to the left, then nose down by 0.3 rad.
    let pose = Pose(position: [1, 2, 3], orientation: Quaternion(roll: 0, pitch: 0.3, yaw: .pi / 2))
    sim.place(at: pose, velocity: [0, 2, 0])
    let found = slices { cursor, row in
      cursor.writeGravity(sim, into: &row)
      cursor.writeVelocity(sim, in: .heading, into: &row)
      cursor.writeAngularVelocity(sim, into: &row)
      cursor.writeJointPositions(sim, of: [2, 0], into: &row)
      cursor.writeJointVelocities(sim, of: [1], into: &row)
      cursor.writePreviousAction(ActionMemory(count: 2), into: &row)
      cursor.writeContacts(sim, of: [root], into: &row)
    }
    #expect(isNear(found["gravity"], [sin(0.3), 0, -cos(0.3)]))
    #expect(isNear(found["velocity"], [2, 0, 0]) && isNear(found["angular velocity"], [0, 0, 0]))
    #expect(isNear(found["joint positions"], [0, 0]) && isNear(found["joint velocities"], [0]))
    #expect(isNear(found["previous action"], [0, 0]) && isNear(found["contacts"], [0]))
    let body = slices { cursor, row in cursor.writeVelocity(sim, in: .body, into: &row) }
    #expect(isNear(body["velocity"], [2 * cos(0.3), 0, 2 * sin(0.3)]))
    // Nothing at all for an axis that does not exist.
    let odd = slices { cursor, row in cursor.writeJointPositions(sim, of: [99], into: &row) }
    #expect(odd["joint positions"]?[0].isNaN == true)
  }

  @Test func wheelsHaveNoStops() throws {
    #expect(try RobotModel(Chain()).limitedAxes == [0, 1, 2, 3])
    #expect(try RobotModel(Cart(actuator: .torque(limit: 1))).limitedAxes.isEmpty)
  }

  // MARK: Sensors

  @Test func anAccelerometerReadsNothingInFreeFallAndGravityAtRest() throws {
    var sim = try Simulation(RobotModel(Block()))
    var sensor = Accelerometer()
    sim.place(at: Pose(position: [0, 0, 5], orientation: Quaternion(roll: 0.4, pitch: 0, yaw: 0)))
    sensor.begin(sim, at: root)
    #expect(abs(sensor.reading.length - 9.81) < 1e-9 && sensor.reading.y > 3)
    for _ in 0..<5 {
      try sim.advance()
      sensor.update(sim, at: root)
      #expect(sensor.reading.length < 1e-6)
    }
    sim.place(at: sim.rootPose)
    for _ in 0..<100 { try sim.advance() }
    sensor.begin(sim, at: root)
    try sim.advance()
    sensor.update(sim, at: root)
    #expect((sensor.reading - [0, 0, 9.81]).length < 1e-3)
    var other = Accelerometer()
    var reader = StateReader(saved(sensor))
    try other.restore(from: &reader)
    #expect(other.reading == sensor.reading && saved(other) == saved(sensor))
    let seen = slices { sensor.observe(&$0, into: &$1) }
    #expect(abs((seen["acceleration"]?[2] ?? 0) - 0.981) < 1e-3)
  }

  @Test func aHistoryShowsTheNewestFirst() throws {
    var history = ObservationHistory("angle", count: 2, length: 3, unit: "rad")
    history.begin { Double($0) }
    for step in 1...5 { history.add { Double(10 * step + $0) } }
    let seen = slices { history.observe(&$0, into: &$1) }
    #expect(seen == ["angle": [50, 51], "angle, 1 step ago": [40, 41], "angle, 2 steps ago": [30, 31]])
    #expect(history.value(2).isNaN && history.value(0, stepsAgo: 3).isNaN && history.value(1, stepsAgo: 2) == 31)
    var other = ObservationHistory("angle", count: 2, length: 3)
    var reader = StateReader(saved(history))
    try other.restore(from: &reader)
    #expect(saved(other) == saved(history) && other.value(1, stepsAgo: 1) == 41)
    history.begin { _ in 7 }
    #expect((0..<3).allSatisfy { history.value(0, stepsAgo: $0) == 7 })
  }

  // MARK: Commands

  @Test func waypointsFollowOneAnother() throws {
    var random = Random(seed: 4)
    var command = WaypointCommand(distance: 1...2, bearing: -0.5...0.5, radius: 0.3)
    let start = Pose(position: [3, 1, 0.5], orientation: Quaternion(roll: 0, pitch: 0, yaw: 2))
    command.begin(at: start, using: &random)
    let way = command.offset(from: start)
    #expect((1...2).contains(way.length) && abs(atan2(way.y, way.x)) <= 0.5 && command.point.z == 0)
    #expect(!command.advance(to: start) && command.reachedCount == 0)
    let bytes = saved(command)
    let there = Pose(position: command.point + [0.2, 0, 0.5], orientation: start.orientation)
    #expect(command.advance(to: there) && command.reachedCount == 1)
    #expect((1...2).contains(command.offset(from: there).length))
    var other = WaypointCommand(distance: 1...2, bearing: -0.5...0.5)
    var reader = StateReader(bytes)
    try other.restore(from: &reader)
    #expect(other.advance(to: there) && other.point == command.point && saved(other) == saved(command))
    // Far points are seen by their direction.
    let far = Pose(position: command.point - [10, 0, 0])
    let seen = slices { command.observe(from: far, &$0, into: &$1) }
    #expect(isNear(seen["way to the point"], [2, 0]))
  }

  @Test func posturesAreDrawnAndMirrored() throws {
    var random = Random(seed: 8)
    var command = PostureCommand(heading: -3...3, height: 0.3...0.5, roll: -0.2...0.2, interval: 0.1)
    command.begin(using: &random)
    let first = command.heading
    let pose = Pose(position: [0, 0, 0.4], orientation: Quaternion(roll: 0.1, pitch: 0.2, yaw: 0.3))
    let error = command.error(at: pose)
    #expect(abs(error.heading - (first - 0.3)) < 1e-9 && abs(error.height - (command.height - 0.4)) < 1e-9)
    #expect(abs(error.roll - (command.roll - 0.1)) < 1e-9 && error.pitch == 0)
    let seen = slices { command.observe(at: pose, &$0, into: &$1) }
    #expect(Set(seen.keys) == ["turn to the heading", "commanded height", "commanded roll"])
    #expect(isNear(seen["turn to the heading"], [sin(first - 0.3), cos(first - 0.3)]))
    var image = command
    image.mirror()
    #expect(image.heading == -first && image.roll == -command.roll && image.height == command.height)
    var other = PostureCommand(heading: -3...3, height: 0.3...0.5, roll: -0.2...0.2, interval: 0.1)
    var reader = StateReader(saved(command))
    try other.restore(from: &reader)
    for _ in 0..<5 {
      command.advance(by: 0.02)
      other.advance(by: 0.02)
    }
    #expect(command.heading != first && saved(other) == saved(command))
  }

  // MARK: Forces and state

  /// Pushes a cart by 4 N in every step, and saves the fields it is given.
  private struct Pushing: RobotTask {
    let summary = "is pushed"
    let episodeSeconds = 1.0
    let endings: [String] = []
    private(set) var steps = 0
    private(set) var farthest = 0.0
    private(set) var start = Vector3.zero
    private(set) var flags = [false, true]
    static let savedFields: [SavedField<Pushing>] = [
      .init(\.steps), .init(\.farthest), .init(\.start), .init(\.flags),
    ]

    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      sim.place(at: sim.rootPose)
      (steps, farthest, start) = (0, 0, [random.unit(), random.unit(), 0])
    }
    mutating func disturb(_ sim: inout Simulation) {
      sim.applyForce([4, 0, 0], to: LinkID(index: 0), at: sim.pose(of: LinkID(index: 0)).position)
    }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("x", sim.position(ofAxis: 0), into: &row)
      cursor.write("state", Double(steps) + farthest + start.x, into: &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      steps += 1
      farthest = max(farthest, abs(sim.position(ofAxis: 0)))
      flags[0].toggle()
      return .running
    }
  }

  /// x = ½ (F/m) t².
  @Test func forcesFromOutsideAccelerate() throws {
    var driver = try Driver(Cart(actuator: .torque(limit: 10)), Pushing())
    driver.reset(seed: 1)
    for _ in 0..<25 { _ = driver.step(0) }
    // Semi-implicit steps of 5 ms are half a step ahead.
    #expect(abs(driver.observation[0] - 0.5 * 2 * 0.5 * 0.505) < 1e-4)
  }

  @Test func plainFieldsAreSavedByTheirPaths() throws {
    var one = try Driver(Cart(actuator: .torque(limit: 10)), Pushing())
    one.reset(seed: 1)
    for _ in 0..<7 { _ = one.step(0.3) }
    let bytes = one.saved
    var other = try Driver(Cart(actuator: .torque(limit: 10)), Pushing())
    other.reset(seed: 9)
    try other.restore(bytes)
    #expect(other.saved == bytes)
    for _ in 0..<5 {
      #expect(one.step(-0.2) == other.step(-0.2))
      #expect(one.observation == other.observation)
    }
    for count in 0..<bytes.count { #expect(throws: (any Error).self) { try other.restore(Array(bytes.prefix(count))) } }
  }

  @Test func arraysKeepTheirNumberOfElements() throws {
    var values = [1.0, 2]
    var reader = StateReader(saved([1.0, 2, 3]))
    #expect(throws: StateError.mismatch("3 values where 2 belong")) { try values.restore(from: &reader) }
    var counter = 0
    var wild = StateReader(saved(Int.max))
    #expect(throws: StateError.self) { try counter.restore(from: &wild) }
  }
}
