import Robotics

extension Catalog {
  /// The robots that come with the framework; each entry stands beside its robot.
  public static var standard: Catalog { Catalog([.pendulum, .biped, .arm, .quadruped, .hexapod]) }
}
