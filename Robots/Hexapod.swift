import Physics
import Robotics
import Tasks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A hexapod of 12 kg whose hips are 0.21 m above the ground and whose feet stand 1.1 m apart: six legs around a flat body, each with a hip that
/// turns and lifts, and a knee. Eighteen actuated axes.
///
/// It is laid out as HEBI Robotics' Daisy is (`hebi-python-examples`, kits/daisy/resources): where the hips are and how
/// long the legs. Both axes of a hip cross in one point; masses, gains and limits are chosen to suit.
///
/// Stepped exactly, 5 ms at a time: eight iterations of 2.5 ms each are 1.3 times as fast, but let joints gape by 2.6 mm.
public struct Hexapod: Robot {
  public let name = "hexapod"

  /// The feet, the left one of each pair first.
  public static let feet = [
    "front left shank", "front right shank", "middle left shank", "middle right shank", "rear left shank",
    "rear right shank",
  ]

  public init() {}

  public var body: Link {
    Link("body", .cylinder(radius: 0.2, length: 0.08), mass: 6, at: [0, 0, 0.33]) {
      for (place, angle, distance) in [("front", 30.0, 0.2375), ("middle", 90, 0.1875), ("rear", 150, 0.2375)] {
        for side in [Side.left, .right] {
          leg(
            "\(place) \(side)", along: [cos(angle * .pi / 180), side.sign * sin(angle * .pi / 180), 0], distance, side)
        }
      }
    }
  }

  /// - Parameter out: where the leg points to, seen from above.
  private func leg(_ name: String, along out: Vector3, _ distance: Double, _ side: Side) -> Link {
    let lift = out.cross(.unitZ)
    return Link(
      "\(name) thigh", .capsule(radius: 0.035, length: 0.255), mass: 0.7, center: out * 0.1625, along: out,
      at: out * distance,
      joint: .universal(
        Axis("\(name) hip turn", [0, 0, side.sign], degrees: -45...45, actuator: servo(20)),
        Axis("\(name) hip lift", lift, degrees: -60...90, neutral: 25, actuator: servo(38)))
    ) {
      Link(
        "\(name) shank",
        [
          Collider(.capsule(radius: 0.02, length: 0.285), pose: Pose(position: [0, 0, -0.1625])),
          Collider(.sphere(radius: 0.025), pose: Pose(position: [0, 0, -0.325])),
        ], mass: .total(0.3), at: out * 0.325,
        joint: .hinge(Axis("\(name) knee", lift, degrees: -85...60, neutral: -25, actuator: servo(20))))
    }
  }

  private func servo(_ limit: Double) -> Actuator {
    .position(stiffness: 60, damping: 1.5, limit: limit, reach: 0.35)
  }
}

extension Catalog.Entry {
  static let hexapod = Self(
    "hexapod", Hexapod(),
    TrackVelocity(
      feet: Hexapod.feet, gait: GaitClock(period: 0.6, stance: 0.55, offsets: GaitClock.tripod),
      command: VelocityCommand(forward: -0.4...0.4, sideways: -0.2...0.2, turning: -0.5...0.5, standing: 0.1),
      height: 0.21, fallHeight: 0.14, stepHeight: 0.07),
    settings: [
      "steps": 2_000_000, "envs": 64, "ppo.horizon": 64, "ppo.minibatch": 512,
      // It does not fall, and so its episodes are long: with a horizon of 2 s the value takes too long to converge.
      "ppo.gamma": 0.96,
      "ppo.final_kl": 0.005, "ppo.initial_std": 0.3, "ppo.entropy_coefficient": 0.0005, "ppo.mirror_samples": true,
    ],
    trainedPolicy: { shippedPolicy("hexapod") },
    goal: Goal(
      .lasting(atLeast: 0.98),
      .mean("speed_error_m_s", atMost: 0.1),
      .mean("clearance_m", atLeast: 0.02),
      .mean("flight", atMost: 0.01)))
}
