import Environments
import Physics

/// A robot's tree as flat arrays: links and axes with indices, names looked up once.
public struct RobotModel: Sendable {
  package struct FlatLink: Sendable {
    package var link: Link
    /// Index of the parent link; `nil` for the root.
    package var parent: Int?
    /// The link's axes in `axes`.
    package var axes: Range<Int>
    /// Origin in the world in the zero pose.
    package var origin: Vector3
    package var mass: MassProperties
  }

  public let name: String
  public let physics: PhysicsSettings
  package let links: [FlatLink]
  /// The free bodies of the scene; their numbers follow those of the links.
  package let props: [FlatLink]
  /// Shapes of the robot's surroundings that are only drawn, in world axes.
  let scenery: [Decoration]
  /// Pairs of links, by index, that pass through each other.
  let ignoredPairs: [(LinkID, LinkID)]
  /// All degrees of freedom, parents before children.
  public let axes: [Axis]
  /// The default position of each axis, rad or m.
  public let neutralPositions: [Double]
  /// The axes that have an actuator, in the order of the action's components.
  public let actuatedAxes: [Int]

  public var linkNames: [String] { links.map(\.link.name) }
  public var propNames: [String] { props.map(\.link.name) }
  /// Kilograms of all links; props are not counted.
  public var totalMass: Double { links.reduce(0) { $0 + $1.mass.mass } }
  /// Newtons, of the links under the gravity of its physics settings.
  public var weight: Double { totalMass * physics.gravity.length }
  /// Whether the root is not fixed to the world.
  public var isFloating: Bool { links[0].link.joint == nil }

  /// - Throws: `RobotError` if names repeat, a neutral lies outside its stops, a prop is more than one free body, or a
  ///   value is out of range; `PhysicsError` if a mass cannot be.
  public init(_ robot: some Robot) throws {
    let before = UserCode.enter(.body)
    let (body, props, ignored) = (robot.body, robot.props, robot.ignoredPairs)
    name = robot.name
    physics = robot.physics
    scenery = robot.scenery
    UserCode.leave(to: before)
    guard (1...PhysicsSettings.mostSubsteps).contains(physics.substeps) else {
      throw RobotError(
        "\(name): \(physics.substeps) physics steps a control step; 1 to \(PhysicsSettings.mostSubsteps) are possible")
    }
    var links: [FlatLink] = []
    var axes: [Axis] = []
    try Self.flatten(body, parent: nil, origin: body.at, into: &links, &axes)
    for prop in props where prop.joint != nil || !prop.children.isEmpty {
      throw RobotError("\(robot.name): the prop '\(prop.name)' must be one free body, without a joint or children")
    }
    let flatProps = try props.map {
      FlatLink(
        link: $0, parent: nil, axes: axes.endIndex..<axes.endIndex, origin: $0.at, mass: try Self.massProperties(of: $0)
      )
    }
    if let flaw = flaw(inName: robot.name) {
      throw RobotError("the robot's name '\(printable(robot.name))' \(flaw)")
    }
    let bodies = links + flatProps
    for (kind, names) in [
      ("link or prop", bodies.map(\.link.name) + bodies.flatMap { $0.link.parts.map(\.name) }),
      ("axis", axes.map(\.name)),
    ] {
      var seen: Set<String> = []
      for name in names {
        if let flaw = flaw(inName: name) {
          throw RobotError(
            "\(robot.name): the name '\(printable(name))' of \(kind == "axis" ? "an" : "a") \(kind) \(flaw)")
        }
        guard seen.insert(name).inserted else {
          throw RobotError("\(robot.name): more than one \(kind) is named '\(name)'")
        }
      }
    }
    for axis in axes {
      guard axis.neutral.isFinite else {
        throw RobotError("\(robot.name): '\(axis.name)' rests at \(axis.neutral); it must be finite")
      }
      if let range = axis.range, !range.contains(axis.neutral) {
        throw RobotError("\(robot.name): '\(axis.name)' rests at \(axis.neutral), outside its stops \(range)")
      }
    }
    for (place, decorations) in [("its scenery", scenery)]
      + (links + flatProps).map({ ("'\($0.link.name)'", $0.link.decorations) })
    where !decorations.allSatisfy(\.isDrawable) {
      throw RobotError("\(robot.name): \(place) has a decoration without a finite place and a size above 0")
    }
    ignoredPairs = try ignored.map { pair in
      func link(_ name: String) throws -> LinkID {
        guard let index = links.firstIndex(where: { $0.has(name) }) else {
          throw RobotError("\(robot.name): ignoredPairs names '\(printable(name))', which is no link")
        }
        return LinkID(index: index)
      }
      return (try link(pair.0), try link(pair.1))
    }
    self.links = links
    self.props = flatProps
    self.axes = axes
    neutralPositions = axes.map(\.neutral)
    actuatedAxes = axes.indices.filter { axes[$0].actuator != nil }
  }

