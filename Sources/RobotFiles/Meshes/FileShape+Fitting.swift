import Physics

extension FileShape {
  /// The primitive that fits a mesh file best.
  init(
    fitting bytes: [UInt8], of name: String, scale: Vector3, askedBy position: SourcePosition
  ) throws(RobotFileError) {
    throw RobotFileError("meshes are not read", at: position)
  }
}
