import Learning
import Networks
import Storage

/// A process at work in a run directory, which is its own until the process ends.
struct RunSession {
  let folder: RunDirectory
  /// Whether a run had begun here before.
  let isResumed: Bool
  /// Holds the lock.
  private let commands: GrowingFile

  /// Goes to the place that `plan` names and locks it.
  ///
  /// - Throws: `TrainingError` if another process is at work there.
  init(for plan: TrainingPlan) throws {
    switch plan.place {
    case .new(let path): folder = try RunDirectory.create(at: path, robot: plan.entry.name)
    case .resumed(let directory): folder = directory
    }
    try folder.createFolders()
    commands = try GrowingFile(folder.command)
    guard commands.lock() else {
      throw TrainingError("'\(folder.path)' is in use: another process is training in it")
    }
    isResumed = folder.isBegun
    if isResumed, case .new = plan.place {
      throw TrainingError("'\(folder.path)' holds a run already; another process has just begun it")
    }
  }

  /// Notes who is at work and on what, and takes away what an earlier process has left half done.
  ///
  /// The settings come last: where they exist, the run has begun.
  func begin(_ plan: TrainingPlan) throws {
    try folder.removePartialFiles()
    try Self.note(in: commands)
    if let initial = plan.initial, Files.kind(at: folder.initial) == .nothing {
      var file = TensorFile()
      file.metadata["robot"] = plan.entry.name
      initial.save(to: &file)
      try file.write(to: folder.initial)
    }
    if let copy = plan.entry.robotCopy, Files.kind(at: folder.robot) == .nothing {
      try AtomicFile.write(copy, to: folder.robot)
    }
    try Self.update(
      folder.config, to: Array(SettingsFile.text(of: plan.settings, robot: plan.entry.name).utf8))
    try Files.remove(folder.summary)
  }

  /// Notes when and how this process was started.
  static func note(in commands: GrowingFile) throws {
    try commands.append(
      """
      # \(Host.universalTime()), ppo-robot \(Program.version)\(SourceState.description.map { ", \($0)" } ?? "")
      \(CommandLine.arguments.map(Shell.quoted).joined(separator: " "))

      """)
  }

  /// Sees that `best.safetensors` is the best policy of the state that the training goes on from; a process that was
  /// killed may have found a better one since.
  func putBack(_ best: BestPolicy?) throws {
    if let best {
      try Self.update(folder.best, to: best.file)
    } else {
      try Files.remove(folder.best)
    }
  }

  private static func update(_ path: String, to bytes: [UInt8]) throws {
    if Files.kind(at: path) == .other, try Files.read(path, limit: 1 << 30) == bytes { return }
    try AtomicFile.write(bytes, to: path)
  }
}
