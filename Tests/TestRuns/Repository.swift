import Foundation

/// The checkout that the tests are built from.
package enum Repository {
  package static func text(_ path: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    return try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }
}
