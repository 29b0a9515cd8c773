import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

@Suite struct CrashFileTests {
  private func crash(_ change: (inout CrashFile) -> Void = { _ in }) throws -> CrashFile {
    var crash = CrashFile(
      robot: "point", spec: try PointEnv().spec, env: 3, step: 12_345, reason: "the reward is nan: 'odd' \u{221E}",
      tail: EpisodeTail(
        seed: .max, snapshot: [1, 2, 255], stepsBefore: 17, observation: [1, 2, 3, 4], actions: [1, 2, 3, 4, 5, 6]))
    change(&crash)
    return crash
  }

  @Test func comesBackAsItWas() throws {
    for snapshot in [[1, 2, 255], [], nil] as [[UInt8]?] {
      let crash = try crash { $0.tail.snapshot = snapshot }
      #expect(try CrashFile(from: try TensorFile(decoding: crash.file.encoded())) == crash)
    }
  }

  @Test func keepsWhatIsNotFinite() throws {
    let crash = try crash { $0.tail.actions = [.nan, .infinity, -0.0, 1] }
    let found = try CrashFile(from: try TensorFile(decoding: crash.file.encoded()))
    #expect(found.tail.actions.map(\.bitPattern) == crash.tail.actions.map(\.bitPattern))
  }

  @Test func refusesWhatIsNotOne() throws {
    let file = try crash().file
    func refused(_ change: (inout TensorFile) -> Void) -> Bool {
      var damaged = file
      change(&damaged)
      do {
        _ = try CrashFile(from: damaged)
        return false
      } catch { return true }
    }
    #expect(!refused { _ in })
    for key in ["format", "version", "robot", "reason", "spec", "episode_seed"] {
      #expect(refused { $0.metadata[key] = nil }, "\(key)")
    }
    #expect(refused { $0.metadata["version"] = "0" })
    #expect(refused { $0.metadata["episode_seed"] = "-1" })
    #expect(refused { $0.set("place", .int64([-1, 0, 0])) })
    #expect(refused { $0.set("place", .int64([1, 2])) })
    #expect(refused { $0.set("actions", .float32([1, 2, 3])) })
    #expect(refused { $0.set("actions", .float32([]), shape: [0, 2]) })
    #expect(refused { $0.set("observation", .float32([1])) })
    #expect(refused { $0.set("snapshot", .float32([1])) })
  }
}
