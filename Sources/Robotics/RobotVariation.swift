/// A robot made from another by changing parts of it.
package struct RobotVariation: Robot {
  package let name: String
  package let body: Link
  package let props: [Link]
  package let physics: PhysicsSettings
  package let ignoredPairs: [(String, String)]

  package init(
    name: String, body: Link, props: [Link] = [], physics: PhysicsSettings, ignoredPairs: [(String, String)] = []
  ) {
    self.name = name
    self.body = body
    self.props = props
    self.physics = physics
    self.ignoredPairs = ignoredPairs
  }
}

extension Link {
  /// The link and all below it, each changed.
  package func changing(_ change: (inout Link) -> Void) -> Link {
    var link = self
    change(&link)
    link.children = link.children.map { $0.changing(change) }
    return link
  }

  /// Changes each axis of the link's own joint.
  package mutating func changeAxes(_ change: (inout Axis) -> Void) {
    guard var joint else { return }
    for i in joint.axes.indices { change(&joint.axes[i]) }
    self.joint = joint
  }
}
