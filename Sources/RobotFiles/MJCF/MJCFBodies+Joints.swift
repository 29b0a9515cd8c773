import Physics

extension MJCFBodies {
  /// Reads what moves a body: a free joint, three slides and a ball that make a free root, or hinges and slides.
  mutating func readJoints(_ entries: [MJCFContents.Entry], of body: inout MJCFBody) throws(RobotFileError) {
    guard !entries.isEmpty else { return }
    var joints: [(joint: MJCFJoint, entry: MJCFContents.Entry)] = []
    for entry in entries { joints.append((try read(entry), entry)) }
    let isBelowWorld = body.file.parent == nil
    if let free = joints.first(where: { $0.joint.kind == .free }) {
      guard isBelowWorld else { throw free.entry.element.error("only a body of the world can have a free joint") }
      guard joints.count == 1 else { throw free.entry.element.error("a body with a free joint has no other") }
      body.file.isFree = true
      warnAboutFreeJoint(free.joint, free.entry.element)
      coordinates.append(MJCFCoordinate(body: bodies.count, kind: .free))
    } else if let ball = joints.first(where: { $0.joint.kind == .ball }) {
      guard isBelowWorld else {
        throw ball.entry.element.error("ball joints below the root are not supported; three hinges are")
      }
      try readFreeRoot(joints, ball.entry.element, &body)
    } else {
      guard joints.count <= 6 else { throw joints[6].entry.element.error("a body has six joints at most") }
      for (number, (joint, entry)) in joints.enumerated() {
        let name = naming.joint(entry.element, body: body.file.name, number: number + 1)
        body.file.joints.append(
          try joint.axis(named: name, entry.element, frame: entry.frame, compiler, warnings: &warnings))
        coordinates.append(MJCFCoordinate(body: bodies.count, kind: .axis(name: name)))
      }
    }
  }

  private func read(_ entry: MJCFContents.Entry) throws(RobotFileError) -> MJCFJoint {
    var joint = MJCFJoint()
    if entry.element.name == "freejoint" {
      joint.kind = .free
    } else {
      joint = try defaults.values(for: entry.element, childclass: entry.childclass).joint
      try joint.read(entry.element)
    }
    return joint
  }

  private mutating func warnAboutFreeJoint(_ joint: MJCFJoint, _ element: XMLElement) {
    guard joint.hasDynamics else { return }
    warnings.append(element.warning("a free root has no damping, spring, dry friction or armature; they are left out"))
  }

  /// Three slides and then a ball are a free joint in other words.
  private mutating func readFreeRoot(
    _ joints: [(joint: MJCFJoint, entry: MJCFContents.Entry)], _ ball: XMLElement, _ body: inout MJCFBody
  ) throws(RobotFileError) {
    let slides = joints.prefix { $0.joint.kind == .slide }
    guard slides.count == 3, joints.count == 4 else {
      throw ball.error("a ball joint is only supported after three slides, where it makes a free root")
    }
    var axes: [Vector3] = []
    for (joint, entry) in joints {
      if joint.kind == .slide {
        let axis = try entry.element.direction(joint.axis, "axis")
        axes.append((body.poseInWorld * entry.frame).orientation.act(on: axis))
        coordinates.append(
          MJCFCoordinate(
            body: bodies.count, kind: .rootSlide(axis: axes[axes.count - 1], drawnPosition: joint.drawnPosition)))
        if joint.range != [0, 0], try joint.limited.isLimited(by: joint.range, "limited", compiler, entry.element) {
          warnings.append(entry.element.warning("a free root has no stops; they are left out"))
        }
      } else {
        coordinates.append(
          MJCFCoordinate(body: bodies.count, kind: .rootBall(anchor: entry.frame.act(on: joint.position))))
      }
      warnAboutFreeJoint(joint, entry.element)
    }
    guard abs(axes[0].dot(axes[1].cross(axes[2]))) > 1e-3 else {
      throw ball.error("the three slides before the ball must point in three directions")
    }
    body.file.isFree = true
  }
}
