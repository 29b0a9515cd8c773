import Physics

/// The joints of a file that do not move here, and where they stand.
struct Locks {
  /// By joint, as the file counts, rad or m.
  private(set) var positions: [String: Double] = [:]
  private(set) var warnings: [RobotFileWarning] = []

  init(_ model: FileModel, options: RobotFileOptions) throws(RobotFileError) {
    var joints: [String: FileJoint] = [:]
    for joint in model.bodies.flatMap(\.joints) { joints[joint.name] = joint }
    for joint in model.bodies.flatMap(\.joints) {
      if let range = joint.range, range.lowerBound == range.upperBound {
        positions[joint.name] = range.lowerBound
        warnings.append(
          RobotFileWarning("the joint '\(joint.name)' has equal stops, so it is tied", at: joint.position))
      } else if options.locked.contains(where: { $0.matches(joint.name) }) {
        positions[joint.name] = options.defaultPosition(of: joint, in: model)
      }
    }
    for coupling in model.couplings where positions[coupling.follower] == nil {
      guard joints[coupling.follower] != nil else { continue }
      let place = try Self.place(of: coupling, model, joints, options)
      positions[coupling.follower] = place
      warnings.append(
        RobotFileWarning(
          "the joint '\(coupling.follower)' follows '\(coupling.leader)' in the file; here it is tied at \(place)",
          at: coupling.position))
    }
  }

  /// Where a follower stands while its leader is at its default position; a leader may follow another joint itself.
  private static func place(
    of coupling: FileCoupling, _ model: FileModel, _ joints: [String: FileJoint], _ options: RobotFileOptions
  ) throws(RobotFileError) -> Double {
    var chain = [coupling]
    while let next = model.couplings.first(where: { $0.follower == chain[chain.count - 1].leader }) {
      guard chain.count <= model.couplings.count else {
        throw RobotFileError("the joint '\(coupling.follower)' follows itself by way of others", at: coupling.position)
      }
      chain.append(next)
    }
    let leader = chain[chain.count - 1].leader
    var place = joints[leader].map { options.defaultPosition(of: $0, in: model) } ?? 0
    for coupling in chain.reversed() { place = coupling.multiplier * place + coupling.offset }
    return place
  }
}
