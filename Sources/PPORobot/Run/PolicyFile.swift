import Learning

/// A policy as a file, with the robot it is for.
struct PolicyFile {
  let robot: String
  let policy: GaussianPolicy

  /// Bytes a policy file may have.
  private static let limit = 1 << 30

  static func read(_ path: String) throws -> PolicyFile {
    try read(Files.read(path, limit: limit), from: quoted(path))
  }

  static func read(_ bytes: [UInt8], from what: String) throws -> PolicyFile {
    throw CommandError("TODO")
  }

  static func write(_ policy: GaussianPolicy, robot: String, to path: String) throws {
  }
}
