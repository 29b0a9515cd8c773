/// What a joint's axis does by itself, driven or not: friction in the bearing, a spring, and a rotor that turns with it.
///
/// The effort is −damping · velocity − stiffness · (position − rest) − armature · acceleration, less dry friction, equal and
/// opposite on both bodies. It is solved together with all constraints, at the end of the substep, and so is stable for all
/// values.
public struct JointDynamics: Sendable, Equatable {
  /// Viscous friction, N·m·s/rad (a slider: N·s/m), at least 0.
  public var damping: Double
  /// Of a spring, N·m/rad (a slider: N/m), at least 0.
  public var stiffness: Double
  /// Where the spring is slack, rad (a slider: m). Without stops a turning axis takes the short way round to it.
  public var rest: Double
  /// A rotor's inertia, as the axis feels it through the gear, kg·m² (a slider: kg), at least 0.
  public var armature: Double
  /// Dry friction (Coulomb): the effort that holds the axis, and that resists its motion at any speed, N·m (a slider: N), at
  /// least 0. An axis that it holds creeps by up to 0.001 rad/s (a slider: m/s).
  public var friction: Double

  /// Makes dynamics; by default there are none.
  public init(
    damping: Double = 0, stiffness: Double = 0, rest: Double = 0, armature: Double = 0, friction: Double = 0
  ) {
    self.damping = damping
    self.stiffness = stiffness
    self.rest = rest
    self.armature = armature
    self.friction = friction
  }

  /// Whether the axis moves freely.
  public var isOff: Bool { damping == 0 && stiffness == 0 && armature == 0 && friction == 0 }

  func validate(_ owner: String) throws(PhysicsError) {
    for (name, value) in [
      ("damping", damping), ("stiffness", stiffness), ("armature", armature), ("friction", friction),
    ] {
      guard value >= 0, value.isFinite else {
        throw .invalidDefinition("\(owner): the \(name) must be finite and at least 0, not \(value)")
      }
    }
    guard rest.isFinite else {
      throw .invalidDefinition("\(owner): the spring's rest must be finite, not \(rest)")
    }
  }
}
