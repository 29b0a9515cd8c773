/// Where the files come from that a robot's file names.
package protocol FileSource: Sendable {
  /// The contents of a file.
  ///
  /// - Parameters:
  ///   - path: as the robot's file names it: relative to the file, or with `package://`, `model://` or `file://`.
  ///   - position: of what names it, for messages.
  func bytes(of path: String, askedBy position: SourcePosition) throws(RobotFileError) -> [UInt8]
}
