import Environments
import Foundation
import Learning
import Networks
import Robotics
import Storage
import TestRuns
import Testing
import Training

/// Files that were changed at random: each is refused in one line or still says the same; nothing traps.
@Suite struct DamageTests {
  /// How many files of each kind; `Benchmarks/ordeal` asks for more.
  private static let count = ProcessInfo.processInfo.environment["PPO_ROBOT_DAMAGED_FILES"].flatMap { Int($0) } ?? 500

  private static let catalog = Catalog([
    .walker(settings: ["envs": 4, "ppo.horizon": 8, "ppo.hidden_layers": "[8]", "ppo.value_layers": "[8]"])
  ])

  /// What a random hand does to a file: bytes changed, cut off, taken out, put in, moved, mixed with another file's.
  private static func damage(_ bytes: [UInt8], _ other: [UInt8], using random: inout Random) -> [UInt8] {
    var result = bytes
    let position = random.index(below: bytes.count)
    let end = position + random.index(below: bytes.count - position)
    switch random.index(below: 8) {
    case 0, 1: result[position] = UInt8(truncatingIfNeeded: random.next())
    case 2: result[position] ^= 1 << UInt8(random.index(below: 8))
    case 3: result = Array(bytes[..<position])
    case 4: result.removeSubrange(position..<end)
    case 5: result.insert(contentsOf: bytes[position..<end], at: random.index(below: bytes.count))
    case 6: result = Array(bytes[..<position]) + other.dropFirst(random.index(below: other.count))
    default:
      // A number of the header, where damage has most to say.
      let header = min(bytes.count, 600)
      result[random.index(below: header)] = UInt8(ascii: "0") + UInt8(random.index(below: 10))
    }
    return result
  }

  private static func isOneLine(_ error: any Error) -> Bool {
    let text = "\(error)"
    return !text.isEmpty && !text.contains("\n") && text.count < 1000
  }

  private func plan(_ settings: String...) throws -> TrainingPlan {
    var request = TrainingRequest()
    request.robot = "walker"
    request.assignments = settings
    return try TrainingPlan(request, in: Self.catalog)
  }

  @Test func damagedCheckpoints() throws {
    let plan = try plan()
    let training = try Training(plan)
    let bytes = try training.checkpoint().encoded()
    let other = try Training(self.plan("seed=2")).checkpoint().encoded()
    var random = Random(seed: 1)
    var harmless = 0
    for _ in 0..<Self.count {
      let damaged = Self.damage(bytes, other, using: &random)
      var asPolicy: PolicyFile?
      do { asPolicy = try PolicyFile.read(damaged, from: "it") } catch { #expect(Self.isOneLine(error)) }
      var resumed = try Training(plan)
      var isResumed = false
      do {
        try resumed.restore(from: TensorFile(decoding: damaged))
        isResumed = true
      } catch { #expect(Self.isOneLine(error)) }
      #expect((asPolicy != nil) == isResumed)
      guard isResumed else { continue }
      harmless += 1
      // A splice may have taken all from one file or the other; nothing in between.
      let encoded = try TensorFile(decoding: damaged).encoded()
      #expect(encoded == bytes)
    }
    #expect(harmless < Self.count / 4)
  }

  /// The built command says so in one line and leaves the run as it is.
  @Test func aDamagedCheckpointIsNotResumed() throws {
    let folder = try TemporaryFolder()
    _ = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "3000", "--run-dir", "run", "--quiet"], in: folder)
    let path = folder.path + "/run/checkpoints/last.safetensors"
    let bytes = [UInt8](try folder.data("run/checkpoints/last.safetensors"))
    var random = Random(seed: 3)
    for _ in 0..<8 {
      var damaged = bytes
      damaged[random.index(below: bytes.count)] ^= 4
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      let progress = try folder.data("run/progress.csv")
      let outcome = try Command.run(["train", "--resume", "--run-dir", "run", "--steps", "9000"], in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("Error: 'run/checkpoints/last.safetensors' cannot be resumed: it"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try folder.data("run/progress.csv") == progress)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(
      try Command.run(["train", "--resume", "--run-dir", "run", "--steps", "9000", "--quiet"], in: folder).status == 0)
  }

  @Test func damagedSettings() throws {
    let folder = try TemporaryFolder()
    let entry = try #require(Self.catalog["walker"])
    let bytes = Array(SettingsFile.text(of: try plan().settings, robot: "walker").utf8)
    let other = Array("{robot: walker, ppo: {clip: 0.1, hidden_layers: [1, 2]}}\n# &\n".utf8)
    let marks: [[UInt8]] =
      [
        "{", "}", "[", "]", ": ", "- ", "\n", "  ", "\t", "'", "\"", "|\n", ">\n", "!!", "%", "---\n", "...\n", "? ",
        "&a", "*a", "#",
        "\0", "\u{FEFF}", "\r", "\u{2028}", "<<: ", "1e999", "-0", "nan", "~", "ppo:", "99999999999999999999",
        "0x1p-9999",
      ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]]
    var random = Random(seed: 4)
    var accepted = 0
    for _ in 0..<Self.count {
      var damaged = bytes
      for _ in 0...random.index(below: 3) {
        if random.index(below: 2) == 0 {
          damaged.insert(
            contentsOf: marks[random.index(below: marks.count)], at: random.index(below: max(1, damaged.count)))
        } else {
          damaged = Self.damage(damaged.isEmpty ? bytes : damaged, other, using: &random)
        }
      }
      let path = folder.path + "/settings.yaml"
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      do {
        _ = try TrainingSettings.resolved(for: entry, file: path, assignments: [], options: [])
        accepted += 1
      } catch { #expect(error is TrainingError && Self.isOneLine(error), "\(error)") }
    }
    #expect(accepted > 0 && accepted < Self.count)
  }
}
