import Environments
import Foundation
import Learning
import Networks
import Physics
import Robotics
import TestRuns
import Testing
import Training

/// The fields that a task saves are checked when they are read from a file.
@Suite struct SavedFieldTests {
  /// Stays up and remembers values of all plain kinds.
  private struct Remembering: RobotTask {
    let summary = "remembers"
    let episodeSeconds = 1.0
    let endings: [String] = []
    private(set) var steps = 0
    private(set) var height = 0.25
    private(set) var share: Float = 0.5
    private(set) var start = Vector3(1, 2, 3)
    private(set) var turn = Quaternion.identity
    private(set) var sums = [0.75, 0.5]
    private(set) var least = Double.infinity
    static let savedFields: [SavedField<Remembering>] = [
      .init(\.steps), .init(\.height), .init(\.share), .init(\.start), .init(\.turn), .init(\.sums),
      .init(\.least, permitsNonFinite: true),
    ]
    /// Bytes of all of them: seven numbers stand before `sums`, whose count is written as well.
    static let byteCount = 8 + 8 + 4 + 24 + 32 + 8 + 16 + 8

    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      sim.place(at: sim.rootPose)
      (steps, least) = (0, .infinity)
    }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("height", sim.pose(of: LinkID(index: 0)).position.z, into: &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      steps += 1
      reward.add("still", 1)
      return .running
    }
  }

  private static let entry = Catalog.Entry("strutter", Strutter(), Remembering())

  private func saved(_ task: Remembering = Remembering()) -> [UInt8] {
    var writer = StateWriter()
    task.save(to: &writer)
    return writer.bytes
  }

  private func bytes(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
  }

  /// Where a field's number stands among the bytes, and what names it.
  private static let places: [(offset: Int, name: String)] = [
    (8, "height"), (20, "start"), (36, "start"), (44, "turn"), (68, "turn"), (84, "sums"), (92, "sums"),
  ]

  @Test func aValueThatIsNotFiniteIsRefusedByName() throws {
    let sound = saved()
    #expect(sound.count == Remembering.byteCount)
    for (offset, name) in Self.places {
      for value in [Double.nan, .infinity, -.infinity] {
        var changed = sound
        changed.replaceSubrange(offset..<offset + 8, with: bytes(value))
        var task = Remembering()
        var reader = StateReader(changed)
        let error = #expect(throws: StateError.self) { try task.restore(from: &reader) }
        let text = "\(try #require(error))"
        #expect(text.contains("saved field \\Remembering.\(name): \(value) where a finite number belongs"), "\(text)")
      }
    }
    var task = Remembering()
    var odd = sound
    odd.replaceSubrange(16..<20, with: [0, 0, 0x80, 0x7F])
    var reader = StateReader(odd)
    #expect(throws: StateError.self) { try task.restore(from: &reader) }
    // The last may be infinite, and is.
    reader = StateReader(sound)
    try task.restore(from: &reader)
    #expect(task.least == .infinity && reader.isAtEnd)
  }

  /// A number in a checkpoint and in a crash file that has been changed, and nothing else.
  @Test func checkpointsAndCrashFilesAreRefused() throws {
    var request = TrainingRequest()
    request.robot = "strutter"
    request.assignments = ["envs=1", "shards=1", "ppo.horizon=8", "ppo.minibatch=8", "ppo.hidden_layers=[4]"]
    let plan = try TrainingPlan(request, in: Catalog([Self.entry]))
    let training = try Training(plan)
    let mark = bytes(0.75) + bytes(0.5)
    func broken(_ state: [UInt8]) throws -> [UInt8] {
      let place = try #require(state.indices.first { state[$0...].starts(with: mark) })
      var changed = state
      changed.replaceSubrange(place..<place + 8, with: bytes(.nan))
      return changed
    }
    var file = try training.checkpoint()
    file.set("envs", .uint8(try broken(file.bytes("envs"))))
    var resumed = try Training(plan)
    let error = #expect(throws: LearningError.self) { try resumed.restore(from: file) }
    #expect(error?.description.contains(".sums: nan where a finite number belongs") == true, "\(error as Any)")

    let env = GuardedEnv(try RobotEnv(Strutter(), Remembering()))
    var writer = StateWriter()
    env.save(to: &writer)
    let folder = try TemporaryFolder()
    let spec = try Self.entry.spec()
    let crash = CrashFile(
      robot: "strutter", spec: spec, env: 0, step: 1, reason: "it fell",
      tail: EpisodeTail(
        seed: 1, difficulty: 1, snapshot: try broken(writer.bytes), stepsBefore: 0,
        observation: [Float](repeating: 0, count: spec.observationCount),
        actions: [Float](repeating: 0, count: spec.actionCount)))
    try crash.file.write(to: folder.path + "/crash")
    let refusal = #expect(throws: TrainingError.self) {
      try CrashRerun(ofFileAt: folder.path + "/crash", in: Catalog([Self.entry]))
    }
    #expect(refusal?.description.contains(".sums: nan where a finite number belongs") == true, "\(refusal as Any)")
  }
}
