/// A position and an orientation: one frame relative to another.
public struct Pose: Sendable, Equatable {
  /// The frame's origin in the outer frame, m.
  public var position: Vector3
  /// The rotation that takes vectors of the frame to the outer one.
  public var orientation: Quaternion

  /// Both frames coincide.
  public static let identity = Pose()

  /// Makes a pose; the defaults are the origin and no rotation.
  public init(position: Vector3 = .zero, orientation: Quaternion = .identity) {
    self.position = position
    self.orientation = orientation
  }

  /// The pose in the outermost frame of `child`, given in the frame that `parent` places.
  public static func * (parent: Pose, child: Pose) -> Pose {
    Pose(position: parent.act(on: child.position), orientation: parent.orientation * child.orientation)
  }

  /// The outer frame as seen from this one.
  public var inverse: Pose {
    let orientation = orientation.conjugate
    return Pose(position: -orientation.act(on: position), orientation: orientation)
  }

  /// A point of the frame, in the outer frame.
  public func act(on point: Vector3) -> Vector3 { position + orientation.act(on: point) }

  /// Whether every number is finite.
  public var isFinite: Bool { position.isFinite && orientation.isFinite }
}
