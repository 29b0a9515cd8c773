import Environments
import Foundation
import Learning
import Networks
import Reporting
import Robotics
import TestEnvs
import TestRuns
import Testing
import Training

@Suite struct CrashRerunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A robot whose every step fails.
  private let broken = Catalog.Entry("walker", summary: "", env: { FaultyEnv(try Walker(), rate: 1) })

  private func file(
    _ actions: [Float] = [0.5], robot: String = "walker", spec: EnvSpec? = nil, snapshot: [UInt8]? = nil,
    difficulty: Double = 1, stepsBefore: Int = 4, reason: String = "it was too loud"
  ) throws -> String {
    let crash = CrashFile(
      robot: robot, spec: try spec ?? Walker().spec, env: 3, step: 12_345, reason: reason,
      tail: EpisodeTail(
        seed: 9, difficulty: difficulty, snapshot: snapshot, stepsBefore: stepsBefore, observation: [0.25],
        actions: actions))
    let path = folder.path + "/crash.safetensors"
    try crash.file.write(to: path)
    return path
  }

  @Test func toldInWordsAndAsJSON() throws {
    let rerun = try CrashRerun(ofFileAt: try file(), in: Catalog([broken]))
    let reason = "the episode starts with nan in column 0 of 'position'"
    #expect(rerun.verdict == "Reproduced: step 5 of the episode fails: \(reason)")
    #expect(
      rerun.text == """
        walker, env 3, failed at step 12,345: it was too loud
        Repeated from its start, 1 control step, episode seed 9.

        step of the episode     5
        position             0.25
        action push           0.5
        reward                  0
        """)
    let json = try JSONSerialization.jsonObject(with: Data(rerun.json.line.utf8))
    #expect(
      NSDictionary(dictionary: try #require(json as? [String: Any])) == [
        "robot": "walker", "env": 3, "step": 12_345, "episode_seed": 9, "first_step": 5, "steps": 1,
        "recorded_reason": "it was too loud", "reproduced": true, "breaks_at": 5, "reason": reason,
        "last": [
          ["episode_step": 5, "observation": ["position": [0.25]], "action": ["push": 0.5], "reward": 0]
        ],
      ])
  }

  @Test func whatDoesNotBreakDownIsSaid() throws {
    let sound = Catalog([Catalog.Entry.walker()])
    let through = try CrashRerun(ofFileAt: try file([0, 0, 0, 0]), in: sound)
    #expect(!through.isReproduced && through.rerun.steps.count == 4)
    #expect(through.verdict.hasPrefix("not reproduced: nothing fails up to step 8 of the episode; the fault "))
    let over = try CrashRerun(ofFileAt: try file(Array(repeating: 1, count: 12)), in: sound)
    #expect(!over.isReproduced && over.verdict.contains("by fell off; the fault "))
    let early = try CrashRerun(ofFileAt: try file([0, 0]), in: Catalog([broken]))
    #expect(!early.isReproduced)
    #expect(early.verdict.hasPrefix("not reproduced: step 5 of the episode fails already, not step 6: "))
    // The last steps alone are shown.
    #expect(through.text.contains("step of the episode      6      7      8\n"), "\(through.text)")
  }

  @Test func whatDoesNotFitIsRefusedInOneLine() throws {
    func message(_ path: String) -> String {
      do {
        _ = try CrashRerun(ofFileAt: path, in: Catalog([broken]))
        return "taken"
      } catch { return "\(error)" }
    }
    let none = folder.path + "/none"
    #expect(message(none).contains("is not a sound crash file: \(none) cannot be read: No such file or directory"))
    #expect(message(try folder.write("text", to: "text")).contains("is not a sound crash file: "))
    #expect(
      message(try file(robot: "runner")).hasSuffix("is of robot 'runner', which is unknown here; the robots are walker")
    )
    #expect(
      message(try file(spec: try Walker(actionName: "pull").spec)).contains(
        "does not fit robot 'walker' as it is now: "))
    #expect(message(try file(snapshot: [1])).hasSuffix("as it is now: the saved state ends too early"))
    for difficulty in [Double.nan, -0.1, 1.1, .infinity] {
      #expect(message(try file(difficulty: difficulty)).contains("its difficulty is \(difficulty); 0 to 1 is possible"))
    }
    #expect(
      message(try file([0, 0], stepsBefore: 19)).contains(
        "it holds 2 actions after 19 steps of an episode, which has 20"))
    let long = [UInt8](repeating: 1, count: 64)
    #expect(message(try file(snapshot: long)).hasSuffix("it holds more than the env needs"))
    let endless = message("/dev/zero")
    #expect(endless.contains("/dev/zero cannot be read: it is a device, not a file"))
  }

  /// Names and reasons of a file are text, not what a terminal obeys.
  @Test func escapesDoNotReachTheTerminal() throws {
    let evil = "\u{1B}]0;title\u{7}\u{1B}[2J\u{9B}31m\nError: \u{202E}gnp\u{2028}x"
    let reported = try CrashRerun(ofFileAt: try file(reason: evil), in: Catalog([broken]))
    #expect(reported.text.contains(#"12,345: \u{1B}]0;title\u{7}\u{1B}[2J\u{9B}31m\u{A}Error: \u{202E}gnp\u{2028}x"#))
    _ = try file(robot: evil)
    let outcome = try Command.run(["rerun-crash", "crash.safetensors"], in: folder)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.errors.contains(#"of robot '\u{1B}]0;title\u{7}"#))
    #expect(outcome.errors.dropLast().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  /// By its former name as well.
  @Test func theCommand() throws {
    let outcome = try Command.run(["replay-crash", "none"], in: folder)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: 'none' is not a sound crash file: none cannot be read: No such file or directory; 'ppo-robot train' "
        + "writes them\n")
    let pendulum = try EnvSpec(
      observations: ["cosine", "sine", "speed"].map { ObservationSlice($0, count: 1) },
      actions: [ActionChannel("torque", low: -2, high: 2)], controlInterval: 0.05, episodeSteps: 200)
    let crash = CrashFile(
      robot: "pendulum", spec: pendulum, env: 0, step: 1, reason: "odd",
      tail: EpisodeTail(seed: 1, snapshot: nil, stepsBefore: 0, observation: [1, 0, 0], actions: [.nan]))
    try crash.file.write(to: folder.path + "/odd")
    let odd = try Command.run(["rerun-crash", "odd"], in: folder)
    #expect(odd.status == 0 && odd.errors.isEmpty)
    #expect(odd.lines.last == "Reproduced: step 1 of the episode fails: the policy's action 'torque' is nan")
    var sound = crash
    sound.tail.actions = [1]
    try sound.file.write(to: folder.path + "/sound")
    let through = try Command.run(["rerun-crash", "sound", "--json"], in: folder)
    #expect(through.status == 1)
    #expect((try through.json() as? [String: Any])?["reproduced"] as? Bool == false)
    #expect(
      through.errors.hasPrefix("Error: 'sound': not reproduced: nothing fails up to step 1 of the episode; "))
  }

  // MARK: What is said on the way

  @Test func linesBecomeRarer() {
    var reported: [Int] = []
    for number in 1...1_200 where FaultLog.isReported(after: number - 1, before: number) { reported.append(number) }
    #expect(reported == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
    #expect(FaultLog.isReported(after: 3, before: 700) && !FaultLog.isReported(after: 5, before: 9))
    #expect(!FaultLog.isReported(after: 0, before: 0))
    // At the end of all counting nothing overflows.
    #expect(!FaultLog.isReported(after: .max - 1, before: .max) && FaultLog.isReported(after: 0, before: .max))
  }
}
