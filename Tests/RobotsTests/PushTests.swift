import Environments
import Physics
import Robotics
import Robots
import Tasks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The pushing arm, its box and its task.
struct PushTests {
  private typealias Bench = TaskBench<Push>

  private func bench(seed: UInt64 = 1) throws -> Bench {
    try Bench(
      Pusher(), Push(object: "box", hand: "hand", pocket: Pusher.pocket, radii: 0.35...0.6, halfAngle: 1), seed: seed)
  }

  private func place(_ bench: borrowing Bench) throws -> Vector3 {
    let position = bench.sim.pose(of: try bench.sim.model.prop("box")).position
    return [position.x, position.y, 0]
  }

  // MARK: The machine

  @Test func hasThreeUprightAxesAndABox() throws {
    let model = try RobotModel(Pusher())
    #expect(model.axes.map(\.direction) == [.unitZ, .unitZ, .unitZ] && model.actuatedAxes.count == 3)
    #expect(model.propNames == ["box"] && model.totalMass == 6)
    #expect(try #require(model.mirroredAxes()).map(\.sign) == [-1, -1, -1])
    var sim = try Simulation(model)
    let hand = sim.pose(of: try model.link("hand"), at: sim.rootPose, positions: [0, 0, 0])
    #expect((hand.position - Vector3(Pusher.reach, 0, 0.2)).length < 1e-12)
  }

  @Test func theForkPassesAboveTheGroundAndTheArmAboveTheBox() throws {
    var sim = try Simulation(RobotModel(Pusher()))
    sim.place(at: sim.rootPose)
    #expect(abs(sim.clearance(of: try sim.model.link("hand")) - 0.01) < 1e-9)
    for name in ["upper arm", "forearm"] {
      #expect(sim.clearance(of: try sim.model.link(name)) > 2 * Pusher.halfEdge + 0.05)
    }
  }

  /// With the box in the fork, a sweep of the shoulder takes it along.
  @Test(arguments: [-1.0, 1.0]) func theForkTakesTheBoxAlong(_ side: Double) throws {
    var bench = try bench()
    let box = try bench.sim.model.prop("box")
    // The hand looks sideways, the way it will go.
    bench.sim.place(at: bench.sim.rootPose, positions: [-0.6 * side, 0.9 * side, 1.2 * side])
    let hand = bench.sim.pose(of: try bench.sim.model.link("hand"))
    var pocket = hand.act(on: Pusher.pocket)
    pocket.z = Pusher.halfEdge
    bench.sim.place(prop: box, at: Pose(position: pocket, orientation: hand.orientation))
    for _ in 0..<20 { try bench.step([Float(0.5 * side), 0, 0]) }
    let now = bench.sim.pose(of: try bench.sim.model.link("hand"))
    let lead = try place(bench) - now.act(on: Pusher.pocket)
    #expect((lead.x * lead.x + lead.y * lead.y).squareRoot() < 0.04)
    let way = bench.sim.pose(of: box).position - pocket
    #expect(way.length > 0.2 && abs(way.z) < 0.01)
  }

  // MARK: Starts

  @Test func placesAreSpreadEvenlyByArea() throws {
    let bench = try bench()
    var random = Random(seed: 8)
    var counts = (inner: 0, left: 0)
    for _ in 0..<4_000 {
      let place = bench.task.drawPlace(using: &random)
      #expect((0.35...0.6).contains(place.length) && abs(atan2(place.y, place.x)) <= 1 && place.z == 0)
      // Half of the ring's area lies within √((0.35² + 0.6²)/2).
      if place.length * place.length < (0.35 * 0.35 + 0.6 * 0.6) / 2 { counts.inner += 1 }
      if place.y > 0 { counts.left += 1 }
    }
    // Four standard deviations.
    #expect(abs(counts.inner - 2_000) < 127 && abs(counts.left - 2_000) < 127)
  }

  @Test func startsAreApartAndTouchNothing() throws {
    var bench = try bench()
    let box = try bench.sim.model.prop("box")
    for _ in 0..<200 {
      try bench.begin()
      #expect((bench.task.goal - bench.task.start).length >= 0.15)
      #expect((try place(bench) - bench.task.start).length < 1e-12)
      try bench.step([0, 0, 0])
      #expect(bench.sim.touchesGround(box) && !bench.sim.touchesAnotherLink(box))
    }
  }