  private static func flatten(
    _ link: Link, parent: Int?, origin: Vector3, into links: inout [FlatLink], _ axes: inout [Axis]
  ) throws {
    let first = axes.count
    axes += link.joint?.axes ?? []
    let index = links.count
    links.append(
      FlatLink(
        link: link, parent: parent, axes: first..<axes.count, origin: origin, mass: try massProperties(of: link)))
    for child in link.children {
      try flatten(child, parent: index, origin: origin + child.at, into: &links, &axes)
    }
  }

  private static func massProperties(of link: Link) throws -> MassProperties {
    let volume = link.colliders.reduce(0) { $0 + $1.shape.volume }
    let density: Double
    switch link.mass {
    case .explicit(let properties): return properties
    case .density(let value): density = value
    case .total(let mass):
      guard volume > 0 else { throw RobotError("'\(link.name)' has a mass but no shape to spread it over") }
      density = mass / volume
    }
    let parts = try link.colliders.map { try MassProperties($0.shape, density: density).moved(by: $0.pose) }
    return try MassProperties(compound: parts)
  }

  /// Draws a position for each axis uniformly from `spread` (rad or m) around its neutral, within its stops.
  ///
  /// - Parameter positions: to be overwritten by as many as there are axes; of that count already, nothing is allocated.
  public func drawPositions(
    around spread: ClosedRange<Double>, using random: inout Random, into positions: inout [Double]
  ) {
    if positions.count != axes.count { positions = neutralPositions }
    for i in axes.indices {
      let drawn = axes[i].neutral + random.uniform(spread)
      positions[i] = axes[i].range.map { min(max(drawn, $0.lowerBound), $0.upperBound) } ?? drawn
    }
  }

  /// Whether axis `index` slides, so that what drives it is a force and not a torque.
  package func isSliding(axis index: Int) -> Bool {
    links.contains { $0.axes.contains(index) && $0.link.joint?.kind == .slider }
  }

  /// The link called `name`, or that has a part called so.
  public func link(_ name: String) throws -> LinkID {
    guard let index = links.firstIndex(where: { $0.has(name) }) else {
      throw RobotError("\(self.name) has no link '\(name)'; it has \(linkNames.joined(separator: ", "))")
    }
    return LinkID(index: index)
  }

  /// The prop called `name`.
  public func prop(_ name: String) throws -> LinkID {
    guard let index = props.firstIndex(where: { $0.link.name == name }) else {
      throw RobotError(
        "\(self.name) has no prop '\(name)'; it has \(props.isEmpty ? "none" : propNames.joined(separator: ", "))")
    }
    return LinkID(index: links.count + index)
  }

  /// The shapes of a link or a prop, in its frame.
  func colliders(of link: LinkID) -> [Collider] {
    let flat = link.index < links.count ? links[link.index] : props[link.index - links.count]
    return flat.link.colliders
  }

  /// Whether two links are one of `ignoredPairs`.
  func ignores(_ a: Int, _ b: Int) -> Bool {
    ignoredPairs.contains { $0.index == a && $1.index == b || $0.index == b && $1.index == a }
  }

  /// Kilograms of a link or a prop.
  func mass(of link: LinkID) -> Double {
    (link.index < links.count ? links[link.index] : props[link.index - links.count]).mass.mass
  }

  /// All links but these.
  public func links(except few: [LinkID]) -> [LinkID] {
    links.indices.map(LinkID.init(index:)).filter { !few.contains($0) }
  }

  /// Index in `axes` of the axis called `name`.
  public func axis(_ name: String) throws -> Int {
    guard let index = axes.firstIndex(where: { $0.name == name }) else {
      throw RobotError("\(self.name) has no axis '\(name)'; it has \(axes.map(\.name).joined(separator: ", "))")
    }
    return index
  }
}

extension RobotModel.FlatLink {
  /// Whether the link or one of its parts is called `name`.
  func has(_ name: String) -> Bool { link.name == name || link.parts.contains { $0.name == name } }
}
