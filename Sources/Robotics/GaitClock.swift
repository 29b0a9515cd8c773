import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A clock that gives each foot the phases of stance and swing.
///
/// Where every foot is half a stride off the foot on the other side, as in all gaits named here, the mirror image of a
/// phase is the phase half a stride later: `sine` and `cosine` both change sign.
///
/// Rewarding contact by a periodic clock follows Siekmann et al., "Sim-to-real learning of all common bipedal gaits via
/// periodic reward composition" (2021).
public struct GaitClock: Sendable {
  /// How far ahead of the clock each foot of a biped is, as a share of a stride: left, right.
  public static let walk = [0, 0.5]
  /// The same for a trot, in which the feet of a diagonal go together: front left, front right, rear left, rear right.
  public static let trot = [0, 0.5, 0.5, 0]
  /// The same for six legs of which three always stand: front left, front right, middle left, middle right, rear left,
  /// rear right.
  public static let tripod = [0, 0.5, 0.5, 0, 0, 0.5]

  /// Seconds of a stride (each foot once).
  public var period: Double
  /// The share of a stride for which a foot stands.
  public var stance: Double
  /// How far ahead of the clock each foot is, as a share of a stride.
  public let offsets: [Double]
  /// Where in the stride the clock stands, in 0..<1.
  public private(set) var phase = 0.0

  public init(period: Double, stance: Double, offsets: [Double] = GaitClock.walk) {
    self.period = period
    self.stance = stance
    self.offsets = offsets
  }

  public mutating func begin(at phase: Double) { self.phase = phase }

  public mutating func advance(by seconds: Double) {
    phase += seconds / period
    phase -= phase.rounded(.down)
  }

  /// Moves on by half a stride, which is the mirror image where every foot is half a stride off the foot on the other side.
  public mutating func mirror() { advance(by: period / 2) }

  /// The place of a foot in its stride, in 0..<1: it should stand below `stance`, swing above; not-a-number for a foot
  /// without an offset.
  public func phase(ofFoot foot: Int) -> Double {
    guard offsets.indices.contains(foot) else { return .nan }
    let shifted = phase + offsets[foot]
    return shifted - shifted.rounded(.down)
  }

  /// What the clock asks of a foot now: 1 to stand, −1 to swing, and in between close to a switch.
  ///
  /// - Parameter softness: the share of a stride over which a switch is spread.
  public func demand(ofFoot foot: Int, softness: Double = 0.1) -> Double {
    let place = phase(ofFoot: foot)
    // Distance to the nearest switch, positive inside stance.
    let inside = place < stance ? min(place, stance - place) : -min(place - stance, 1 - place)
    return min(max(2 * inside / softness, -1), 1)
  }

  /// The phase as a point on the unit circle.
  public var sine: Double { sin(2 * .pi * phase) }
  public var cosine: Double { cos(2 * .pi * phase) }

  public func save(to writer: inout StateWriter) { writer.write(phase) }
  public mutating func restore(from reader: inout StateReader) throws { phase = try reader.readFiniteDouble() }
}
