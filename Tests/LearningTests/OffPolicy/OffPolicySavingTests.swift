import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

private func makeEnvs(seed: UInt64) throws -> VectorEnv {
  try VectorEnv(count: 9, shards: 4, seed: seed) { _ in FaultyEnv(try PointEnv(), rate: 0.01) }
}

/// A buffer of segments of 50 rows, which comes round in three iterations.
private func smallSettings<S: OffPolicyLearnerSettings>(_ type: S.Type) -> S {
  var settings = S()
  settings.common.becomeSmall()
  settings.common.bufferCapacity = 200
  settings.common.returnSteps = 3
  settings.common.updates = 3
  settings.common.horizon = 8
  settings.common.normalizeObservations = true
  settings.common.finalLearningRate = 1e-4
  settings.common.totalSteps = 2000
  return settings
}

private func state<L: Learner & ~Copyable>(_ learner: borrowing L, _ envs: VectorEnv) throws -> [UInt8] {
  try learner.trainingFile(envs: envs, robot: "point").encoded()
}

/// Goes on for a few iterations, so that a resumed learner can be compared.
private func advance<L: Learner & ~Copyable>(_ learner: inout L, _ envs: VectorEnv, by iterations: Int) throws {
  for _ in 0..<iterations { _ = try learner.improve(in: envs, on: Workers(threads: 1)) }
}