  // MARK: What is seen

  @Test func boxAndGoalAreSeenFromHandAndHeading() throws {
    var bench = try bench(seed: 5)
    for _ in 0..<20 {
      try bench.begin()
      let hand = bench.sim.pose(of: try bench.sim.model.link("hand"))
      let heading = Quaternion(angle: bench.sim.position(ofAxis: 0), axis: .unitZ)
      let box = try place(bench)
      var pocket = hand.act(on: Pusher.pocket)
      pocket.z = 0
      #expect((pocket + hand.orientation.act(on: bench.seenVector("object from pocket")) - box).length < 1e-6)
      #expect((box + hand.orientation.act(on: bench.seenVector("way")) - bench.task.goal).length < 1e-6)
      #expect((heading.act(on: bench.seenVector("object")) - box).length < 1e-6)
      #expect((heading.act(on: bench.seenVector("goal")) - bench.task.goal).length < 1e-6)
    }
  }

  // MARK: Rewards and metrics

  @Test func aBoxLeftAloneCountsWhereItStands() throws {
    var bench = try bench(seed: 6)
    for _ in 0..<3 {
      try bench.begin()
      for _ in 0..<125 { try bench.step([0, 0, 0]) }
      let distance = (bench.task.goal - bench.task.start).length
      #expect(abs(try #require(bench.metrics["final_error_m"]) - distance) < 1e-3)
      #expect(bench.metrics["within_5cm"] == 0)
      #expect(try #require(bench.metrics["pushed_m"]) < 1e-3)
    }
  }

  @Test func aBoxAtTheGoalIsASuccess() throws {
    var bench = try bench()
    let box = try bench.sim.model.prop("box")
    let (goal, height) = (bench.task.goal, bench.sim.pose(of: box).position.z)
    // For 100 steps it is far off; of the last 25, 3 cm off for 15 and there for 10.
    for step in 1...125 {
      let offset = step <= 100 ? 0.3 : step <= 115 ? 0.03 : 0
      bench.sim.place(prop: box, at: Pose(position: goal + [offset, 0, height]))
      _ = bench.evaluateStep([0, 0, 0])
    }
    #expect(abs(try #require(bench.metrics["final_error_m"]) - 0.018) < 1e-9)
    #expect(bench.metrics["within_5cm"] == 1)
    #expect(abs(try #require(bench.metrics["pushed_m"]) - (goal - bench.task.start).length) < 1e-9)
    let terms = bench.evaluateStep([0, 0, 0])
    for (name, expected) in [("distance", 0.0), ("near", 0.05), ("hit", 0.1), ("behind", 0)] {
      #expect(abs(try #require(terms[name]) - expected) < 1e-6, "\(name)")
    }
  }

  // MARK: Left and right

  @Test func aMirroredPushIsTheMirrorOfThePush() throws {
    var here = try bench()
    var there = try bench()
    let box = try here.sim.model.prop("box")
    // The box slides before the fork, and is rather turned.
    let axes = [-0.6, 0.9, 0.5]
    here.sim.place(at: here.sim.rootPose, positions: axes)
    there.sim.place(at: there.sim.rootPose, positions: axes.map { -$0 })
    var place = here.sim.pose(of: try here.sim.model.link("hand")).act(on: 5 * Pusher.pocket)
    place.z = here.sim.pose(of: box).position.z
    here.sim.place(
      prop: box, at: Pose(position: place, orientation: Quaternion(angle: 0.3, axis: .unitZ)), velocity: [0.5, 0.3, 0])
    there.sim.place(
      prop: box, at: Pose(position: place * [1, -1, 1], orientation: Quaternion(angle: -0.3, axis: .unitZ)),
      velocity: [0.5, -0.3, 0])
    there.task.goal = here.task.goal * [1, -1, 1]
    let deviation = try here.deviation(from: &there)
    // The solver rounds each in its own way, and a sliding box feels it.
    #expect(deviation < 0.01)
  }
}
