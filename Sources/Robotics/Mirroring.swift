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
  /// One column for each of these links, such as feet; links on the left and on the right change places.
  case links([LinkID])
  /// One column an axis of the model, measured from its neutral position or changing sign with it.
  case axes
  /// One column for each of these axes of the model; axes on the left and on the right change places.
  case someAxes([Int])
  /// One column a component of the action.
  case actions
}

extension Vector3 {
  /// A position, a velocity or a force as seen in a mirror that swaps left and right.
  public var mirrored: Vector3 { [x, -y, z] }
  /// An angular velocity or a torque as seen in that mirror.
  public var mirroredAxially: Vector3 { [-x, y, -z] }
}

extension Pose {
  /// The pose as seen in a mirror that swaps left and right.
  public var mirrored: Pose {
    let q = orientation
    return Pose(position: position.mirrored, orientation: Quaternion(w: q.w, x: -q.x, y: q.y, z: -q.z))
  }
}

extension RobotModel {
  /// The symmetry of an env that shows what `observations` recorded; nil if the robot has none or a slice does not say
  /// how it is mirrored.
  package func symmetry(of observations: ObservationCursor) throws -> Symmetry? {
    guard let axes = mirroredAxes(), let actions = mirroredActions() else { return nil }
    var columns: [Symmetry.Source] = []
    for record in observations.sortedRecords {
      guard let mirroring = record.mirroring,
        let sources = sources(mirroring, count: record.slice.count, axes: axes, actions: actions)
      else { return nil }
      guard sources.count == record.slice.count else {
        throw RobotError(
          "\(name): '\(record.slice.name)' has \(record.slice.count) columns; mirrored as \(mirroring) it would have "
            + "\(sources.count)")
      }
      let start = columns.count
      columns += sources.map { Symmetry.Source(start + $0.index, sign: $0.sign) }
    }
    return try Symmetry(observation: columns, action: actions)
  }

  /// Where each column of a mirrored slice comes from, counted from the slice's start; nil where the robot's left and right
  /// differ.
  func sources(_ mirroring: Mirroring, count: Int) -> [Symmetry.Source]? {
    guard let axes = mirroredAxes(), let actions = mirroredActions() else { return nil }
    return sources(mirroring, count: count, axes: axes, actions: actions)
  }

  /// Where each column of a mirrored slice comes from, counted from the slice's start; nil where a link lacks its other
  /// side.
  private func sources(
    _ mirroring: Mirroring, count: Int, axes: [Symmetry.Source], actions: [Symmetry.Source]
  ) -> [Symmetry.Source]? {
    switch mirroring {
    case .same: return (0..<count).map { .init($0) }
    case .negated: return (0..<count).map { .init($0, sign: -1) }
    case .vector: return [.init(0), .init(1, sign: -1), .init(2)]
    case .axial: return [.init(0, sign: -1), .init(1), .init(2, sign: -1)]
    case .signs(let signs): return signs.enumerated().map { .init($0, sign: $1) }
    case .links(let links):
      let names = links.compactMap { linkNames.indices.contains($0.index) ? linkNames[$0.index] : nil }
      guard names.count == links.count else { return nil }
      let others = links.compactMap { link in
        mirroredLink(link.index).flatMap { index in
          links.firstIndex { $0.index == index }
        }
      }
      return others.count == names.count ? others.map { .init($0) } : nil
    case .axes: return axes
    case .someAxes(let some):
      let images = some.compactMap { axes.indices.contains($0) ? axes[$0] : nil }
      let places = images.compactMap { image in some.firstIndex(of: image.index).map { (place: $0, sign: image.sign) } }
      return places.count == some.count ? places.map { .init($0.place, sign: $0.sign) } : nil
    case .actions: return actions
    }
  }

  /// What the columns of a slice that changes in a mirror as `mirroring` says are called; none where its name says all.
  func columnNames(_ mirroring: Mirroring?) -> [String] {
    switch mirroring {
    case .vector, .axial: ["x", "y", "z"]
    case .links(let links): links.map { linkNames.indices.contains($0.index) ? linkNames[$0.index] : "\($0.index)" }
    case .axes: axes.map(\.name)
    case .someAxes(let some): some.map { axes.indices.contains($0) ? axes[$0].name : "\($0)" }
    case .actions: actuatedAxes.map { axes[$0].name }
    case .same, .negated, .signs, nil: []
    }
  }

