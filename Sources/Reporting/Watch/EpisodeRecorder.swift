import Environments
import Learning
import Networks
import Robotics
import Storage
import Training

/// Runs an episode of a run's present policy for those who watch.
package struct EpisodeRecorder {
  private let catalog: Catalog
  /// A run directory, or a folder of `train --seeds`.
  private let path: String
  private var episode = RefreshedValue<String?>()

  package init(_ path: String, in catalog: Catalog) {
    self.path = path
    self.catalog = catalog
  }

  /// An episode of the policy in the last checkpoint, as a JSON document; nil before there is one, and for an env without
  /// a picture. It begins as the first of `ppo-robot evaluate` does.
  package mutating func document() throws -> String? {
    guard let run = try RunWatcher.current(in: path), Files.kind(at: run.last) == .other else { return nil }
    let catalog = catalog
    return try episode.value(from: [run.last]) {
      let file = try TensorFile(contentsOf: run.last)
      let entry = try catalog.entry(named: try file.text("robot"))
      guard entry.hasPicture else { return nil }
      let recording = try Evaluator(entry: entry, workers: Workers(threads: 1))
        .record(NetworkPolicy(from: file), episode: 0, seed: Evaluator.defaultSeed, for: .evaluation)
      guard let recording, !recording.frames.isEmpty else { return nil }
      let label = (Int(try file.text("steps"))).map { "after \(NumberText.grouped($0)) steps" } ?? "at present"
      return EpisodeDocument([.init(label, number: 0, recording)], spec: try entry.spec()).json.line
    }
  }
}
