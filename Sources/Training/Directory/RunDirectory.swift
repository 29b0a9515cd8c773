import Learning
import Networks
import Storage

/// The folder a training writes.
package struct RunDirectory: Sendable, Equatable {
  package let path: String

  package init(path: String) { self.path = path }

  package static let progressName = "progress.csv"
  package static let evaluationsName = "evaluations.csv"

  package var progress: String { "\(path)/\(Self.progressName)" }
  package var evaluations: String { "\(path)/\(Self.evaluationsName)" }
  /// All settings. Where this file exists, a run has begun.
  package var config: String { "\(path)/config.yaml" }
  /// The command lines that worked here.
  package var command: String { "\(path)/command.txt" }
  package var summary: String { "\(path)/summary.json" }
  /// The page that plays what the best policy does.
  package var replay: String { "\(path)/replay.html" }
  /// What it takes to repeat the first faults; there are none in most runs, and then no such folder.
  package var crashes: String { "\(path)/crashes" }
  /// The whole state of the training.
  package var last: String { "\(path)/checkpoints/last.safetensors" }
  /// The policy that did best in an evaluation.
  package var best: String { "\(path)/checkpoints/best.safetensors" }
  /// Where a learner keeps files that only grow, such as those of a replay buffer, if it has any.
  package var learnerFiles: String { "\(path)/checkpoints/buffer" }
  /// The policy that the training started from, if it was given one.
  package var initial: String { "\(path)/checkpoints/init.safetensors" }

  /// The files of the robot that the run trains, where it came from files.
  package var robot: String { "\(path)/robot.safetensors" }

  /// The default folder of runs.
  package static let root = "runs"

  /// Whether a run has begun here, so that it can be resumed.
  package var isBegun: Bool { Files.kind(at: config) == .other }

  /// Removes what writes that were cut short have left.
  func removePartialFiles() throws {
    for path in [config, summary, replay, last, best, initial, robot] {
      try Files.remove(AtomicFile.partialPath(of: path))
    }
  }

  // MARK: A new run

  /// Makes a folder: at `path`, where nothing or an empty folder must be, or else in a place of its own.
  package static func createFolder(at path: String?, robot: String) throws -> String {
    try path.map(givenFolder) ?? ownFolder(robot: robot)
  }

  /// Makes the folder of a new run, where `createFolder` says.
  package static func create(at path: String?, robot: String) throws -> RunDirectory {
    let directory = RunDirectory(path: try createFolder(at: path, robot: robot))
    try directory.createFolders()
    return directory
  }

  /// Makes what is missing of the folder and of the one in it.
  func createFolders() throws { try Files.createFolder("\(path)/checkpoints") }

  private static func givenFolder(_ path: String) throws -> String {
    let trimmed = try trimmed(path)
    switch Files.kind(at: trimmed) {
    case .nothing: try Files.createFolder(trimmed)
    case .folder:
      if RunDirectory(path: trimmed).isBegun {
        throw TrainingError(
          "'\(trimmed)' holds a run already; resume it, or name another run directory for a new one")
      }
      guard try !SeedFolder.isSet(trimmed) else {
        throw TrainingError(
          "'\(trimmed)' holds the runs of several seeds; resume them, or name another run directory for new ones")
      }
      guard try Files.names(in: trimmed).isEmpty else {
        throw TrainingError("'\(trimmed)' is not empty; the run directory of a new run must be new or empty")
      }
    case .other:
      throw TrainingError("'\(trimmed)' is not a folder; the run directory of a new run must be new or empty")
    }
    return trimmed
  }

  package static func trimmed(_ path: String) throws -> String {
    guard !path.isEmpty else { throw TrainingError("the run directory is ''; it must be the path of a folder") }
    return Files.withoutTrailingSlash(path)
  }

  private static func ownFolder(robot: String) throws -> String {
    let parent = "\(root)/\(robot)"
    try Files.createFolder(parent)
    let name = "\(parent)/\(Host.timestamp())"
    var path = name
    // Several trainings may start in the same second.
    var number = 1
    while !(try Files.createNewFolder(path)) {
      number += 1
      path = "\(name)-\(number)"
    }
    return path
  }
}
