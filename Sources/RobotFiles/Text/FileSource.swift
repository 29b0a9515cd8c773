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
