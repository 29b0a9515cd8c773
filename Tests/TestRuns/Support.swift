import Environments
import Foundation
import Robotics

/// A point on a line that every action moves; falls off at ±1.
struct Walker: Env {
  let spec: EnvSpec
  private var position: Float = 0
  private var steps = 0

  init(actionName: String = "push", observationCount: Int = 1) throws {
    spec = try EnvSpec(
      observations: [ObservationSlice("position", count: observationCount)], actions: [ActionChannel(actionName)],
      controlInterval: 0.1, episodeSteps: 20, rewardTerms: ["centre"], endings: ["fell off"], metrics: ["end_m"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    position = Float(random.uniform(-0.5...0.5))
    steps = 0
    observation[0] = position
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    position += 0.2 * min(1, max(-1, action[0]))
    steps += 1
    observation[0] = position
    let ending: Ending =
      if abs(position) > 1 { .terminated(reason: 0) } else if steps == spec.episodeSteps { .truncated } else {
        .running
      }
    return Transition(reward: 1 - abs(position), ending: ending)
  }

  func readMetrics(into metrics: inout MutableSpan<Double>) { metrics[0] = Double(position) }

  func save(to writer: inout StateWriter) {
    writer.write(position)
    writer.write(steps)
  }

  mutating func restore(from reader: inout StateReader) throws {
    position = try reader.readFloat()
    steps = try reader.readInt()
  }
}

extension Catalog.Entry {
  static func walker(
    _ name: String = "walker", settings: [String: SettingValue] = [:],
    make: @escaping @Sendable () throws -> Walker = { try Walker() }
  ) -> Catalog.Entry {
    Catalog.Entry(name, summary: "stays in the middle", settings: settings, env: make)
  }
}

/// A folder that goes when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "ppo-robot-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Names of what is in the folder, subfolders included.
  var contents: [String] { (FileManager.default.subpaths(atPath: path) ?? []).sorted() }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }
  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
}

/// The built `ppo-robot`, run as a user would.
struct Command {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// The output as one JSON document.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
  }

  struct NoBinary: Error {}

  /// The binary stands beside the test bundle.
  static func binary() throws -> URL {
    let places = [CommandLine.arguments[0]] + CommandLine.arguments.filter { $0.contains(".xctest") }
    for place in places {
      var folder = URL(fileURLWithPath: place)
      while folder.pathComponents.count > 1 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("ppo-robot")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      }
    }
    throw NoBinary()
  }

  /// Runs the command in `folder` to its end.
  ///
  /// - Parameters:
  ///   - environment: variables that differ from ours.
  ///   - sign: something the command will write on standard output.
  ///   - act: called once when it has.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], at sign: String = "",
    act: (Process) -> Void = { _ in }
  ) throws -> Outcome {
    try run(
      binary().path, arguments, in: folder, environment: environment,
      when: { !sign.isEmpty && $0.range(of: Data(sign.utf8)) != nil }, act: act)
  }

  /// Runs the command and kills it: `microseconds` after it has written `lines` lines on standard output.
  static func kill(_ arguments: [String], in folder: TemporaryFolder, after lines: Int, microseconds: Int) throws
    -> Outcome
  {
    let newline = UInt8(ascii: "\n")
    return try run(
      binary().path, arguments, in: folder, when: { output in output.count { $0 == newline } >= lines },
      act: { process in
        usleep(UInt32(microseconds))
        Foundation.kill(process.processIdentifier, SIGKILL)
      })
  }

  /// Runs any program, and calls `act` once, as soon as `isTime` holds of what it has written on standard output.
  static func run(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
    when isTime: (Data) -> Bool = { _ in false }, act: (Process) -> Void = { _ in }
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // The command is on the PATH, so that what it prints to be run next begins with its name alone.
    let path = try binary().deletingLastPathComponent().path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { _, own in own }
      .merging(environment) { _, own in own }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let output = Pipe()
    process.standardOutput = output
    // A file: nobody reads it while the command runs, and a full pipe would stop it.
    let errors = NSTemporaryDirectory() + "ppo-robot-errors-\(UUID().uuidString)"
    try Data().write(to: URL(fileURLWithPath: errors))
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    var bytes = Data()
    var isWaiting = true
    while true {
      if isWaiting, isTime(bytes) {
        isWaiting = false
        act(process)
      }
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      bytes += piece
    }
    process.waitUntilExit()
    let noted = try String(contentsOfFile: errors, encoding: .utf8)
    try FileManager.default.removeItem(atPath: errors)
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: bytes, as: UTF8.self), errors: noted)
  }
}

/// The checkout that the tests are built from.
enum Repository {
  static func text(_ path: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    return try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }
}
