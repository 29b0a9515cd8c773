import Foundation
import TestRuns
import Testing

/// Benchmarks by the built command, as short as they can be.
@Suite struct BenchmarkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ arguments: [String]) throws -> (document: [String: Any], rows: [[String: Any]]) {
    let outcome = try Command.run(["benchmark", "--seconds", "0", "--json"] + arguments, in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let document = try #require(try outcome.json() as? [String: Any])
    return (document, try #require(document["rows"] as? [[String: Any]]))
  }

  @Test func physicsIsHeldAgainstItself() throws {
    let (document, rows) = try rows(["--threads", "2"])
    #expect(Set(document.keys) == ["machine", "threads", "fma_peak_gflops", "rows"])
    #expect(document["threads"] as? Int == 2)
    #expect(try #require(document["fma_peak_gflops"] as? Double) > 0)
    var byName: [String: [String: Any]] = [:]
    for row in rows {
      #expect(Set(row.keys) == ["name", "value", "unit", "against", "ratio"])
      let name = try #require(row["name"] as? String)
      #expect(byName.updateValue(row, forKey: name) == nil, "two rows are named '\(name)'")
      #expect(try #require(row["value"] as? Double).isFinite)
      #expect((row["against"] is String) == (row["ratio"] is Double))
    }
    for threads in ["1 thread", "2 threads"] {
      for name in ["env steps", "training", "training outside the physics"] {
        #expect(byName["\(name), \(threads)"]?["against"] as? String == "bare physics loop, \(threads)")
      }
      for net in ["64-64, minibatch 256", "128-64, minibatch 4,096"] {
        let share = try #require(byName["update arithmetic, \(net), \(threads)"]?["ratio"] as? Double)
        #expect(share > 0 && share < 1.5)
      }
      for part in ["envs", "the policy", "the update", "the physics"] {
        #expect(byName["training in \(part), \(threads)"] != nil)
      }
    }
    #expect(byName["rollout, 2 threads"]?["against"] as? String == "rollout, 1 thread")
  }

  @Test func withoutPhysicsThereIsNoBareLoop() throws {
    let (document, rows) = try rows(["--robot", "pendulum", "--threads", "1"])
    #expect(document["threads"] as? Int == 1)
    let names = rows.compactMap { $0["name"] as? String }
    #expect(names.contains("env steps, 1 thread"))
    #expect(!names.contains { $0.contains("physics") || $0.contains("2 threads") })
  }

  @Test func otherWaysToStepAreHeldAgainstTheRobotsOwn() throws {
    let arguments = ["benchmark", "--physics", "--robot", "arm", "--seconds", "0", "--json"]
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 0)
    let document = try #require(try outcome.json() as? [String: Any])
    let choices = try #require(document["choices"] as? [[String: Any]])
    #expect(choices.count >= 5)
    #expect(choices[0]["gain"] as? Double == 1)
    for choice in choices {
      #expect(Set(choice.keys) == ["name", "gain", "joint_gap_m", "energy_drift_per_s", "slip_m_s", "deviation_m"])
    }
  }

  @Test func withoutPhysicsThereIsNothingToChoose() throws {
    let outcome = try Command.run(["benchmark", "--physics", "--robot", "pendulum"], in: folder)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("robot 'pendulum' has no physics engine"))
  }

  @Test func theTableNamesTheMachine() throws {
    let arguments = ["benchmark", "--robot", "pendulum", "--threads", "1", "--seconds", "0"]
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.lines[0].contains("processor"))
    #expect(outcome.lines[1] == "pendulum, policy trained; 1 thread; medians")
    #expect(outcome.output.contains("GFLOP/s"))
  }
}
