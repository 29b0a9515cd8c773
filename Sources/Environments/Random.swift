#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A small, fast, splittable source of random numbers whose whole state can be saved.
///
/// The generator is xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded
/// through SplitMix64. Streams are numbered: `Random(seed: s, stream: i)` gives env *i* its own.
@frozen
public struct Random: RandomNumberGenerator, Sendable, Equatable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// A generator for stream `stream` of `seed`. Equal arguments give equal sequences.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    let key = mixer.next()
    mixer = SplitMix64(state: key ^ (stream &* 0xD1B5_4A32_D192_ED03))
    s0 = mixer.next()
    s1 = mixer.next()
    s2 = mixer.next()
    s3 = mixer.next()
  }

  /// The next 64 uniformly distributed bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum &<< 23) | (sum &>> 41)) &+ s0
    let shifted = s1 &<< 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 &<< 45) | (s3 &>> 19)
    return result
  }

  /// A number in the open interval (0, 1), on a grid of 2⁻⁵².
  @inlinable
  public mutating func unit() -> Double {
    // One bit more, and the largest draw plus a half would round up to 1.
    (Double(next() &>> 12) + 0.5) * 0x1p-52
  }

  /// A number drawn uniformly from `range`.
  @inlinable
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// A whole number drawn uniformly from `0..<bound`; `bound` must be positive.
  ///
  /// Lemire's multiplication method without its rejection step: the bias is below `bound` / 2⁶⁴.
  @inlinable
  public mutating func index(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A draw from the standard normal distribution.
  ///
  /// One uniform number goes through the inverse of the distribution function, so that a draw always advances the
  /// stream by one and leaves no spare value to save. Rational approximations of Wichura, "Algorithm AS 241" (1988),
  /// with a relative accuracy of about 1e-16.
  @inlinable
  public mutating func normal() -> Double {
    Self.normalQuantile(unit())
  }

  /// The quantile function of the standard normal distribution at `p` in (0, 1).
  @inlinable
  package static func normalQuantile(_ p: Double) -> Double {
    let q = p - 0.5
    guard abs(q) > 0.425 else {
      let r = 0.180625 - q * q
      let upper =
        ((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
          + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
          + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
      let lower =
        ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
          + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
          + 4.2313330701600911252e1) * r + 1
      return q * upper / lower
    }
    return tailQuantile(p, q)
  }

  @usableFromInline
  static func tailQuantile(_ p: Double, _ q: Double) -> Double {
    var r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let magnitude: Double
    if r <= 5 {
      r -= 1.6
      let upper =
        ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
          + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
          + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
      let lower =
        ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
          + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
          + 2.05319162663775882187e0) * r + 1
      magnitude = upper / lower
    } else {
      r -= 5
      let upper =
        ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
          + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
          + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
      let lower =
        ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
          + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
          + 5.99832206555887937690e-1) * r + 1
      magnitude = upper / lower
    }
    return q < 0 ? -magnitude : magnitude
  }

  /// Writes the generator's position in its sequence.
  public func save(to writer: inout StateWriter) {
    writer.write(s0)
    writer.write(s1)
    writer.write(s2)
    writer.write(s3)
  }

  /// Reads back what `save(to:)` wrote.
  public mutating func restore(from reader: inout StateReader) throws(StateError) {
    let state = (
      try reader.readUInt64(), try reader.readUInt64(), try reader.readUInt64(), try reader.readUInt64()
    )
    guard state != (0, 0, 0, 0) else { throw .mismatch("a random stream that would yield zeros for ever") }
    (s0, s1, s2, s3) = state
  }
}

/// The seeding sequence of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