  /// For each axis, the one that takes its place in the mirror; nil if the robot's left and right differ.
  ///
  /// Axes belong together whose names differ in a word for the side alone, see `otherSide(of:)`. One without such a word lies
  /// in the middle, or, if its link does not, belongs to that of the link in the mirrored place.
  package func mirroredAxes() -> [Symmetry.Source]? {
    var sources: [Symmetry.Source] = []
    for (number, axis) in axes.enumerated() {
      let counterpart = Self.otherSide(of: axis.name)
      let place =
        counterpart == axis.name
        ? mirroredAxis(number) : axes.firstIndex { $0.name == counterpart }
      guard let index = place, let sign = axis.mirrorSign(against: axes[index], isSliding: isSliding(axis: index))
      else {
        return nil
      }
      sources.append(.init(index, sign: sign))
    }
    return sources
  }

  /// The axis of the link in the mirrored place; nil where there is none.
  private func mirroredAxis(_ axis: Int) -> Int? {
    guard let link = links.firstIndex(where: { $0.axes.contains(axis) }), let other = mirroredLink(link),
      links[other].axes.count == links[link].axes.count
    else { return nil }
    return links[other].axes.lowerBound + axis - links[link].axes.lowerBound
  }

  /// The link on the other side of a link, which may be itself: by its name, or, where that has no word for a side, by its
  /// place in the zero pose; nil where there is none.
  package func mirroredLink(_ index: Int) -> Int? {
    let name = links[index].link.name
    let other = Self.otherSide(of: name)
    if other != name { return links.firstIndex { $0.link.name == other } }
    let middle = links[0].origin.y
    let image = links[index].origin * [1, -1, 1] + [0, 2 * middle, 0]
    let extent = links.map { ($0.origin - links[0].origin).length }.max() ?? 0
    let tolerance = 0.01 * extent + 1e-9
    guard abs(links[index].origin.y - middle) > tolerance else { return index }
    return links.indices.first { other in
      (links[other].origin - image).length < tolerance && links[other].axes.count == links[index].axes.count
        && abs(links[other].mass.mass - links[index].mass.mass) <= 0.01 * links[index].mass.mass
    }
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

  /// What the left is called on the right, and the other way round: parts of a name that stand for a side are exchanged, in
  /// small or capital letters, between blanks, `_`, `-`, `.`, `/` and changes from small to capital letters.
  package static func otherSide(of name: String) -> String {
    var result = ""
    var part = ""
    for character in name {
      let separates = " _-./".contains(character)
      let startsPart = character.isUppercase && part.last?.isLowercase == true
      if separates || startsPart {
        result += otherSides[part] ?? part
        part = ""
      }
      if separates { result.append(character) } else { part.append(character) }
    }
    return result + (otherSides[part] ?? part)
  }

  private static let otherSides: [String: String] = {
    let pairs = [
      ("left", "right"), ("l", "r"), ("fl", "fr"), ("rl", "rr"), ("lf", "rf"), ("hl", "hr"), ("lh", "rh"), ("bl", "br"),
      ("lb", "rb"), ("ml", "mr"), ("lm", "rm"),
    ]
    var sides: [String: String] = [:]
    for (left, right) in pairs {
      for form in [{ $0 }, { $0.uppercased() }, { $0.prefix(1).uppercased() + $0.dropFirst() }] as [(String) -> String]
      {
        sides[form(left)] = form(right)
        sides[form(right)] = form(left)
      }
    }
    return sides
  }()
}

extension Axis {
  /// 1 or −1 if this axis in a mirror is `other` with equal or opposite position; nil if it is neither.
  fileprivate func mirrorSign(against other: Axis, isSliding: Bool) -> Float? {
    let seen = direction * [1, -1, 1]
    // A turn runs the other way in a mirror, a slide does not.
    let sign: Double
    if isNear(other.direction, seen) {
      sign = isSliding ? 1 : -1
    } else if isNear(other.direction, -seen) {
      sign = isSliding ? -1 : 1
    } else {
      return nil
    }
    let (lower, upper) = (range?.lowerBound ?? -.infinity, range?.upperBound ?? .infinity)
    let stops = sign > 0 ? (lower, upper) : (-upper, -lower)
    var dynamics = dynamics
    dynamics.rest *= sign
    let others = (other.range?.lowerBound ?? -.infinity, other.range?.upperBound ?? .infinity)
    guard isNear(other.neutral, sign * neutral), other.actuator == actuator, other.dynamics == dynamics,
      isNear(stops.0, others.0), isNear(stops.1, others.1)
    else { return nil }
    return Float(sign)
  }

  /// Whether two figures of a robot's file, which rounds them, mean the same.
  private func isNear(_ a: Double, _ b: Double) -> Bool { a == b || abs(a - b) < 1e-6 }
  private func isNear(_ a: Vector3, _ b: Vector3) -> Bool { (a - b).length < 1e-6 }
}
