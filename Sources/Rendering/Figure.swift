import Physics
import Robotics

/// What the parts of a recording look like, wherever they stand: shapes with colors.
package struct Figure: Sendable {
  /// A shape of a part.
  package struct Piece: Sendable {
    package let shape: Shape
    /// In the part's frame.
    package let pose: Pose
    package let color: Vector

    init(shape: Shape, pose: Pose, color: Vector) {
      self.shape = shape
      self.pose = pose
      self.color = color
    }

    /// - Parameter color: of the link that the decoration is on.
    init(_ decoration: Decoration, on color: Vector) {
      shape = decoration.shape
      pose = decoration.pose
      self.color =
        switch decoration.tone {
        case .link: color
        case .dark: LinkColors.joint
        case .gray: LinkColors.scenery
        case .light: LinkColors.light
        }
    }
  }

  /// For each part of the recording.
  package let pieces: [[Piece]]

  /// What stands about, in the world.
  package let scenery: [Piece]

  package init(_ recording: Recording) {
    let parts = recording.parts
    let colors = LinkColors.colors(of: parts)
    pieces = parts.indices.map { index in
      let part = parts[index]
      var pieces = part.colliders.map { Piece(shape: $0.shape, pose: $0.pose, color: colors[index]) }
      // Joints show as dark balls where links leave a gap between them.
      if let parent = part.parent {
        let radius = 0.9 * min(parts[parent].thinness, part.thinness)
        if radius.isFinite {
          pieces.append(Piece(shape: .sphere(radius: radius), pose: .identity, color: LinkColors.joint))
        }
      }
      return pieces + part.decorations.map { Piece($0, on: colors[index]) }
    }
    scenery = recording.scenery.map { Piece($0, on: LinkColors.scenery) }
  }
}

extension Recording.Part {
  /// Half of the least extent of its shapes, m; infinite without any.
  fileprivate var thinness: Double {
    var least = Double.infinity
    for collider in colliders {
      for axis in [Vector3.unitX, .unitY, .unitZ] { least = min(least, collider.shape.reach(along: axis)) }
    }
    return least
  }
}
