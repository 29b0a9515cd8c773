import Foundation
import Storage

/// The built `ppo-robot`, run as a user would.
package struct Command {
  package struct Outcome {
    package let status: Int32
    package let output: String
    package let errors: String

    package var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// The output as one JSON document.
    package func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
  }

  package struct NoBinary: Error {}

  /// The binary stands beside the test bundle.
  package static func binary() throws -> URL {
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
  package static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], at sign: String = "",
    act: (Process) -> Void = { _ in }
  ) throws -> Outcome {
    try run(
      binary().path, arguments, in: folder, environment: environment,
      when: { !sign.isEmpty && $0.range(of: Data(sign.utf8)) != nil }, act: act)
  }

  /// Runs the command and kills it: `microseconds` after it has written `lines` lines on standard output.
  package static func kill(_ arguments: [String], in folder: TemporaryFolder, after lines: Int, microseconds: Int)
    throws
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
  package static func run(
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
    // A file: a pipe is not read while the command runs, and would stop it once it is full.
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
