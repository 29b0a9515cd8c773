import Environments
import Physics

extension FileShape {
  /// The primitive that fits a mesh file best, in the frame of the mesh.
  ///
  /// - Parameters:
  ///   - name: as the robot's file says it.
  ///   - scale: what the coordinates are multiplied by, axis by axis; parts may be below 0.
  ///   - position: the place that names the mesh.
  package init(
    fitting bytes: [UInt8], of name: String, scale: Vector3, askedBy position: SourcePosition
  ) throws(RobotFileError) {
    let mesh = try MeshFile.parse(bytes, file: printable(name))
    guard let fit = PrimitiveFit.fit(mesh.vertices, scale: scale) else {
      throw RobotFileError(
        "no shape fits the mesh '\(excerpt(name))': it needs four vertices and an extent of 1e-9 to 1e9 m", at: position
      )
    }
    self.init(fit.shape, pose: fit.pose)
    self.fit = MeshFit(file: name, volumeRatio: fit.ratio)
  }
}
