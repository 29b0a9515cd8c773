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

/// Poses as targets: that they can be taken, how far off the hand is, and which way each axis would help.
struct ReachPoseTests {
  private typealias Bench = TaskBench<ReachPose>

  private func bench(share: Double = 0.5, seed: UInt64 = 1) throws -> Bench {
    try Bench(Arm7(), ReachPose(hand: "hand", tip: Arm7.tip, share: share), seed: seed)
  }

  private func tipPose(_ bench: borrowing Bench) throws -> Pose {
    bench.sim.pose(of: try bench.sim.model.link("hand")) * Pose(position: Arm7.tip)
  }

  private func heading(_ bench: borrowing Bench) -> Quaternion {
    Quaternion(angle: bench.sim.position(ofAxis: 0), axis: .unitZ)
  }

  /// Puts the arm where the next target's axes were drawn: there the hand has nothing left to do.
  @Test func targetsAreTakenByTheAxesThatWereDrawn() throws {
    var bench = try bench()
    let model = bench.sim.model
    for seed in 0..<50 as Range<UInt64> {
      var random = Random(seed: seed)
      var again = random
      let target = try bench.task.drawTarget(for: &bench.sim, using: &random)
      var positions = model.neutralPositions
      repeat {
        for (i, axis) in model.axes.enumerated() {
          let range = try #require(axis.range)
          let (lower, upper) = (axis.neutral - range.lowerBound, range.upperBound - axis.neutral)
          positions[i] = again.uniform(axis.neutral - 0.5 * lower...axis.neutral + 0.5 * upper)
        }
      } while !bench.sim.isClear(at: bench.sim.rootPose, positions: positions)
      #expect(random == again)
      bench.sim.place(at: bench.sim.rootPose, positions: positions)
      let pose = try tipPose(bench)
      #expect((pose.position - target.position).length < 1e-9)
      #expect((pose.orientation.conjugate * target.orientation).rotationVector.length < 1e-7)
      #expect(pose.position.z > 0)
      // And nothing touches there.
      try bench.sim.step(Array(repeating: 0, count: 7).span)
      for link in model.linkNames.dropFirst() {
        #expect(bench.sim.groundContactSteps(try model.link(link)) & 1 == 0)
      }
    }
  }