/// Exact resumption, with the replay buffer in the training state or in files beside it.
@Suite struct OffPolicySavingTests {
  @Test(arguments: OffPolicyKind.allCases, [0, 1, 3, 8])
  func goesOnAsIfNothingHadHappened(_ kind: OffPolicyKind, _ iterations: Int) throws {
    final class Run: OffPolicyTest<Void> {
      let iterations: Int
      init(_ iterations: Int) { self.iterations = iterations }
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        let settings = smallSettings(L.Settings.self)
        let envs = try makeEnvs(seed: 5)
        var straight = try L(spec: envs.spec, settings: settings, seed: 5)
        try advance(&straight, envs, by: iterations)
        let saved = try state(straight, envs)
        try advance(&straight, envs, by: 5)

        // Another seed, so that nothing can agree by itself.
        let others = try makeEnvs(seed: 6)
        var resumed = try L(spec: others.spec, settings: settings, seed: 6)
        try resumed.restore(envs: others, from: try TensorFile(decoding: saved))
        #expect(try state(resumed, others) == saved)
        try advance(&resumed, others, by: 5)
        #expect(try state(resumed, others) == state(straight, envs))
      }
    }
    try kind.open(Run(iterations))
  }

  /// A run that is killed after its files grew and before the checkpoint that refers to them goes on from the one before,
  /// and so does one that is killed later still.
  @Test(arguments: OffPolicyKind.allCases) func filesOutliveAKill(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Void> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        let settings = smallSettings(L.Settings.self)
        let (envs, folder) = (try makeEnvs(seed: 5), try ReplayFolder())
        var straight = try L(spec: envs.spec, settings: settings, seed: 5)
        try straight.keepFiles(in: folder.path)
        try advance(&straight, envs, by: 1)
        var checkpoint = try state(straight, envs)
        for _ in 0..<6 {
          try advance(&straight, envs, by: 1)
          // The files have grown; the checkpoint that would say so is lost.
          let next = try state(straight, envs)
          let copy = try folder.copy()
          let others = try makeEnvs(seed: 6)
          var resumed = try L(spec: others.spec, settings: settings, seed: 6)
          try resumed.keepFiles(in: copy.path)
          try resumed.restore(envs: others, from: try TensorFile(decoding: checkpoint))
          try advance(&resumed, others, by: 1)
          #expect(try state(resumed, others) == next)
          #expect(copy.segments == folder.segments)
          checkpoint = next
        }
        // A checkpoint is small, and only what the last two refer to is kept.
        let live = straight.core.buffer.liveSegments
        #expect(folder.segments.keys.allSatisfy { $0 >= live.lowerBound - 3 && $0 < live.upperBound })
        #expect(live.lowerBound > 3 && live.allSatisfy { folder.segments[$0] != nil })
        let file = try TensorFile(decoding: checkpoint)
        #expect(file.tensors["replay.rows"] == nil && file.metadata["replay"] == "files")
      }
    }
    try kind.open(Run())
  }

  /// What was written before is not written again.
  @Test func savingAppendsOnly() throws {
    let (envs, folder) = (try makeEnvs(seed: 5), try ReplayFolder())
    var settings = smallSettings(TD3Settings.self)
    settings.common.bufferCapacity = 4000
    var learner = try TD3(spec: envs.spec, settings: settings, seed: 5)
    try learner.keepFiles(in: folder.path)
    try advance(&learner, envs, by: 3)
    _ = try state(learner, envs)
    let path = "\(folder.path)/replay-0.f32"
    var bytes = try AtomicFile.read(path)
    let size = bytes.count
    #expect(size == learner.core.buffer.total * learner.core.buffer.rowLength * 4)
    bytes[5] ^= 1
    try AtomicFile.write(bytes, to: path)
    try advance(&learner, envs, by: 1)
    _ = try state(learner, envs)
    let later = try AtomicFile.read(path)
    #expect(later.count > size && Array(later[..<size]) == bytes)
  }

  /// A buffer from a training state without files moves to files, and the other way the error says what is missing.
  @Test func aBufferMovesToFiles() throws {
    let settings = smallSettings(SACSettings.self)
    let (envs, folder) = (try makeEnvs(seed: 5), try ReplayFolder())
    var straight = try SAC(spec: envs.spec, settings: settings, seed: 5)
    try advance(&straight, envs, by: 5)
    let saved = try state(straight, envs)
    let others = try makeEnvs(seed: 6)
    var resumed = try SAC(spec: others.spec, settings: settings, seed: 6)
    try resumed.keepFiles(in: folder.path)
    try resumed.restore(envs: others, from: try TensorFile(decoding: saved))
    let kept = try state(resumed, others)
    let last = try makeEnvs(seed: 7)
    var again = try SAC(spec: last.spec, settings: settings, seed: 7)
    #expect(
      throws: LearningError("its replay buffer is in the files beside it, whose folder is not known")
    ) { try again.restore(envs: last, from: try TensorFile(decoding: kept)) }
    try again.keepFiles(in: folder.path)
    try again.restore(envs: last, from: try TensorFile(decoding: kept))
    try advance(&again, last, by: 2)
    try advance(&straight, envs, by: 2)
    #expect(again.core.model.parameters == straight.core.model.parameters)
  }

  /// Damage is reported in one line, and the learner stays as it was.
  @Test func damageIsTold() throws {
    let settings = smallSettings(DDPGSettings.self)
    let (envs, folder) = (try makeEnvs(seed: 5), try ReplayFolder())
    var learner = try DDPG(spec: envs.spec, settings: settings, seed: 5)
    try learner.keepFiles(in: folder.path)
    try advance(&learner, envs, by: 4)
    let saved = try TensorFile(decoding: try state(learner, envs))
    let number = learner.core.buffer.liveSegments.lowerBound
    let path = "\(folder.path)/replay-\(number).f32"
    let bytes = try AtomicFile.read(path)
    var changed = bytes
    changed[17] ^= 64
    let damages: [(String, (inout TensorFile) throws -> Void)] = [
      ("cannot be read: No such file", { _ in unsafe unlink(path) }),
      ("is cut short", { _ in try AtomicFile.write(Array(bytes.dropLast(5)), to: path) }),
      ("do not fit their digest", { _ in try AtomicFile.write(changed, to: path) }),
      (
        "out of range",
        {
          try AtomicFile.write(bytes, to: path)
          $0.set("replay.counters", .int64([-1, 200, 12, 50]))
        }
      ),
      ("the settings ask for", { $0.set("replay.counters", .int64([1 << 50, 1 << 50, 1 << 40, 50])) }),
      ("No such file", { $0.set("replay.counters", .int64([1 << 50, 200, 12, 50])) }),
      ("incomplete transitions", { $0.set("replay.window.counts", .int64([9, 9, 9, 9, 9, 9, 9, 9, 9])) }),
      ("incomplete transitions", { $0.metadata["replay.envs"] = "1000000000" }),
      ("training state of 'sac'", { $0.metadata["learner"] = "sac" }),
      (
        "is not finite",
        {
          let count = $0.tensors["targets"]?.values.count ?? 0
          $0.set("targets", .float32(Array(repeating: .nan, count: count)))
        }
      ),
      ("random streams are damaged", { $0.set("learner.random", .uint8([1])) }),
    ]
    let before = try state(learner, envs)
    for (words, damage) in damages {
      var file = saved
      try damage(&file)
      do {
        try learner.restore(from: file)
        Issue.record("\(words): it was restored")
      } catch {
        #expect("\(error)".contains(words) && !"\(error)".contains("\n"), "\(error)")
      }
    }
    try AtomicFile.write(bytes, to: path)
    #expect(try state(learner, envs) == before)
  }

  @Test func networksAreCheckedBeforeTheyAreMade() throws {
    let spec = try PointEnv().spec
    var settings = smallSettings(TD3Settings.self)
    let learner = try TD3(spec: spec, settings: settings, seed: 1)
    var file = TensorFile()
    try learner.save(to: &file)
    try TD3.check(file, spec: spec, settings: settings, start: nil)
    settings.common.valueLayers = [4096, 4096]
    #expect(throws: StorageError.self) { try TD3.check(file, spec: spec, settings: settings, start: nil) }
  }
}
