/// The folder a training writes.
package struct RunDirectory {
  package let path: String

  package init(path: String) { self.path = path }

  package var progress: String { "\(path)/progress.csv" }
  package var evaluations: String { "\(path)/evaluations.csv" }
  package var config: String { "\(path)/config.yaml" }
  package var command: String { "\(path)/command.txt" }
  package var summary: String { "\(path)/summary.json" }
  /// The whole state of the training.
  package var last: String { "\(path)/checkpoints/last.safetensors" }
  /// The policy that did best in an evaluation.
  package var best: String { "\(path)/checkpoints/best.safetensors" }

  /// Where runs go unless told otherwise.
  package static let root = "runs"

  /// Makes a folder: at `path`, where nothing or an empty folder must be, or else in a place of its own.
  package static func createFolder(at path: String?, robot: String) throws -> String {
    try path.map(givenFolder) ?? ownFolder(robot: robot)
  }

  /// Makes the folder of a run, where `createFolder` says.
  package static func create(at path: String?, robot: String) throws -> RunDirectory {
    let directory = RunDirectory(path: try createFolder(at: path, robot: robot))
    try Files.createFolder("\(directory.path)/checkpoints")
    return directory
  }

  private static func givenFolder(_ path: String) throws -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    switch Files.kind(at: trimmed) {
    case .nothing:
      guard !trimmed.isEmpty else { throw CommandError("--run-dir is ''; it must be the path of a folder") }
      try Files.createFolder(trimmed)
    case .folder:
      guard try Files.isEmptyFolder(trimmed) else {
        throw CommandError("'\(trimmed)' is not empty; --run-dir must name a folder that is new or empty")
      }
    case .other: throw CommandError("'\(trimmed)' is not a folder; --run-dir must name one that is new or empty")
    }
    return trimmed
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

/// Words for a shell.
package enum Shell {
  /// `word` as a shell reads it back.
  package static func quoted(_ word: String) -> String {
    let plain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_-./=:,+@%".unicodeScalars.contains(scalar))
      }
    return plain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
