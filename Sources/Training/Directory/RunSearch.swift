/// Finds the run, or the set of runs with several seeds, that a user wants to continue.
package enum RunSearch {
  /// What a start that was cut short may have left before there were settings.
  private static let leftovers: Set = ["checkpoints", "command.txt", "config.yaml.partial"]

  /// The run to continue: the one at `path`, or the robot's that was begun last.
  ///
  /// - Returns: nil where no run has begun.
  /// - Throws: `TrainingError` for a folder of something else, and where the run that was begun last is not known.
  package static func run(at path: String?, robot: String?) throws -> RunDirectory? {
    guard let path else {
      return try newest(of: robot, isSet: false).map(RunDirectory.init(path:))
    }
    let directory = RunDirectory(path: try RunDirectory.trimmed(path))
    switch Files.kind(at: directory.path) {
    case .nothing: return nil
    case .folder:
      if directory.isBegun { return directory }
      guard try !SeedFolder.isSet(directory.path) else {
        throw TrainingError(
          "'\(directory.path)' holds the runs of several seeds; name their seeds to continue them, or the folder of one"
        )
      }
      guard try leftovers.isSuperset(of: Files.names(in: directory.path)) else {
        throw TrainingError(
          "'\(directory.path)' is not a run directory: it has no config.yaml; only a run can be resumed")
      }
      return nil
    case .other: throw TrainingError("'\(directory.path)' is not a folder; only a run directory can be resumed")
    }
  }

  /// The folder of `train --seeds` to continue: the one at `path`, or the robot's that was begun last.
  ///
  /// - Returns: nil where there is none.
  /// - Throws: `TrainingError` as `run(at:robot:)` does.
  package static func set(at path: String?, robot: String?) throws -> String? {
    guard let path else { return try newest(of: robot, isSet: true) }
    let folder = try RunDirectory.trimmed(path)
    switch Files.kind(at: folder) {
    case .nothing: return nil
    case .folder:
      guard !RunDirectory(path: folder).isBegun else {
        throw TrainingError("'\(folder)' is the run of a single seed; name no seeds to continue it")
      }
      if try SeedFolder.isSet(folder) { return folder }
      guard try leftovers.isSuperset(of: Files.names(in: folder)) else {
        throw TrainingError(
          "'\(folder)' is not a folder with the runs of several seeds: it has no folders seed-1, seed-2, …")
      }
      return nil
    case .other:
      throw TrainingError("'\(folder)' is not a folder; only one with the runs of several seeds can be resumed")
    }
  }

  /// Says that there is nothing to continue.
  package static func nothing(at path: String?, robot: String?) -> String {
    path.map { "there is no run in \(quoted($0)) to resume" }
      ?? "there is no run of '\(robot ?? "")' to resume in '\(RunDirectory.root)/\(robot ?? "")'"
  }

  // MARK: The newest

  private struct Candidate {
    let path: String
    let isSet: Bool
    /// When it was begun, seconds since 1970, as it says itself.
    let begun: Double?
  }

  private static func newest(of robot: String?, isSet: Bool) throws -> String? {
    guard let robot else {
      throw TrainingError("resuming needs a run directory, or a robot whose newest run is to be continued")
    }
    let candidates = try candidates(of: robot)
    guard let first = candidates.first else { return nil }
    let newest = candidates.dropFirst().reduce(first) { ($1.begun ?? 0) > ($0.begun ?? 0) ? $1 : $0 }
    let rivals = candidates.filter { $0.path != newest.path && ($0.begun == nil || $0.begun == newest.begun) }
    guard rivals.isEmpty, newest.begun != nil || candidates.count == 1 else {
      let other = rivals.first ?? newest
      throw TrainingError(
        "it is unknown which run of '\(robot)' was started last: "
          + (other.begun == nil
            ? "'\(other.path)' has no command.txt that says when it was"
            : "'\(newest.path)' and '\(other.path)' say the same time") + "; name its run directory")
    }
    guard newest.isSet == isSet else {
      throw TrainingError(
        isSet
          ? "the newest run of '\(robot)', '\(newest.path)', has a single seed; name no seeds, or the folder of a set"
          : "the newest runs of '\(robot)', in '\(newest.path)', are those of several seeds; name their seeds to continue "
            + "them, or a run directory")
    }
    return newest.path
  }

  /// What has been begun in the robot's folder; runs of other robots in it do not count.
  private static func candidates(of robot: String) throws -> [Candidate] {
    let parent = "\(RunDirectory.root)/\(robot)"
    guard Files.kind(at: parent) == .folder else { return [] }
    return try Files.names(in: parent).compactMap { name in
      let path = "\(parent)/\(name)"
      let run = RunDirectory(path: path)
      if run.isBegun {
        if let theirs = try? SettingsFile.read(run.config).robot, theirs != robot { return nil }
        return Candidate(path: path, isSet: false, begun: run.begun)
      }
      guard try SeedFolder.isSet(path) else { return nil }
      let times = try SeedFolder.runs(in: path).compactMap { RunDirectory(path: $0).begun }
      return Candidate(path: path, isSet: true, begun: run.begun ?? times.min())
    }
  }
}

extension RunDirectory {
  /// When the run was begun, seconds since 1970, as the first line of `command.txt` says; nil if it does not.
  fileprivate var begun: Double? {
    guard Files.kind(at: command) == .other, let bytes = try? Files.read(command, limit: 1 << 24) else { return nil }
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard line.hasPrefix("# "), let comma = line.firstIndex(of: ",") else { return nil }
    return Host.seconds(ofTime: String(line.dropFirst(2).prefix(upTo: comma)))
  }
}
