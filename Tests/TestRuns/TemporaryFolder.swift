import Foundation

/// A folder that goes when the test is over.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "ppo-robot-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Names of what is in the folder, subfolders included.
  package var contents: [String] { (FileManager.default.subpaths(atPath: path) ?? []).sorted() }

  package func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }
  package func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
}
