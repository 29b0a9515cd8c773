import Learning
import Networks
import Storage

/// The policy that did best in an evaluation on the way.
struct BestPolicy: Sendable {
  let policy: NetworkPolicy
  /// Step after which it was evaluated.
  let step: Int
  /// What it was chosen by; see `score(of:)`.
  let score: Double
  /// The policy as its own file, `best.safetensors`.
  let file: [UInt8]

  /// How much a policy surely gets: the lower end of the 95 % interval of its mean return, so that a lucky evaluation does
  /// not win over a sound one. A single episode has no interval; its return then counts.
  static func score(of report: EvaluationReport) -> Double {
    report.episodeReturn.ci95?.lowerBound ?? report.episodeReturn.mean ?? -.infinity
  }

  /// - Parameters:
  ///   - file: the policy's.
  ///   - settings: text that says what the policy was trained with.
  ///   - fingerprint: what it was trained on.
  init(
    _ policy: NetworkPolicy, file: TensorFile, step: Int, score: Double, settings: String, fingerprint: Fingerprint
  ) {
    var file = file
    file.metadata["settings"] = settings
    file.metadata[PolicyFile.fingerprintKey] = fingerprint.text
    file.metadata["steps"] = "\(step)"
    file.metadata["score"] = "\(score)"
    self.policy = policy
    self.step = step
    self.score = score
    self.file = file.encoded()
  }

  /// The policy whose file these bytes are.
  init(file bytes: [UInt8]) throws {
    let file = try TensorFile(decoding: bytes)
    guard let step = Int(try file.text("steps")), (0...1 << 53).contains(step),
      let score = Double(try file.text("score")), !score.isNaN
    else { throw LearningError("the best policy does not say when it was found") }
    policy = try NetworkPolicy(from: file)
    self.step = step
    self.score = score
    self.file = bytes
  }
}
