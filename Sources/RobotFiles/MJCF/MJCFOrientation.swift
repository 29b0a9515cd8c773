import Physics

/// How an MJCF element is turned in the frame that holds it: a quaternion, or one of four other ways to say it.
struct MJCFOrientation {
  private enum Rule {
    case quaternion([Double])
    case axisAngle([Double])
    case euler([Double])
    case axes([Double])
    case zAxis([Double])
  }

  private var rule = Rule.quaternion([1, 0, 0, 0])

  /// Replaces the orientation by that of an element, if it has one.
  mutating func read(_ element: XMLElement) throws(RobotFileError) {
    let given = ["quat", "axisangle", "euler", "xyaxes", "zaxis"].filter { element[$0] != nil }
    guard given.count < 2 else {
      throw element.error(
        "'\(given[0])' and '\(given[1])' both say how it is turned; one is allowed", attribute: given[1])
    }
    if let numbers = try element.numbers("quat", count: 4) {
      rule = .quaternion(numbers)
    } else if let numbers = try element.numbers("axisangle", count: 4) {
      rule = .axisAngle(numbers)
    } else if let numbers = try element.numbers("euler", count: 3) {
      rule = .euler(numbers)
    } else if let numbers = try element.numbers("xyaxes", count: 6) {
      rule = .axes(numbers)
    } else if let numbers = try element.numbers("zaxis", count: 3) {
      rule = .zAxis(numbers)
    }
  }

  /// The rotation from the element's frame to the one that holds it.
  func rotation(_ compiler: MJCFCompiler, _ element: XMLElement) throws(RobotFileError) -> Quaternion {
    switch rule {
    case .quaternion(let q):
      let greatest = q.reduce(0) { max($0, abs($1)) }
      guard greatest > 0 else { throw element.error("'quat' must not be zero", attribute: "quat") }
      return Quaternion(w: q[0] / greatest, x: q[1] / greatest, y: q[2] / greatest, z: q[3] / greatest).normalized
    case .axisAngle(let a):
      return Quaternion(
        angle: a[3] * compiler.angle, axis: try element.direction(Vector3(a[0], a[1], a[2]), "axisangle"))
    case .euler(let angles):
      var result = Quaternion.identity
      for (angle, turn) in zip(angles, compiler.eulerSequence) {
        let rotation = Quaternion(angle: angle * compiler.angle, axis: turn.axis)
        result = turn.isFixed ? rotation * result : result * rotation
      }
      return result.normalized
    case .axes(let a):
      let x = try element.direction(Vector3(a[0], a[1], a[2]), "xyaxes")
      let given = try element.direction(Vector3(a[3], a[4], a[5]), "xyaxes")
      let across = given - x.dot(given) * x
      guard across.length > 1e-10 else { throw element.error("the axes of 'xyaxes' are parallel", attribute: "xyaxes") }
      return Quaternion(x: x, y: across.normalized)
    case .zAxis(let z):
      return Quaternion(zTo: try element.direction(Vector3(z[0], z[1], z[2]), "zaxis"))
    }
  }
}

extension XMLElement {
  /// A vector of an attribute scaled to length 1.
  func direction(_ vector: Vector3, _ name: String) throws(RobotFileError) -> Vector3 {
    // Scaled first, so that neither very small nor very large numbers are lost in squares.
    let greatest = max(abs(vector.x), abs(vector.y), abs(vector.z))
    guard greatest > 1e-14 else { throw error("the axis of '\(name)' is zero", attribute: name) }
    return (vector / greatest).normalized
  }
}

extension Quaternion {
  /// The shortest turn that takes z to a unit vector; half a turn about x where that is −z.
  init(zTo axis: Vector3) {
    let sine = (axis.x * axis.x + axis.y * axis.y).squareRoot()
    guard sine > 1e-10 else {
      self = axis.z < 0 ? Quaternion(w: 0, x: 1, y: 0, z: 0) : .identity
      return
    }
    // Of the two half-angle formulas the one that does not cancel.
    let (cosineOfHalf, sineOfHalf): (Double, Double)
    if axis.z >= 0 {
      cosineOfHalf = ((1 + axis.z) / 2).squareRoot()
      sineOfHalf = sine / (2 * cosineOfHalf)
    } else {
      sineOfHalf = ((1 - axis.z) / 2).squareRoot()
      cosineOfHalf = sine / (2 * sineOfHalf)
    }
    self =
      Quaternion(
        w: cosineOfHalf, x: -axis.y / sine * sineOfHalf, y: axis.x / sine * sineOfHalf, z: 0
      ).normalized
  }

  /// The rotation that takes x and y to two unit vectors at right angles.
  init(x: Vector3, y: Vector3) {
    let z = x.cross(y)
    let trace = x.x + y.y + z.z
    let q: Quaternion
    if trace > 0 {
      q = Quaternion(w: 1 + trace, x: y.z - z.y, y: z.x - x.z, z: x.y - y.x)
    } else if x.x > y.y, x.x > z.z {
      q = Quaternion(w: y.z - z.y, x: 1 + x.x - y.y - z.z, y: y.x + x.y, z: z.x + x.z)
    } else if y.y > z.z {
      q = Quaternion(w: z.x - x.z, x: y.x + x.y, y: 1 + y.y - x.x - z.z, z: z.y + y.z)
    } else {
      q = Quaternion(w: x.y - y.x, x: z.x + x.z, y: z.y + y.z, z: 1 + z.z - x.x - y.y)
    }
    self = q.normalized
  }
}
