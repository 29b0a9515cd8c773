import Physics

/// Reads the pose to start from: the keyframe `home`, else the first that says where the joints are.
struct MJCFKeyframes {
  let bodies: MJCFBodies
  /// The robot's among them, ascending.
  let robot: [Int]

  func keyframe(_ root: XMLElement) throws(RobotFileError) -> FileKeyframe? {
    let count = bodies.coordinates.reduce(0) { $0 + $1.count }
    var chosen: (name: String, positions: [Double])?
    for element in root.all("keyframe").flatMap(\.children) {
      guard !element.isBlank("qpos") else { continue }
      guard let positions = try element.numbers("qpos", counts: 1...max(count, 1)), positions.count == count else {
        throw element.error(
          "'qpos' must be \(count) numbers, one for each joint and seven for a free one", attribute: "qpos")
      }
      let name = element["name"] ?? ""
      if chosen == nil || name == "home" && chosen?.name != "home" { chosen = (name, positions) }
    }
    guard let chosen else { return nil }
    return keyframe(chosen.name, chosen.positions)
  }

  private func keyframe(_ name: String, _ numbers: [Double]) -> FileKeyframe {
    let own = Set(robot)
    var result = FileKeyframe(name: name, root: nil, positions: [:])
    var drawn = robot.first.map { bodies.bodies[$0].poseInWorld } ?? .identity
    var start = 0
    for coordinate in bodies.coordinates {
      let values = numbers[start..<(start + coordinate.count)].map(\.self)
      start += coordinate.count
      guard own.contains(coordinate.body) else { continue }
      switch coordinate.kind {
      case .free:
        result.root = Pose(
          position: Vector3(values[0], values[1], values[2]), orientation: Self.rotation(values[3...]))
      case .rootSlide(let axis, let drawnPosition):
        drawn.position += (values[0] - drawnPosition) * axis
      case .rootBall(let anchor):
        let fixed = drawn.act(on: anchor)
        let orientation = (drawn.orientation * Self.rotation(values[...])).normalized
        result.root = Pose(position: fixed - orientation.act(on: anchor), orientation: orientation)
      case .axis(let name):
        result.positions[name] = values[0]
      }
    }
    return result
  }

  /// Four numbers made a rotation; none where they are zero.
  private static func rotation(_ numbers: ArraySlice<Double>) -> Quaternion {
    let greatest = numbers.reduce(0) { max($0, abs($1)) }
    guard greatest > 0, numbers.count == 4 else { return .identity }
    let q = numbers.map { $0 / greatest }
    return Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]).normalized
  }
}
