import Physics

extension FileBody {
  /// Whether no number is infinite or no number at all: products of what a file says may be.
  package var isFinite: Bool {
    let mass = inertial.map {
      $0.mass.isFinite && $0.center.isFinite && $0.inertia.diagonal.isFinite && $0.inertia.offDiagonal.isFinite
    }
    return pose.isFinite && mass ?? true && joints.allSatisfy(\.isFinite)
      && (colliders + visuals).allSatisfy { $0.pose.isFinite && $0.shape.volume.isFinite }
  }
}

extension FileJoint {
  package var isFinite: Bool {
    let numbers = [
      dynamics.damping, dynamics.stiffness, dynamics.rest, dynamics.armature, dynamics.friction, drawnPosition,
      range?.lowerBound ?? 0, range?.upperBound ?? 0,
    ]
    return anchor.isFinite && axis.isFinite && numbers.allSatisfy(\.isFinite)
  }
}

extension FileActuator.Law {
  package var isFinite: Bool {
    switch self {
    case .torque(let limit): limit.isFinite
    case .position(let stiffness, let damping, let limit, let targets):
      switch damping {
      case .given(let value), .ratio(let value):
        [stiffness, value, limit, targets?.lowerBound ?? 0, targets?.upperBound ?? 0].allSatisfy(\.isFinite)
      }
    case .velocity(let gain, let limit, let speed): gain.isFinite && limit.isFinite && speed.isFinite
    }
  }
}
