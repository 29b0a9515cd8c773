import Environments
import Physics

/// How a slice of the observation changes when the world is seen in a mirror that swaps left and right (y → −y).
public enum Mirroring: Sendable, Equatable {
  /// Not at all: heights, forward speeds.
  case same
  /// It changes sign: what points sideways, and both coordinates of a clock whose phase is half a turn off.
  case negated
  /// Three components of a position, a velocity or a force.
  case vector
  /// Three components of an angular velocity or a torque.
  case axial
  /// Each column by a sign of its own, 1 or −1.
  case signs([Float])
  /// A column for the left and one for the right, which change places.
  case sides
  /// One column an axis of the model, measured from its neutral position or changing sign with it.
  case axes
  /// One column a component of the action.
  case actions

  /// The sources of a slice of `count` columns, counted from its start.
  package func sources(count: Int, axes: [Symmetry.Source], actions: [Symmetry.Source]) throws -> [Symmetry.Source] {
    let found: [Symmetry.Source] =
      switch self {
      case .same: (0..<count).map { .init($0) }
      case .negated: (0..<count).map { .init($0, sign: -1) }
      case .vector: [.init(0), .init(1, sign: -1), .init(2)]
      case .axial: [.init(0, sign: -1), .init(1), .init(2, sign: -1)]
      case .signs(let signs): signs.enumerated().map { .init($0, sign: $1) }
      case .sides: [.init(1), .init(0)]
      case .axes: axes
      case .actions: actions
      }
    guard found.count == count else {
      throw RobotError("a slice of \(count) columns cannot be mirrored as \(self), which has \(found.count)")
    }
    return found
  }
}

extension RobotModel {
  /// The symmetry of an env that shows what `observations` recorded; nil if the robot has none or a slice does not say
  /// how it is mirrored.
  package func symmetry(of observations: ObservationCursor) throws -> Symmetry? {
    guard let axes = mirroredAxes(), let actions = mirroredActions(),
      let columns = try observations.mirroredColumns(axes: axes, actions: actions)
    else { return nil }
    return try Symmetry(observation: columns, action: actions)
  }

  /// For each axis, the one that takes its place in the mirror; nil if the robot's left and right differ.
  ///
  /// Axes belong together whose names differ in "left" and "right" alone; any other lies in the middle.
  package func mirroredAxes() -> [Symmetry.Source]? {
    var sources: [Symmetry.Source] = []
    for axis in axes {
      let wanted = Self.otherSide(of: axis.name)
      guard let index = axes.firstIndex(where: { $0.name == wanted }),
        let sign = axis.mirrorSign(against: axes[index], isSlider: isSlider(index))
      else { return nil }
      sources.append(.init(index, sign: sign))
    }
    return sources
  }

  /// The same for the components of the action.
  package func mirroredActions() -> [Symmetry.Source]? {
    guard let axes = mirroredAxes() else { return nil }
    var sources: [Symmetry.Source] = []
    for index in actuatedAxes {
      guard let component = actuatedAxes.firstIndex(of: axes[index].index) else { return nil }
      sources.append(.init(component, sign: axes[index].sign))
    }
    return sources
  }

  /// What the left is called on the right, and the other way round.
  package static func otherSide(of name: String) -> String {
    let words = name.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word == "left" ? "right" : word == "right" ? "left" : word
    }
    return words.joined(separator: " ")
  }

  private func isSlider(_ axis: Int) -> Bool {
    links.contains { $0.axes.contains(axis) && $0.link.joint?.kind == .slider }
  }
}

extension Axis {
  /// 1 or −1 if this axis in a mirror is `other` with equal or opposite position; nil if it is neither.
  fileprivate func mirrorSign(against other: Axis, isSlider: Bool) -> Float? {
    let seen = direction * [1, -1, 1]
    // A turn runs the other way in a mirror, a slide does not.
    let sign: Double
    if other.direction == seen {
      sign = isSlider ? 1 : -1
    } else if other.direction == -seen {
      sign = isSlider ? -1 : 1
    } else {
      return nil
    }
    let (lower, upper) = (range?.lowerBound ?? -.infinity, range?.upperBound ?? .infinity)
    let stops = sign > 0 ? (lower, upper) : (-upper, -lower)
    var dynamics = dynamics
    dynamics.rest *= sign
    guard other.neutral == sign * neutral, other.actuator == actuator, other.dynamics == dynamics,
      stops == (other.range?.lowerBound ?? -.infinity, other.range?.upperBound ?? .infinity)
    else { return nil }
    return Float(sign)
  }
}
