import Learning

/// A policy as a file, with the robot it is for.
package struct PolicyFile {
  package let robot: String
  package let policy: GaussianPolicy

  /// Bytes a policy file may have.
  private static let limit = 1 << 30

  package static func read(_ path: String) throws -> PolicyFile {
    try read(Files.read(path, limit: limit), from: quoted(path))
  }

  /// - Parameter what: what the bytes are, for the error line.
  package static func read(_ bytes: [UInt8], from what: String) throws -> PolicyFile {
    do {
      let file = try TensorFile(decoding: bytes)
      return PolicyFile(robot: try file.text("robot"), policy: try GaussianPolicy(from: file))
    } catch {
      throw CommandError(
        "\(what) is not a sound policy file: \(error); it must be one that 'ppo-robot train' has written")
    }
  }
}
