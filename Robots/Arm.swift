import Physics
import Robotics
import Tasks

/// An arm of six joints on a table, 0.85 m long, driven by commanded joint speeds as industrial arms are.
public struct Arm: Robot {
  public let name = "arm"
  public let physics = PhysicsSettings(substep: 0.005, substeps: 4)

  public init() {}

  /// Where the shoulder's axes cross, in the world.
  public static let shoulder: Vector3 = [0, 0, 0.25]
  /// Meters from the shoulder to the tip of the stretched arm.
  public static let length = 0.85

  public var body: Link {
    Link("base", .cylinder(radius: 0.08, length: 0.16), mass: 8, center: [0, 0, 0.08], collides: false, joint: .fixed) {
      Link(
        "turret", .cylinder(radius: 0.07, length: 0.08), mass: 4, center: [0, 0, 0.04], at: [0, 0, 0.17],
        joint: .hinge(Axis("turn", [0, 0, 1], degrees: -170...170, actuator: drive(80, 2.5)))
      ) {
        Link(
          "upper arm", .capsule(radius: 0.05, length: 0.26), mass: 4, center: [0.18, 0, 0], along: .unitX,
          at: [0, 0, 0.08],
          joint: .hinge(Axis("shoulder", [0, -1, 0], degrees: -30...165, neutral: 60, actuator: drive(120, 2.5)))
        ) { forearm }
      }
    }
  }

  private var forearm: Link {
    Link(
      "forearm", .capsule(radius: 0.04, length: 0.20), mass: 2, center: [0.14, 0, 0], along: .unitX, at: [0.38, 0, 0],
      joint: .hinge(Axis("elbow", [0, -1, 0], degrees: -150...0, neutral: -90, actuator: drive(80, 3)))
    ) {
      Link(
        "forearm roll", .capsule(radius: 0.035, length: 0.04), mass: 1, center: [0.04, 0, 0], along: .unitX,
        at: [0.27, 0, 0],
        joint: .hinge(Axis("wrist roll", [1, 0, 0], degrees: -170...170, actuator: drive(30, 4)))
      ) {
        Link(
          "wrist", .capsule(radius: 0.03, length: 0.04), mass: 0.6, center: [0.04, 0, 0], along: .unitX,
          at: [0.08, 0, 0],
          joint: .hinge(Axis("wrist pitch", [0, -1, 0], degrees: -110...110, actuator: drive(20, 4)))
        ) {
          Link(
            "hand", .box(size: [0.04, 0.06, 0.03]), mass: 0.3, center: [0.02, 0, 0], at: [0.08, 0, 0],
            joint: .hinge(Axis("hand roll", [1, 0, 0], degrees: -170...170, actuator: drive(10, 4))))
        }
      }
    }
  }

  private func drive(_ limit: Double, _ speed: Double) -> Actuator {
    .velocity(limit: limit, speed: speed)
  }
}

extension Catalog.Entry {
  static let arm = Self(
    "arm", Arm(),
    Reach(hand: "hand", tip: [0.04, 0, 0], center: Arm.shoulder, radii: 0.2...0.78, floor: 0.12, halfAngle: 2.7),
    settings: ["steps": 1_500_000, "ppo.lambda": 0.95, "ppo.final_kl": 0.004, "ppo.initial_std": 0.8],
    trainedPolicy: { shippedPolicy("arm") },
    goal: Goal(.mean("final_error_m", atMost: 0.02), .mean("within_3cm", atLeast: 0.95)))
}
