import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A metronome that tells each foot when to stand and when to swing.
///
/// Rewarding contact by a periodic clock follows Siekmann et al., "Sim-to-real learning of all common bipedal gaits via
/// periodic reward composition" (2021).
public struct GaitClock: Sendable {
  /// Seconds of a stride (both feet once).
  public var period: Double
  /// The share of a stride for which a foot stands.
  public var stance: Double
  /// The left foot's place in its stride, in 0..<1; the right foot is half a stride off.
  public private(set) var phase = 0.0

  public init(period: Double, stance: Double) {
    self.period = period
    self.stance = stance
  }

  public mutating func begin(at phase: Double) { self.phase = phase }

  public mutating func advance(by seconds: Double) {
    phase += seconds / period
    phase -= phase.rounded(.down)
  }

  /// The place of foot 0 (left) or 1 (right) in its stride, in 0..<1: it should stand below `stance`, swing above.
  public func phase(ofFoot foot: Int) -> Double {
    let shifted = phase + 0.5 * Double(foot)
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

  /// A point on the unit circle that stands for the phase.
  public var sine: Double { sin(2 * .pi * phase) }
  public var cosine: Double { cos(2 * .pi * phase) }

  public func save(to writer: inout StateWriter) { writer.write(phase) }
  public mutating func restore(from reader: inout StateReader) throws { phase = try reader.readDouble() }
}
