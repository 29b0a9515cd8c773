import Foundation
import Testing

/// The built `ppo-robot` while it serves a page.
package final class ServingCommand {
  private let process = Process()
  /// Where its page is.
  package let address: String

  /// Starts the command and waits until it says where its page is.
  package init(_ arguments: [String]) throws {
    process.executableURL = try Command.binary()
    process.arguments = arguments
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    var said = ""
    while true {
      if let found = said.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+\//) {
        address = String(found.output)
        return
      }
      let piece = errors.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw Browser.Failure(description: "no page: \(said)") }
      said += String(decoding: piece, as: UTF8.self)
    }
  }

  deinit { stop() }

  /// Ends it as Ctrl-C does.
  ///
  /// - Returns: its exit status.
  @discardableResult
  package func stop() -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
