import Physics
import Robotics

/// What the parts of a recording look like, wherever they stand: shapes with colours.
package struct Figure: Sendable {
  /// A shape of a part.
  package struct Piece: Sendable {
    package let shape: Shape
    /// In the part's frame.
    package let pose: Pose
    package let color: Vector
  }

  /// For each part of the recording.
  package let pieces: [[Piece]]

  package init(_ parts: [Recording.Part]) {
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
      return pieces
    }
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
