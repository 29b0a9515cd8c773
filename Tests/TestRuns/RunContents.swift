import Foundation
import Learning
import Networks
import Storage
import Training

/// What a run directory holds, without what a clock had a say in.
package struct RunContents {
  /// Rows of cells, the header first.
  package let progress: [[String]]
  package let evaluations: [[String]]
  package let last: [UInt8]
  package let best: [UInt8]
  package let summary: NSDictionary?

  /// - Parameter name: the run directory within `folder`.
  package init(_ name: String, in folder: TemporaryFolder) throws {
    let run = RunDirectory(path: "\(folder.path)/\(name)")
    progress = try Self.rows(run.progress)
    evaluations = try Self.rows(run.evaluations)
    var state = try TensorFile(contentsOf: run.last)
    state.metadata["clock"] = nil
    state.metadata["files"] = nil
    state.metadata["machine_speed"] = nil
    last = state.encoded()
    best = [UInt8](try Data(contentsOf: URL(fileURLWithPath: run.best)))
    let document = FileManager.default.contents(atPath: run.summary)
    summary = try document.map { document in
      var members = try JSONSerialization.jsonObject(with: document) as? [String: Any] ?? [:]
      let own: Set = ["run_dir", "policy", "doctor", "replay"]
      for key in members.keys where key.hasSuffix("_seconds") || own.contains(key) {
        members[key] = nil
      }
      if var evaluation = members["evaluation"] as? [String: Any] {
        evaluation["policy"] = nil
        members["evaluation"] = evaluation
      }
      return NSDictionary(dictionary: members)
    }
  }

  private static func rows(_ path: String) throws -> [[String]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = rows.first else { return [] }
    let kept = header.indices.filter { !header[$0].hasSuffix("seconds") && header[$0] != "steps_per_second" }
    return rows.map { row in row.count == header.count ? kept.map { row[$0] } : row }
  }

  /// What is not the same, to the bit.
  package func differences(from other: RunContents) -> [String] {
    let parts = [
      ("progress.csv", progress == other.progress), ("evaluations.csv", evaluations == other.evaluations),
      ("last.safetensors", last == other.last), ("best.safetensors", best == other.best),
      ("summary.json", summary == other.summary),
    ]
    return parts.filter { !$0.1 }.map(\.0)
  }
}