  @Test func targetsAreSpreadWidely() throws {
    var bench = try bench()
    var random = Random(seed: 7)
    let shoulder: Vector3 = [0, 0, 0.36]
    var counts: [String: Int] = [:]
    for _ in 0..<500 {
      let target = try bench.task.drawTarget(for: &bench.sim, using: &random)
      let offset = target.position - shoulder
      #expect(offset.length < 0.946 + 1e-9)
      let up = target.orientation.act(on: .unitZ)
      let parts = [
        ("left", offset.y > 0), ("high", offset.z > 0.4), ("far", offset.length > 0.75), ("down", up.z < 0),
        ("outward", up.x > 0), ("front", offset.x > 0.3),
      ]
      for (name, isIn) in parts where isIn { counts[name, default: 0] += 1 }
    }
    for (name, count) in counts { #expect((75...425).contains(count), "\(name): \(count) of 500") }
    #expect(counts.count == 6)
  }

  // MARK: What is seen

  @Test func errorAndTurnLeadToTheTarget() throws {
    var bench = try bench()
    for _ in 0..<20 {
      try bench.begin()
      let pose = try tipPose(bench)
      let heading = heading(bench)
      let error = heading.act(on: bench.seenVector("error"))
      #expect((pose.position + error - bench.task.target.position).length < 1e-6)
      let turn = heading.act(on: bench.seenVector("turn"))
      let turned = Quaternion(angle: turn.length, axis: turn) * pose.orientation
      #expect((turned * bench.task.target.orientation.conjugate).rotationVector.length < 1e-5)
      #expect(turn.length <= .pi + 1e-5)
    }
  }

  /// How fast each axis brings the tip nearer and turns it the right way, by moving it a little.
  @Test func axesTellWhichWayTheyHelp() throws {
    var bench = try bench(seed: 3)
    let hand = try bench.sim.model.link("hand")
    for _ in 0..<10 {
      try bench.begin()
      let target = bench.task.target
      let (shifts, turns) = (bench.seen("shift by axis"), bench.seen("turn by axis"))
      let here = try tipPose(bench)
      let positions = (0..<7).map { bench.sim.position(ofAxis: $0) }
      let error = target.position - here.position
      let turn = (target.orientation * here.orientation.conjugate).rotationVector
      for axis in 0..<7 {
        var moved = positions
        moved[axis] += 1e-6
        let there =
          bench.sim.pose(of: hand, at: bench.sim.rootPose, positions: moved) * Pose(position: Arm7.tip)
        let shift = (there.position - here.position).dot(error) / 1e-6 * tanh(10 * error.length) / error.length
        #expect(abs(shifts[axis] - shift) < 1e-4)
        let rate = (there.orientation * here.orientation.conjugate).rotationVector.dot(turn) / 1e-6
        #expect(abs(turns[axis] - tanh(3 * rate)) < 1e-4)
      }
    }
  }

  /// The transposed Jacobian, which the observation holds, as a controller: it mostly gets nearer, which no wrong sign
  /// would let it.
  @Test func followingTheAxesHelpsBringsTheHandNearer() throws {
    var bench = try bench(seed: 11)
    var nearer = 0
    for _ in 0..<20 {
      try bench.begin()
      let (error, turn) = (bench.seenVector("error").length, bench.seenVector("turn").length)
      for _ in 0..<75 {
        let action = zip(bench.seen("shift by axis"), bench.seen("turn by axis")).map { shift, turn in
          Float(min(max(4 * shift + 0.4 * turn, -1), 1))
        }
        try bench.step(action)
      }
      if bench.seenVector("error").length < 0.5 * error, bench.seenVector("turn").length < 0.5 * turn { nearer += 1 }
    }
    #expect(nearer >= 15, "\(nearer) of 20")
  }

  // MARK: Rewards and metrics

  @Test func rewardIsHighestAtTheTarget() throws {
    var bench = try bench()
    let far = bench.evaluateStep(Array(repeating: 0, count: 7)).values.reduce(0, +)
    // A share of 0 leaves one target: the neutral pose.
    var there = try self.bench(share: 0)
    there.sim.place(at: there.sim.rootPose)
    let terms = there.evaluateStep(Array(repeating: 0, count: 7))
    for (name, expected) in [
      ("distance", 0.0), ("angle", 0), ("near", 0.05), ("aligned", 0.05), ("hit", 0.1), ("smoothness", 0),
      ("effort", 0),
    ] {
      #expect(abs(try #require(terms[name]) - expected) < 1e-6, "\(name)")
    }
    #expect(far < 0.1)
  }

  @Test func restlessnessCosts() throws {
    var bench = try bench()
    let half = Array(repeating: Float(0.5), count: 7)
    let first = bench.evaluateStep(half)
    #expect(abs(try #require(first["smoothness"]) + 0.002 * 7 * 0.25) < 1e-8)
    #expect(abs(try #require(first["effort"]) + 0.001 * 7 * 0.25) < 1e-8)
    #expect(bench.evaluateStep(half)["smoothness"] == 0)
  }

  /// Only the last of the four seconds counts.
  @Test func figuresAreMeansOfTheLastSecond() throws {
    var bench = try bench(share: 0)
    let idle = Array(repeating: Float(0), count: 7)
    let neutral = bench.sim.model.neutralPositions
    #expect(try #require(bench.metrics["final_error_m"]).isNaN && bench.metrics["reached"] == 0)
    // With the last joint turned by 0.2 rad the tip is where it should be, but turned.
    var turned = neutral
    turned[6] += 0.2
    var lifted = neutral
    lifted[1] -= 0.3
    for step in 1...100 {
      // 75 steps anywhere, 15 turned, 10 at the target.
      bench.sim.place(at: bench.sim.rootPose, positions: step <= 75 ? lifted : step <= 90 ? turned : neutral)
      _ = bench.evaluateStep(idle)
    }
    #expect(try #require(bench.metrics["final_error_m"]) < 1e-9)
    #expect(abs(try #require(bench.metrics["final_angle_rad"]) - 0.12) < 1e-9)
    #expect(bench.metrics["within_2cm"] == 1 && bench.metrics["within_0.15rad"] == 1 && bench.metrics["reached"] == 1)
    // The next episode counts for itself.
    try bench.begin()
    for _ in 1...100 {
      bench.sim.place(at: bench.sim.rootPose, positions: turned)
      _ = bench.evaluateStep(idle)
    }
    #expect(bench.metrics["within_2cm"] == 1 && bench.metrics["within_0.15rad"] == 0 && bench.metrics["reached"] == 0)
  }

  // MARK: Left and right

  @Test func aMirroredReachIsTheMirrorOfTheReach() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var here = try bench(seed: seed)
      var there = try bench(seed: seed)
      let target = here.task.target
      let turn = target.orientation
      there.task.target = Pose(
        position: target.position * [1, -1, 1], orientation: Quaternion(w: turn.w, x: -turn.x, y: turn.y, z: -turn.z))
      let positions = (0..<7).map { here.sim.position(ofAxis: $0) * ($0.isMultiple(of: 2) ? -1 : 1) }
      there.sim.place(at: there.sim.rootPose, positions: positions)
      let deviation = try here.deviation(from: &there)
      #expect(deviation < 1e-4)
    }
  }
}
