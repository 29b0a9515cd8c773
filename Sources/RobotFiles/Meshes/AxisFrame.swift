import Physics

/// Three unit vectors at right angles.
struct AxisFrame {
  let x: Vector3
  let y: Vector3
  let z: Vector3

  static let identity = AxisFrame(x: .unitX, y: .unitY, z: .unitZ)

  /// Three that make a left-handed frame become a right-handed one.
  init(x: Vector3, y: Vector3, z: Vector3) {
    self.x = x
    self.y = y
    self.z = x.cross(y).dot(z) < 0 ? -z : z
  }

  /// A frame whose z is `axis`.
  init(z axis: Vector3) {
    let helper: Vector3 = abs(axis.x) > 0.6 ? .unitY : abs(axis.y) > 0.6 ? .unitZ : .unitX
    x = (helper - helper.dot(axis) * axis).normalized
    y = axis.cross(x)
    z = axis
  }

  init(_ rotation: Quaternion) {
    x = rotation.act(on: .unitX)
    y = rotation.act(on: .unitY)
    z = rotation.act(on: .unitZ)
  }

  func coordinates(_ v: Vector3) -> Vector3 { Vector3(x.dot(v), y.dot(v), z.dot(v)) }

  /// The rotation that takes the axes of the outer frame to these, from the largest of its four numbers on.
  var orientation: Quaternion {
    let trace = x.x + y.y + z.z
    let q: Quaternion =
      if trace > 0 {
        Quaternion(w: 1 + trace, x: y.z - z.y, y: z.x - x.z, z: x.y - y.x)
      } else if x.x >= y.y, x.x >= z.z {
        Quaternion(w: y.z - z.y, x: 1 + x.x - y.y - z.z, y: x.y + y.x, z: x.z + z.x)
      } else if y.y >= z.z {
        Quaternion(w: z.x - x.z, x: x.y + y.x, y: 1 - x.x + y.y - z.z, z: y.z + z.y)
      } else {
        Quaternion(w: x.y - y.x, x: x.z + z.x, y: y.z + z.y, z: 1 - x.x - y.y + z.z)
      }
    return q.normalized
  }
}
