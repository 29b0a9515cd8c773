import Environments
import Physics

extension Simulation {
  /// How fast a link slides over the ground, m/s: the horizontal speed of the point under its lowest shape's center at
  /// the height of its sole, so that a foot that rolls does not slide; 0 for a link that does not touch the ground.
  public func slip(of link: LinkID) -> Double {
    guard touchesGround(link) else { return 0 }
    let frame = pose(of: link)
    var (lowest, center) = (Double.infinity, frame.position)
    for collider in model.colliders(of: link) {
      let pose = frame * collider.pose
      let bottom = collider.shape.lowestPoint(at: pose)
      if bottom < lowest { (lowest, center) = (bottom, pose.position) }
    }
    let lever = Vector3(center.x, center.y, lowest) - frame.position
    let velocity = velocity(of: link) + angularVelocity(of: link).cross(lever)
    return (square(velocity.x) + square(velocity.y)).squareRoot()
  }
}
