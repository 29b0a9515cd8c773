/// Why a world could not be built or stepped.
public enum PhysicsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A definition, a setting or an argument that cannot be simulated.
  case invalidDefinition(String)
  /// The state left the range of sane motion, or a number that is not finite was set.
  case diverged(String)
  /// The engine failed in the middle of a step; the world must be rebuilt.
  case engine(String)
  /// A snapshot that is not one of this world.
  case invalidSnapshot(String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .invalidDefinition(let text): text
    case .diverged(let text): "the simulation diverged: \(text)"
    case .engine(let text): "the physics engine failed: \(text)"
    case .invalidSnapshot(let text): "the snapshot does not fit: \(text)"
    }
  }
}
