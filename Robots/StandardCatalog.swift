import Robotics

extension Catalog {
  /// The robots that come with the framework; each entry stands beside its robot.
  public static var standard: Catalog {
    Catalog([
      .pendulum,
      .pendulumHidden,
      .cartPoleDiscrete,
      .cartPole,
      .invertedDoublePendulum,
      .reacher,
      .hopper,
      .walker2D,
      .halfCheetah,
      .ant,
      .biped,
      .bipedIMU,
      .commandedBiped,
      .humanoid,
      .humanoidIMU,
      .quadruped,
      .hexapod,
      .arm,
      .arm7,
      .pusher,
    ])
  }
}
