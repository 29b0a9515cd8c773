/// Where the files come from that a robot's file names: what it includes, and its meshes.
package protocol FileSource {
  /// The content of a file.
  ///
  /// - Parameters:
  ///   - path: relative to the folder of the robot's main file, as the file says it. What may be read is for the source to
  ///     decide.
  ///   - askedBy: the place that names the file.
  /// - Throws: unless the file can and may be read.
  func bytes(of path: String, askedBy: SourcePosition) throws(RobotFileError) -> [UInt8]
}

/// Files from a source, which it remembers.
package final class NotedFiles: FileSource {
  private let source: any FileSource
  /// Files read so far, in the order in which they were first asked for.
  package private(set) var all: [(path: String, bytes: [UInt8])] = []

  package init(_ source: any FileSource) { self.source = source }

  package func bytes(of path: String, askedBy position: SourcePosition) throws(RobotFileError) -> [UInt8] {
    if let known = all.first(where: { $0.path == path }) { return known.bytes }
    let bytes = try source.bytes(of: path, askedBy: position)
    all.append((path, bytes))
    return bytes
  }
}

/// Files that are kept in memory, by the paths that ask for them.
package struct KeptFiles: FileSource {
  private let contents: [String: [UInt8]]

  package init(_ contents: [String: [UInt8]]) { self.contents = contents }

  package func bytes(of path: String, askedBy position: SourcePosition) throws(RobotFileError) -> [UInt8] {
    guard let bytes = contents[path] else {
      throw RobotFileError("'\(excerpt(path))' is not among the files that were kept", at: position)
    }
    return bytes
  }
}
