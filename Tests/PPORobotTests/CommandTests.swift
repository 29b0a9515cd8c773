import Foundation
import PPORobot
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// What a user sees who runs the built command.
@Suite struct CommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) throws -> Command.Outcome { try Command.run(arguments, in: folder) }

  @Test func versionAndHelp() throws {
    let version = try run("--version")
    #expect(version.status == 0)
    #expect(version.output == "ppo-robot \(PPORobot.version)\n")
    for arguments in [["--help"], ["train", "--help"], ["help", "evaluate"], ["list", "-h"]] {
      let help = try Command.run(arguments, in: folder)
      #expect(help.status == 0)
      #expect(help.output.hasPrefix("OVERVIEW: "))
      #expect(help.errors.isEmpty)
    }
    let train = try run("train", "--help").output
    for key in TrainingKey.all(of: .standard) { #expect(train.contains(key.name)) }
  }

  @Test(arguments: [
    (
      ["train", "--robot", "bipde"],
      "unknown robot 'bipde'; did you mean 'biped'? the robots are " + Catalog.standard.names.joined(separator: ", ")
    ),
    (
      ["trian"],
      "unknown command 'trian'; did you mean 'train'? the commands are train, watch, plot, evaluate, compare, render, play, "
        + "list, check, describe, new, benchmark, rerun-crash"
    ),
    (["train", "--robot", "pendulum", "--stepz", "4"], "Unknown option '--stepz'. Did you mean '--steps'?"),
    (
      ["train", "--robot", "pendulum", "--steps", "0"],
      "--steps is '0'; it must be a whole number from 1 to 1000000000000"
    ),
    (["train", "--robot", "pendulum", "--envs", "-4"], "--envs is '-4'; it must be a whole number from 1 to 65536"),
    (
      ["train", "--robot", "pendulum", "--set", "ppo.clip=nan"],
      "setting 'ppo.clip' is 'nan'; it must be a number from 1e-06 to 10"
    ),
    (
      ["train", "--robot", "pendulum", "--set", "ppo.clp=1"],
      "unknown setting 'ppo.clp'; did you mean 'ppo.clip'?"
    ),
    (["train", "--robot", "pendulum", "--config", "none.yaml"], "cannot read 'none.yaml': No such file or directory"),
    (
      ["train", "--robot", "pendulum", "--run-dir", "/dev/null"],
      "'/dev/null' is not a folder; the run directory of a new run must be new or empty"
    ),
    (["evaluate"], "nothing to evaluate; name a robot, a policy or both"),
    (["evaluate", "--policy", "none"], "no policy file or run directory 'none'"),
    (
      ["evaluate", "--robot", "pendulum", "--policy", "zero", "--episodes", "NaN"],
      "--episodes is 'NaN'; it must be a whole number from 1 to 1000000"
    ),
    (
      ["evaluate", "--robot", "pendulum", "--policy", "zero", "--threads", "0"],
      "--threads is '0'; it must be a whole number from 1 to 1024"
    ),
    (
      ["evaluate", "--robot", "pendulum", "--robustness"],
      "robot 'pendulum' has no simulated body, so its robustness cannot be measured"
    ),
    (
      ["evaluate", "--robot", "arm", "--robustness-out", "x.csv"],
      "--robustness-out says where the table of --robustness goes; give --robustness as well"
    ),
    (
      ["compare", "zero", "random"],
      "neither 'zero' nor 'random' is a file or folder; --robot must say whose policies they are"
    ),
    (
      ["compare", "zero,,random", "zero", "--robot", "arm"], "'zero,,random' has an empty place; remove the extra comma"
    ),
    (
      ["train", "--robot", "pendulum", "--seeds", "3-1"],
      "--seeds is '3-1'; it must be whole numbers or ranges of them, as in --seeds 1-5 or --seeds 1,2,7"
    ),
    (
      ["train", "--robot", "pendulum", "--seeds", "0-18446744073709551615"],
      "--seeds is '0-18446744073709551615'; at most 1000 seeds can be trained at once, "
        + "as in --seeds 1-5 or --seeds 1,2,7"
    ),
    (
      ["train", "--robot", "pendulum", "--seeds", "1,1-2"],
      "--seeds is '1,1-2'; no seed may be given twice, as in --seeds 1-5 or --seeds 1,2,7"
    ),
    (
      ["train", "--robot", "pendulum", "--seeds", "1-2", "--seed", "1"],
      "--seed and --seeds exclude each other; give one of them"
    ),
    (
      ["benchmark", "--robot", "bipde"],
      "unknown robot 'bipde'; did you mean 'biped'? the robots are " + Catalog.standard.names.joined(separator: ", ")
    ),
    (["benchmark", "--threads", "0"], "--threads is '0'; it must be a whole number from 1 to 1024"),
    (["benchmark", "--seconds", "-1"], "--seconds is '-1'; it must be a number from 0 to 3600"),
  ])
  func mistakesGetOneLine(_ arguments: [String], _ message: String) throws {
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status > 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first.map(String.init) == "Error: \(message)")
    #expect(folder.contents.isEmpty)
  }

  @Test func list() throws {
    let robots = try #require(try run("list", "--json").json() as? [[String: Any]])
    #expect(robots.map { $0["name"] as? String } == Catalog.standard.names)
    for robot in robots {
      #expect(
        Set(robot.keys)
          == ["name", "summary", "observations", "actions", "control_hz", "episode_s", "has_policy"])
    }
    #expect(robots[0]["observations"] as? Int == 3)
    #expect(robots[0]["control_hz"] as? Double == 20)
    let table = try run("list")
    #expect(table.lines.count == 1 + Catalog.standard.names.count)
  }

  @Test func evaluateJSON() throws {
    let arguments = [
      "evaluate", "--robot", "pendulum", "--policy", "random", "--episodes", "20", "--seed", "3", "--json",
    ]
    let one = try Command.run(arguments + ["--threads", "1"], in: folder)
    #expect(one.status == 0)
    #expect(one.errors.isEmpty)
    #expect(try Command.run(arguments + ["--threads", "2"], in: folder).output == one.output)
    let document = try #require(try one.json() as? [String: Any])
    #expect(
      Set(document.keys) == [
        "robot", "policy", "episodes", "seed", "steps", "distinct_starts", "return", "length", "length_s", "endings",
        "metrics", "success", "ending_shares", "effort", "physics",
      ])
    #expect(document["success"] is NSNull && document["effort"] is NSNull && document["physics"] is NSNull)
    let shares = try #require(document["ending_shares"] as? [String: [String: Any]])
    #expect(shares["truncated"]?["share"] as? Double == 1)
    // Wilson's interval for 20 of 20.
    let interval = try #require(shares["truncated"]?["ci95"] as? [Double])
    #expect(abs(interval[0] - 0.8388748419471806) < 1e-12 && interval[1] == 1)
    #expect(document["robot"] as? String == "pendulum")
    #expect(document["policy"] as? String == "random")
    #expect(document["seed"] as? Int == 3)
    #expect(document["steps"] as? Int == 4000)
    #expect(document["distinct_starts"] as? Int == 20)
    #expect((document["endings"] as? [String: Int])?["truncated"] == 20)
    let figures = try #require(document["return"] as? [String: Any])
    #expect(Set(figures.keys) == ["mean", "std", "ci95", "min", "p05", "p50", "p95", "max"])
    #expect((figures["ci95"] as? [Double])?.count == 2)
  }
}
