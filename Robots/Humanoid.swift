import Physics
import Robotics
import Tasks

/// A humanoid of 1.70 m and 70 kg with eighteen actuated axes: a waist that turns and bends, hips of three axes, knees,
/// ankles, shoulders of two axes and elbows.
///
/// Masses are the shares of the body's that Winter gives for each segment ("Biomechanics and Motor Control of Human
/// Movement", 4th ed. 2009, table 4.1, after Dempster), lengths the shares of its height of Drillis and Contini (1966;
/// figure 4.1 there). The abdomen goes with the pelvis, the head with the thorax, the hand with the forearm.
public struct Humanoid: Robot {
  public let name = "humanoid"
  public let physics = PhysicsSettings(substep: 0.02 / 6, substeps: 6)

  public init() {}

  public var body: Link {
    // It touches nothing: the thighs swing through where it is.
    Link(
      "pelvis", .box(size: [0.18, 0.28, 0.28]), mass: 19.67, center: [0, 0, 0.06], collides: false, at: [0, 0, 0.91]
    ) {
      thorax
      for side in [Side.left, .right] { leg(side) }
    }
  }

  /// The thorax and the head, equally dense, so that the head has its 8.1 % of the whole.
  private var thorax: Link {
    Link(
      "thorax",
      [
        Collider(.box(size: [0.19, 0.27, 0.29]), pose: Pose(position: [0, 0, 0.165])),
        Collider(.sphere(radius: 0.11), pose: Pose(position: [0, 0, 0.489])),
      ],
      mass: .total(20.79), at: [0, 0, 0.20],
      joint: .universal(
        Axis("waist yaw", [0, 0, 1], degrees: -40...40, actuator: servo(150, 8, 80, reach: 0.3)),
        Axis("waist pitch", [0, 1, 0], degrees: -25...60, actuator: servo(400, 20, 150, reach: 0.3)))
    ) {
      for side in [Side.left, .right] { arm(side) }
    }.decorated(
      // A neck, and a visor that shows which way it looks.
      Decoration(.cylinder(radius: 0.05, length: 0.12), center: [0, 0, 0.345], tone: .dark),
      Decoration(.box(size: [0.03, 0.13, 0.045]), center: [0.096, 0, 0.505], tone: .dark))
  }

  /// Arms and waist reach no further than a walk needs, so that trying things out with them does not throw it over.
  private func arm(_ side: Side) -> Link {
    Link(
      "\(side) upper arm", .capsule(radius: 0.045, length: 0.22), mass: 1.96, center: [0, 0, -0.15],
      at: [0, 0.22 * side.sign, 0.29],
      joint: .universal(
        Axis(
          "\(side) shoulder roll", [side.sign, 0, 0], degrees: -5...120, neutral: 8,
          actuator: servo(40, 2, 40, reach: 0.3)),
        Axis("\(side) shoulder pitch", [0, -1, 0], degrees: -60...150, actuator: servo(40, 2, 40, reach: 0.3)))
    ) {
      Link(
        "\(side) forearm", .capsule(radius: 0.038, length: 0.30), mass: 1.54, center: [0, 0, -0.17],
        at: [0, 0, -0.316],
        joint: .hinge(
          Axis("\(side) elbow", [0, -1, 0], degrees: 0...140, neutral: 20, actuator: servo(25, 1, 25, reach: 0.3))))
    }
  }

  /// A thigh turns about its own length, so that the third axis of the hip can as well sit at its lower end: no link as
  /// light as a hip's own stands between pelvis and thigh. Standing, the hips are 3 cm ahead of the ankles, above the
  /// middle of the feet.
  private func leg(_ side: Side) -> Link {
    Link(
      "\(side) thigh", .capsule(radius: 0.065, length: 0.30), mass: 7, center: [0, 0, -0.181],
      at: [0, 0.11 * side.sign, 0],
      joint: .universal(
        Axis(
          "\(side) hip roll", [side.sign, 0, 0], degrees: -20...40, neutral: 1,
          actuator: servo(350, 14, 140, reach: 0.6)),
        Axis(
          "\(side) hip pitch", [0, -1, 0], degrees: -40...110, neutral: 16, actuator: servo(350, 14, 175, reach: 1)))
    ) {
      Link(
        "\(side) shin", .capsule(radius: 0.05, length: 0.30), mass: 3.255, center: [0, 0, -0.181],
        at: [0, 0, -0.417],
        joint: .universal(
          Axis("\(side) hip yaw", [0, 0, side.sign], degrees: -30...45, actuator: servo(150, 4, 60, reach: 0.3)),
          Axis(
            "\(side) knee", [0, 1, 0], degrees: 0...140, neutral: 36, actuator: servo(350, 10, 175, reach: 1.2)))
      ) {
        Link(
          "\(side) foot", .box(size: [0.25, 0.10, 0.06]), mass: 1.015, center: [0.05, 0, -0.036],
          at: [0, 0, -0.418],
          joint: .hinge(
            Axis(
              "\(side) ankle", [0, -1, 0], degrees: -50...40, neutral: 20,
              actuator: servo(175, 1.5, 100, reach: 0.7))))
      }
    }
  }

  private func servo(_ stiffness: Double, _ damping: Double, _ limit: Double, reach: Double) -> Actuator {
    .position(stiffness: stiffness, damping: damping, limit: limit, reach: reach)
  }
}

extension Catalog.Entry {
  static let humanoid = humanoid("humanoid", .humanoid, goal: .walking)

  /// The same machine with nothing to go by but an IMU and its joints.
  static let humanoidIMU = humanoid("humanoid-imu", .humanoid.imuOnly, goal: .walkingBlind)

  /// It learns to step on the spot before it learns to walk: with a command of 1 m/s from the start it throws itself forward and
  /// learns nothing else.
  private static func humanoid(_ name: String, _ options: WalkForward.Options, goal: Goal) -> Self {
    Self(
      name, Humanoid(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: options),
      settings: [
        "steps": 5_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.target_kl": 0.04, "ppo.final_kl": 0.005,
        "ppo.initial_std": 0.3, "ppo.mirror_samples": true, "curriculum.start": 0.1,
      ],
      trainedPolicy: { shippedPolicy(name) }, goal: goal)
  }
}

extension WalkForward.Options {
  /// Nearly twice as heavy as the biped, with 18 axes to its 8, and arms to be kept at rest.
  public static var humanoid: Self {
    var options = Self()
    options.startSpread = 0.05
    options.height = 0.84
    options.uprightLink = "thorax"
    options.highestStep = 0.08
    options.clockWeight = 0.12
    options.powerWeight = 0.00008
    options.fallPenalty = 5
    options.startsFromStanding = true
    options.resting =
      ["waist yaw", "waist pitch"]
      + ["left", "right"].flatMap { side in ["shoulder roll", "shoulder pitch", "elbow"].map { "\(side) \($0)" } }
    options.restingWeight = 0.03
    return options
  }
}
