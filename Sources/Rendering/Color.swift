#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Three numbers in single precision: a point, a direction or a color.
package typealias Vector = SIMD3<Float>

/// Light in linear red, green and blue; 1 is the white of the screen.
package enum Color {
  /// From a color as the web writes it, such as 0xE8853A.
  package static func hex(_ value: Int) -> Vector {
    Vector(linear(value >> 16 & 255), linear(value >> 8 & 255), linear(value & 255))
  }

  /// sRGB's transfer function (IEC 61966-2-1) for one byte.
  private static func linear(_ byte: Int) -> Float {
    let value = Double(byte) / 255
    return Float(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
  }

  /// The inverse for 0…1 in steps fine enough that every byte is met.
  private static let bytes: [UInt8] = (0...steps).map { step in
    let value = Double(step) / Double(steps)
    let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8((255 * encoded).rounded())
  }
  private static let steps = 1 << 14

  /// One channel as a byte; what lies outside 0…1 is cut off, and what is not a number is black.
  package static func byte(_ value: Float) -> UInt8 {
    bytes[value > 0 ? Int(min(value, 1) * Float(steps) + 0.5) : 0]
  }
}

extension Vector {
  /// The color as the web writes it, such as "#e8853a".
  package var webColor: String {
    "#" + indices.map { String(256 + Int(Color.byte(self[$0])), radix: 16).dropFirst() }.joined()
  }

  package func dot(_ other: Vector) -> Float { x * other.x + y * other.y + z * other.z }
  package var length: Float { dot(self).squareRoot() }
  package var normalized: Vector { self / length }

  func mixed(with other: Vector, _ share: Float) -> Vector { self + (other - self) * share }
}

/// From 0 to 1, smoothly, while `value` goes from `low` to `high`.
func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
  let t = min(max((value - low) / (high - low), 0), 1)
  return t * t * (3 - 2 * t)
}
