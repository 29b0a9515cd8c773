import Environments
import Foundation
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// What half the physics step changes for a policy.
struct StepHalvingTests {
  /// A position drive so stiff that 20 ms steps make it swing, and 2.5 ms steps do not.
  private struct Stiff: Robot {
    let name = "stiff"
    var substep = 0.02
    var physics: PhysicsSettings {
      PhysicsSettings(substep: substep, substeps: Int((0.04 / substep).rounded()), hasGround: false)
    }
    var body: Link {
      Link(
        "arm", .capsule(radius: 0.03, length: 0.5), mass: 1, center: [0, 0, -0.25], at: [0, 0, 1],
        joint: .hinge(
          Axis(
            "shoulder", [0, 1, 0], range: -2...2, neutral: 0.5,
            actuator: .position(stiffness: 1000, damping: 2, limit: 100, reach: 1))))
    }
  }

  private func halving(_ robot: some Robot) throws -> StepHalving {
    let entry = Catalog.Entry("stiff", robot, Hold(), goal: Goal(.mean("speed_rad_s", atMost: 0.1)))
    let policy = ZeroPolicy(spec: try entry.spec())
    let halving = try StepHalving(of: policy, for: entry, episodes: 4, seed: 1, on: Workers(threads: 1))
    return try #require(halving)
  }

  @Test func aStepThatMattersIsFound() throws {
    let coarse = try halving(Stiff())
    #expect(coarse.rows.map(\.name) == ["speed_rad_s"])
    #expect(coarse.findings.contains { $0.place == "speed_rad_s" && $0.id == "step_matters" })
    #expect(coarse.substep == 0.02)
    let fine = try halving(Stiff(substep: 0.0025))
    #expect(fine.findings.isEmpty, "\(fine.rows)")
  }

  @Test func theCommandHalvesTheStep() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(["check", "cartpole", "--policy", "zero", "--episodes", "3", "--json"], in: folder)
    let json = try #require(try outcome.json() as? [String: Any])
    let halving = try #require(json["half_step"] as? [String: Any])
    #expect(halving["substep_s"] as? Double == 0.005)
    #expect((halving["figures"] as? [[String: Any]])?.first?["name"] as? String == "success")
    for arguments in [["pendulum", "--policy", "zero"], ["cartpole", "--episodes", "3"]] {
      let refused = try Command.run(["check"] + arguments, in: folder)
      #expect(refused.status != 0 && refused.output.isEmpty && !refused.errors.isEmpty)
    }
  }
}

/// Holds still; how fast the arm moves at the end is its only metric.
private struct Hold: RobotTask {
  let summary = "holds still"
  let episodeSeconds = 2.0
  let endings: [String] = []
  let metrics = ["speed_rad_s"]

  mutating func prepare(for model: RobotModel) throws {}
  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws { sim.place(at: sim.rootPose) }
  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("angle", sim.position(ofAxis: 0), into: &row)
  }
  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    reward.add("alive", 1)
    return .running
  }
  func measure(_ sim: borrowing Simulation, into values: inout MetricCursor) {
    values.write("speed_rad_s", abs(sim.velocity(ofAxis: 0)))
  }
  func save(to writer: inout StateWriter) {}
  mutating func restore(from reader: inout StateReader) throws {}
}
