import Physics
import Robotics

/// The assembly as a tree of links, in the framework's conventions.
extension Assembly {
  /// The root with all its descendants, and the pairs of links that never touch.
  ///
  /// - Parameter designs: of the joints, by name.
  func tree(_ designs: [String: AxisDesign]) throws(PhysicsError) -> (body: Link, ignoredPairs: [(String, String)]) {
    var pairs = excludedPairs
    var made: [[Link]] = links.map { _ in [] }
    for index in links.indices.reversed() {
      let children = links.indices.filter { links[$0].parent == index }.flatMap { made[$0] }
      made[index] = [try chain(links[index], children: children, designs, &pairs)]
    }
    let roots = links.indices.filter { links[$0].parent == nil }.flatMap { made[$0] }
    guard roots.count == 1, let root = roots.first else { return (try Self.socket(for: roots), pairs) }
    return (root, pairs)
  }

  /// What several links stand on that are tied to the world: a body that does not move, whose mass is of no consequence.
  private static func socket(for links: [Link]) throws(PhysicsError) -> Link {
    let mass = try MassProperties(mass: 1, inertia: Inertia(diagonal: [1, 1, 1]))
    var root = Link("world", [], mass: .explicit(mass), joint: .fixed) {}
    root.children = links
    return root
  }

  /// A link with its joint to the parent; several joints are links one after another, of which all but the last take a
  /// share of its mass.
  private func chain(
    _ link: AssemblyLink, children: [Link], _ designs: [String: AxisDesign], _ pairs: inout [(String, String)]
  ) throws(PhysicsError) -> Link {
    let above = link.parent.map { links[$0].origin } ?? .zero
    var joints = Self.joints(of: link.joints, designs)
    guard let mass = link.mass else { throw .invalidDefinition("the link '\(link.name)' has no mass") }
    let spare = max(0, joints.count - 1)
    let share = Self.auxiliaryShare
    var last = Link(
      link.name, link.colliders.map { $0.collider(from: link.origin) },
      mass: .explicit(mass.moved(by: Pose(position: -link.origin)).scaled(by: 1 - share * Double(spare)))
    ) {}
    last.children = children
    last.parts = link.parts.map {
      Link.Part($0.name, at: Pose(position: $0.frame.position - link.origin, orientation: $0.frame.orientation))
    }
    last.decorations = link.visuals.compactMap { $0.decoration(from: link.origin) }
    last.joint = joints.popLast()?.joint ?? (base == .fixed && link.parent == nil ? .fixed : nil)
    var result = last
    var origin = link.origin
    for (number, (joint, anchor)) in joints.enumerated().reversed() {
      result.at = origin - anchor
      var auxiliary = Link(
        "\(link.name).\(number + 1)", [],
        mass: .explicit(mass.moved(by: Pose(position: -anchor)).scaled(by: share)), joint: joint
      ) {}
      auxiliary.children = [result]
      result = auxiliary
      origin = anchor
    }
    if !joints.isEmpty, let parent = link.parent { pairs.append((links[parent].name, link.name)) }
    result.at = origin - above
    return result
  }

  /// The share of a link's mass and inertia that each body between its joints takes: as little as the direct solver holds
  /// together.
  private static let auxiliaryShare = 0.005

  /// Joints of one or two axes that move as the given ones do, one after another, with the places that they sit in.
  private static func joints(
    of joints: [AssemblyJoint], _ designs: [String: AxisDesign]
  ) -> [(joint: Joint, anchor: Vector3)] {
    var result: [(joint: Joint, anchor: Vector3)] = []
    var index = 0
    while index < joints.count {
      let first = joints[index]
      let next = index + 1 < joints.count ? joints[index + 1] : nil
      if let next, first.kind == .hinge, next.kind == .hinge, (first.anchor - next.anchor).length < 1e-9,
        abs(first.axis.dot(next.axis)) < 1e-6
      {
        result.append((.universal(Axis(first, designs), Axis(next, designs)), first.anchor))
        index += 2
      } else {
        let axis = Axis(first, designs)
        result.append((first.kind == .slide ? .slider(axis) : .hinge(axis), first.anchor))
        index += 1
      }
    }
    return result
  }
}

/// What the framework adds to a joint of a file: its default position and its drive.
struct AxisDesign: Sendable {
  var neutral: Double
  var range: ClosedRange<Double>?
  var dynamics: JointDynamics
  var actuator: Actuator?
}

extension Axis {
  fileprivate init(_ joint: AssemblyJoint, _ designs: [String: AxisDesign]) {
    let design = designs[joint.name]
    self.init(
      joint.name, joint.axis, range: design.map(\.range) ?? joint.range, neutral: design?.neutral ?? 0,
      dynamics: design?.dynamics ?? joint.dynamics, actuator: design?.actuator)
  }
}

extension FileShape {
  /// The shape as a collider of a link whose frame is at `origin`.
  fileprivate func collider(from origin: Vector3) -> Collider {
    Collider(
      shape, pose: Pose(position: pose.position - origin, orientation: pose.orientation.normalized), friction: friction,
      category: category, mask: mask)
  }

  fileprivate func decoration(from origin: Vector3) -> Decoration? {
    Decoration(shape, pose: Pose(position: pose.position - origin, orientation: pose.orientation.normalized))
  }
}
