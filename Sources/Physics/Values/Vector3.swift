#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Three numbers in world or link axes: a position in m, a direction, a velocity in m/s or rad/s, a force in N …
///
/// World axes are x forward, y left, z up.
public typealias Vector3 = SIMD3<Double>

extension SIMD3<Double> {
  /// The unit vector along x.
  public static var unitX: Self { Self(1, 0, 0) }
  /// The unit vector along y.
  public static var unitY: Self { Self(0, 1, 0) }
  /// The unit vector along z.
  public static var unitZ: Self { Self(0, 0, 1) }

  /// The dot product.
  public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

  /// The cross product `self × other`.
  public func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The Euclidean length.
  public var length: Double { dot(self).squareRoot() }

  /// The vector scaled to length 1; not a number where the length is 0.
  public var normalized: Self { self / length }

  /// Whether all three numbers are finite.
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// Two unit vectors that make a right-handed frame (`u`, `v`, `self`); `self` must have length 1.
  var perpendiculars: (u: Self, v: Self) {
    // Crossing with the axis that is farthest from parallel keeps the division well conditioned.
    let helper: Self = abs(x) < 0.6 ? .unitX : .unitY
    let u = helper.cross(self).normalized
    return (u, cross(u))
  }
}
