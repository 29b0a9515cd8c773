/// A rotation as three rows, for vectors turned many times.
struct Matrix3: Equatable {
  var row0: Vector3
  var row1: Vector3
  var row2: Vector3

  static let identity = Matrix3(row0: .unitX, row1: .unitY, row2: .unitZ)

  init(row0: Vector3, row1: Vector3, row2: Vector3) {
    self.row0 = row0
    self.row1 = row1
    self.row2 = row2
  }

  /// The rotation of a quaternion, by the expressions that ODE uses (`dQtoR`), so that both give the same bits.
  init(_ q: Quaternion) {
    let qq1 = 2 * q.x * q.x
    let qq2 = 2 * q.y * q.y
    let qq3 = 2 * q.z * q.z
    row0 = Vector3(1 - qq2 - qq3, 2 * (q.x * q.y - q.w * q.z), 2 * (q.x * q.z + q.w * q.y))
    row1 = Vector3(2 * (q.x * q.y + q.w * q.z), 1 - qq1 - qq3, 2 * (q.y * q.z - q.w * q.x))
    row2 = Vector3(2 * (q.x * q.z - q.w * q.y), 2 * (q.y * q.z + q.w * q.x), 1 - qq1 - qq2)
  }

  /// The vector taken from the rotated frame to the outer one.
  @inline(__always)
  func act(on v: Vector3) -> Vector3 { Vector3(row0.dot(v), row1.dot(v), row2.dot(v)) }

  /// The vector taken from the outer frame to the rotated one.
  @inline(__always)
  func inverseAct(on v: Vector3) -> Vector3 { row0 * v.x + row1 * v.y + row2 * v.z }
}
