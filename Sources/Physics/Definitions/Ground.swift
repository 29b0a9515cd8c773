/// What robots walk on: an infinite plane.
///
/// Ask it for heights instead of assuming 0, so that terrain can take its place.
public struct Ground: Sendable, Equatable {
  /// The plane's height, m.
  public let height: Double
  /// Its share of the friction coefficient: the coefficient of a contact is the product of the two surfaces' shares.
  public internal(set) var friction: Double
  /// As of a `Collider`.
  public let category: UInt32
  /// As of a `Collider`.
  public let mask: UInt32

  /// Makes a plane, by default z = 0 with friction 1.
  public init(height: Double = 0, friction: Double = 1, category: UInt32 = 1, mask: UInt32 = 1) {
    self.height = height
    self.friction = friction
    self.category = category
    self.mask = mask
  }

  /// The height in m below or above a point; z is ignored.
  public func height(at point: Vector3) -> Double { height }

  func validate() throws(PhysicsError) {
    guard height.isFinite else { throw .invalidDefinition("ground: the height must be finite, not \(height)") }
    guard friction.isFinite, friction >= 0 else {
      throw .invalidDefinition("ground: the friction must be finite and at least 0, not \(friction)")
    }
  }
}
