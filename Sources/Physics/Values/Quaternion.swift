#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A rotation as a unit quaternion, w + xi + yj + zk.
///
/// `a * b` turns by `b` first and then by `a`. Angles are in rad.
public struct Quaternion: Sendable, Equatable {
  /// The real part.
  public var w: Double
  /// The i part.
  public var x: Double
  /// The j part.
  public var y: Double
  /// The k part.
  public var z: Double

  /// No rotation.
  public static let identity = Quaternion(w: 1, x: 0, y: 0, z: 0)

  /// Makes a quaternion of its four parts, which are taken as they are.
  public init(w: Double, x: Double, y: Double, z: Double) {
    self.w = w
    self.x = x
    self.y = y
    self.z = z
  }

  /// Makes the rotation by `angle` rad about `axis`, which need not have length 1.
  public init(angle: Double, axis: Vector3) {
    let part = axis.normalized * sin(angle / 2)
    self.init(w: cos(angle / 2), x: part.x, y: part.y, z: part.z)
  }

  /// Makes the rotation by roll about x, then pitch about y, then yaw about z, all fixed axes (ZYX Euler angles).
  public init(roll: Double, pitch: Double, yaw: Double) {
    self =
      Quaternion(angle: yaw, axis: .unitZ) * Quaternion(angle: pitch, axis: .unitY)
      * Quaternion(angle: roll, axis: .unitX)
  }

  /// The vector part.
  public var vector: Vector3 { Vector3(x, y, z) }

  /// The inverse rotation.
  public var conjugate: Quaternion { Quaternion(w: w, x: -x, y: -y, z: -z) }

  /// The square root of the sum of squares; 1 for a rotation.
  public var norm: Double { (w * w + x * x + y * y + z * z).squareRoot() }

  /// The same direction with norm 1; not a number where the norm is 0.
  public var normalized: Quaternion {
    let norm = norm
    return Quaternion(w: w / norm, x: x / norm, y: y / norm, z: z / norm)
  }

  /// Whether all four parts are finite.
  public var isFinite: Bool { w.isFinite && vector.isFinite }

  /// Turns by `right` and then by `left`.
  public static func * (left: Quaternion, right: Quaternion) -> Quaternion {
    let a = left.vector
    let b = right.vector
    let part = left.w * b + right.w * a + a.cross(b)
    return Quaternion(w: left.w * right.w - a.dot(b), x: part.x, y: part.y, z: part.z)
  }

  /// The vector turned by this rotation.
  public func act(on vector: Vector3) -> Vector3 {
    let t = 2 * self.vector.cross(vector)
    return vector + w * t + self.vector.cross(t)
  }

  /// The rotation as its axis times its angle in [0, π], rad: the shortest turn that it can be.
  public var rotationVector: Vector3 {
    let sine = vector.length
    guard sine > 0 else { return .zero }
    // −q is the same rotation as q, the other way round.
    let angle = 2 * atan2(sine, abs(w))
    return (w < 0 ? -angle : angle) / sine * vector
  }

  /// Rotation about x in (−π, π], the last turn of ZYX Euler angles.
  public var roll: Double { atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) }

  /// Rotation about y in [−π/2, π/2], the middle turn of ZYX Euler angles.
  public var pitch: Double { asin(max(-1, min(1, 2 * (w * y - z * x)))) }

  /// Rotation about z in (−π, π], the first turn of ZYX Euler angles.
  public var yaw: Double { atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) }
}
