import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A pinhole camera at a distance from a point that it looks at.
package struct Camera: Sendable {
  /// Radians from the picture's top to its bottom: a long lens, which hardly distorts.
  package static let fieldOfView: Float = 0.45

  package let eye: Vector
  let forward: Vector
  let right: Vector
  let up: Vector
  /// Pixels per unit of slope.
  package let focalLength: Float
  package let width: Int
  package let height: Int

  /// - Parameters:
  ///   - azimuth: where the camera stands, rad about z from the x axis (ahead of the robot) towards y (its left).
  ///   - elevation: how high it stands, rad above the horizon, short of straight up.
  ///   - distance: from `target`, m.
  package init(lookingAt target: Vector, azimuth: Float, elevation: Float, distance: Float, width: Int, height: Int) {
    let away = Vector(cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation))
    eye = target + distance * away
    forward = -away
    right = Vector(-sin(azimuth), cos(azimuth), 0)
    up = Vector(-sin(elevation) * cos(azimuth), -sin(elevation) * sin(azimuth), cos(elevation))
    focalLength = Float(height) / 2 / tan(Self.fieldOfView / 2)
    self.width = width
    self.height = height
  }

  /// The unit direction of the ray through a point of the picture, in pixels from its top left corner.
  @inline(__always)
  package func direction(x: Float, y: Float) -> Vector {
    let (across, down) = (x - Float(width) / 2, y - Float(height) / 2)
    return (forward * focalLength + right * across - up * down).normalized
  }

  /// Where a point in front of the camera shows, in pixels from the top left corner.
  package func project(_ point: Vector) -> SIMD2<Float> {
    let offset = point - eye
    let scale = focalLength / offset.dot(forward)
    return SIMD2(Float(width) / 2 + offset.dot(right) * scale, Float(height) / 2 - offset.dot(up) * scale)
  }

  /// A rectangle of the picture that holds a ball's image; empty if that lies outside.
  package func bounds(center: Vector, radius: Float) -> (x: Range<Int>, y: Range<Int>) {
    let offset = center - eye
    let depth = offset.dot(forward)
    return (
      extent(offset.dot(right), depth, radius, size: width), extent(-offset.dot(up), depth, radius, size: height)
    )
  }

  /// The ball's image along one direction: seen from above it is the angle between two tangents.
  private func extent(_ across: Float, _ depth: Float, _ radius: Float, size: Int) -> Range<Int> {
    let distance = (across * across + depth * depth).squareRoot()
    guard distance > radius else { return 0..<size }
    let (middle, half) = (atan2(across, depth), asin(radius / distance))
    let limit: Float = 1.5
    guard middle - half < limit, middle + half > -limit else { return 0..<0 }
    let low = Float(size) / 2 + focalLength * tan(max(middle - half, -limit))
    let high = Float(size) / 2 + focalLength * tan(min(middle + half, limit))
    let first = Int(min(max(low.rounded(.down), 0), Float(size)))
    return first..<max(first, Int(min(max(high.rounded(.up), 0), Float(size))))
  }
}
