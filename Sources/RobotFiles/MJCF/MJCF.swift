import Physics

/// MJCF, the robot files of MuJoCo.
package enum MJCF {
  /// The robot of a file.
  ///
  /// - Parameters:
  ///   - root: the file's element `mujoco`.
  ///   - file: its name; without folders and ending it is the robot's where the file gives none.
  ///   - files: reads what the file includes, and meshes, by paths relative to the main file's folder.
  /// - Throws: at what is no MJCF, and at what cannot be simulated. What is left out or approximated is a warning.
  package static func model(
    _ root: XMLElement, file: String, files: some FileSource
  ) throws(RobotFileError) -> FileModel {
    var warnings: [RobotFileWarning] = []
    let root = try MJCFIncludes.expand(root, files: files, warnings: &warnings)
    try MJCFSchema.standard.check(root)
    let compiler = try MJCFCompiler(root)
    let defaults = try MJCFDefaults(root)
    let all = try MJCFBodies(root, compiler, defaults)
    let drives = try MJCFDrives(root, joints: all.bodies.flatMap(\.file.joints), compiler, defaults)
    let driven = Dictionary(drives.actuators.map { ($0.joint, 1) }) { $0 + $1 }
    var world = try MJCFWorld(all, driven: driven, root)
    var relations = MJCFRelations(compiler, defaults)
    var model = FileModel(name: root.nonEmpty("model") ?? FilePath.stem(of: file), position: root.position)
    var joints = Dictionary(world.robot.flatMap { all.bodies[$0].file.joints }.map { ($0.name, $0) }) { first, _ in
      first
    }
    model.gravity = try relations.gravity(root)
    try relations.checkTendons(root)
    model.couplings = try relations.couplings(root, &joints)
    model.excludedPairs = try relations.excludedPairs(root, all.bodies, robot: world.robot)
    model.keyframe = try MJCFKeyframes(bodies: all, robot: world.robot).keyframe(root)
    for addition in drives.additions {
      joints[addition.joint]?.dynamics.damping += addition.damping
      joints[addition.joint]?.dynamics.armature += addition.armature
    }
    var meshes = try MJCFMeshes(root, compiler, defaults, files: files)
    model.bodies = try bodies(all, world.robot, joints, &meshes, compiler)
    model.actuators = drives.actuators.filter { joints[$0.joint] != nil }
    model.ground = world.ground(all)
    model.warnings =
      warnings + all.warnings + all.notes.warnings + drives.warnings + world.warnings + relations.warnings
    return model
  }

  private static func bodies(
    _ all: MJCFBodies, _ robot: [Int], _ joints: [String: FileJoint], _ meshes: inout MJCFMeshes,
    _ compiler: MJCFCompiler
  ) throws(RobotFileError) -> [FileBody] {
    if compiler.totalMass != nil, let error = all.bodies.lazy.compactMap(\.massError).first { throw error }
    let places = Dictionary(robot.enumerated().map { ($1, $0) }) { first, _ in first }
    var result: [FileBody] = []
    for index in robot {
      let body = all.bodies[index]
      if let error = body.massError, !body.isStatic { throw error }
      var file = body.file
      file.parent = file.parent.flatMap { places[$0] }
      file.joints = file.joints.map { joints[$0.name] ?? $0 }
      for collider in body.colliders {
        switch collider {
        case .shape(let shape): file.colliders.append(shape)
        case .mesh(let name, let like, let element):
          file.colliders.append(try meshes.fitted(name, like: like, element))
        }
      }
      guard file.isFinite else {
        throw RobotFileError("<body name=\"\(excerpt(file.name))\">: its numbers are too large", at: file.position)
      }
      result.append(file)
    }
    return result
  }
}
