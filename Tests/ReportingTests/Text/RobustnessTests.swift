import Environments
import Foundation
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

@Suite struct RobustnessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A row in which so many of ten succeed at levels 0, 1, 2, …
  private func row(_ counts: [Int], levels: Int = 3) -> Robustness.Row {
    let sweep = DisturbanceSweep(
      name: "sea_state", unit: "m", nominal: 0, levels: (1...levels).map { Double($0) }
    ) { _, _ in }
    return Robustness.Row(
      sweep: sweep,
      cells: counts.enumerated().map {
        Robustness.Cell(level: Double($0), success: Proportion($1, of: 10), episodeReturn: Statistics([Double($1)]))
      })
  }

  @Test func aRowTellsHowFarItGoes() {
    #expect(row([10, 9, 6, 2]).reach(0.9) == 1 && row([10, 9, 6, 2]).reach(0.5) == 2)
    #expect(
      row([10, 9, 6, 2]).sentence
        == "sea state: 90 % or more succeed up to 1 m, half or more up to 2 m, fewer than half at 3 m")
    #expect(row([10, 9, 9, 10]).sentence == "sea state: 90 % or more succeed up to 3 m, the most that was tried")
    #expect(row([10, 2]).sentence == "sea state: 90 % or more succeed only undisturbed, fewer than half at 1 m")
    #expect(
      row([8, 7, 1]).sentence
        == "sea state: fewer than 90 % succeed even undisturbed, half or more up to 1 m, fewer than half at 2 m")
    #expect(row([2]).sentence == "sea state: fewer than 90 % succeed even undisturbed, nor do half")
    // What recovers further on does not count.
    #expect(row([10, 8, 10, 10]).reach(0.9) == 0)
  }

  @Test func tablesSayTheSame() {
    let robustness = Robustness(rows: [row([10, 4])])
    #expect(
      robustness.csv.split(separator: "\n").map(String.init) == [
        "disturbance,unit,level,episodes,successes,success,success_ci95_low,success_ci95_high,return",
        "sea_state,m,0.0,10,10,1.0,0.7224672001371107,1.0,10.0",
        "sea_state,m,1.0,10,4,0.4,0.16818032970623614,0.6873262302663417,4.0",
      ])
    #expect(robustness.table.contains("sea state (m)      0        1       0.72 … 1      10"))
  }

  /// Pushes are for robots that can move away, friction for those with ground under them.
  @Test func sweepsSuitTheRobot() throws {
    let names = { (name: String) throws -> [String] in
      let model = try #require(try Catalog.standard[name]?.model())
      return DisturbanceSweep.all(for: model, episodeSeconds: 4, noiseUnits: []).map(\.name)
    }
    let common = [
      "friction", "softer_contacts", "harder_contacts", "more_mass", "less_mass", "motor_strength", "latency",
      "sensor_noise", "more_damping", "less_damping",
    ]
    #expect(try names("biped") == ["push"] + common)
    #expect(try names("arm") == common)
    let model = try #require(try Catalog.standard["biped"]?.model())
    for sweep in DisturbanceSweep.all(for: model, episodeSeconds: 4, noiseUnits: []) {
      var nominal = DomainRandomization()
      sweep.apply(&nominal, sweep.nominal)
      #expect(nominal.isOff)
      let distances = sweep.levels.map { abs($0 - sweep.nominal) }
      #expect(distances == distances.sorted() && distances.allSatisfy { $0 > 0 })
    }
  }

  @Test func theCommandSweepsAndSaves() throws {
    let arguments = [
      "evaluate", "--robot", "arm", "--episodes", "2", "--robustness", "--robustness-out", "table.csv", "--json",
    ]
    let outcome = try Command.run(arguments + ["--threads", "1"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let csv = try folder.text("table.csv").split(separator: "\n")
    let document = try #require(try outcome.json() as? [String: Any])
    let rows = try #require(document["robustness"] as? [[String: Any]])
    #expect(rows.count == 10)
    let success = try #require((document["success"] as? [String: Any])?["share"] as? Double)
    #expect(success >= 0.5)
    var cells = 0
    for row in rows {
      #expect(Set(row.keys) == ["disturbance", "unit", "holds_90", "holds_50", "levels"])
      let levels = try #require(row["levels"] as? [[String: Any]])
      let shares = levels.compactMap { ($0["success"] as? [String: Any])?["share"] as? Double }
      #expect(shares.count == levels.count && shares.first == success)
      // Each goes on until fewer than half succeed.
      #expect(shares.dropLast().allSatisfy { $0 >= 0.5 })
      cells += levels.count
    }
    #expect(csv.count == cells + 1)
    // Something is too much for every arm.
    #expect(rows.contains { row in (row["levels"] as? [[String: Any]])?.count ?? 99 < 8 })

    #expect(try Command.run(arguments + ["--threads", "3"], in: folder).output == outcome.output)
    let text = try Command.run(arguments.dropLast() + [], in: folder)
    #expect(text.lines.suffix(6).map { $0.prefix { $0 != ":" } }.contains("sensor noise"))
    #expect(text.errors == "The table is saved in table.csv\n")
  }

  @Test func aRunDirectoryKeepsItsTable() throws {
    let train = [
      "train", "--robot", "arm", "--steps", "2000", "--set", "evaluation.final_episodes=1", "--set",
      "evaluation.episodes=1", "--quiet", "--run-dir", "run",
    ]
    #expect(try Command.run(train, in: folder).status == 0)
    let outcome = try Command.run(["evaluate", "--policy", "run/", "--episodes", "2", "--robustness"], in: folder)
    #expect(outcome.errors == "The table is saved in run/robustness.csv\n")
    #expect(folder.contents.contains("run/robustness.csv"))
  }
}
