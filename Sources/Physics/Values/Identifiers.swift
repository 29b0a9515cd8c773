/// A body of a world. Using it with another world is a programming error.
public struct BodyID: Sendable, Hashable {
  /// The number of bodies that were added before it.
  public let index: Int

  public init(index: Int) { self.index = index }
}

/// A joint of a world. Using it with another world is a programming error.
public struct JointID: Sendable, Hashable {
  /// The number of joints that were added before it.
  public let index: Int
}

/// An actuator of a world. Using it with another world is a programming error.
public struct ActuatorID: Sendable, Hashable {
  /// The number of actuators that were added before it.
  public let index: Int
}
