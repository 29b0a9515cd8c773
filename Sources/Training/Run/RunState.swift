import Learning
import Networks
import Storage

/// What a training remembers beside learner and envs. With them it makes a checkpoint.
struct RunState: Sendable {
  var best: BestPolicy?
  /// Full evaluations for the goal so far.
  var confirmations = 0
  /// Whether the last of them reached the goal.
  var isSolved = false
  var recent = RecentEpisodes()
  var clock = TrainingClock()
  /// The lengths of the files that grow, by name.
  var lengths: [String: Int] = [:]

  /// Seconds that a clock may show: 30,000 years.
  private static let longestTime = 1e12

  init() {}

  /// Adds all of it to `file`: what depends on settings and seed alone as tensors, the rest as text.
  func save(to file: inout TensorFile) {
    file.set("goal", .int64([Int64(confirmations), isSolved ? 1 : 0]))
    file.set("recent.returns", .float64(recent.returns))
    file.set("recent.lengths", .float64(recent.lengths))
    if let best { file.set("best", .uint8(best.file)) }
    file.metadata["clock"] = "\(clock.training) \(clock.evaluation) \(clock.checkpoints) \(clock.logging)"
    file.metadata["files"] = lengths.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: "\n")
  }

  init(from file: TensorFile) throws {
    let goal = try file.integers("goal", shape: [2])
    guard (0...1 << 32).contains(goal[0]), (0...1).contains(goal[1]), goal[0] >= goal[1] else {
      throw LearningError("its count of full evaluations is \(goal)")
    }
    (confirmations, isSolved) = (Int(goal[0]), goal[1] == 1)
    recent = try RecentEpisodes(returns: file.doubles("recent.returns"), lengths: file.doubles("recent.lengths"))
    if file.tensors["best"] != nil {
      do { best = try BestPolicy(file: file.bytes("best")) } catch { throw LearningError("its best policy: \(error)") }
    }
    let seconds = try file.text("clock").split(separator: " ").compactMap { Double($0) }
    guard seconds.count == 4, seconds.allSatisfy((0...Self.longestTime).contains) else {
      throw LearningError("its clock is damaged")
    }
    clock = TrainingClock(
      training: seconds[0], evaluation: seconds[1], checkpoints: seconds[2], logging: seconds[3])
    for line in try file.text("files").split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let length = Int(parts[0]), length >= 0 else {
        throw LearningError("its list of files is damaged")
      }
      lengths[String(parts[1])] = length
    }
  }
}
