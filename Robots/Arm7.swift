import Physics
import Robotics
import Tasks

/// An arm of seven joints, one more than a pose asks for, of 26 kg and 1.31 m, driven by commanded joint speeds.
///
/// Lengths, masses, stops, speeds and torques are those of KUKA's LBR iiwa 14 R820: lengths and masses as in the model of
/// MuJoCo Menagerie (`kuka_iiwa_14`), stops, speeds and torques as in KUKA's data sheet. Shapes are simpler than the real
/// ones, and the base, which stands still, is part of the first link's shape.
public struct Arm7: Robot {
  public let name = "arm7"
  /// At 10 ms the joints keep together within 0.1 mm; there is nothing here that bounces.
  public let physics = PhysicsSettings(substep: 0.010, substeps: 4)

  public init() {}

  /// Middle of the flange in the hand's frame.
  public static let tip: Vector3 = [0, 0, 0.045]

  /// In the zero pose the arm stands straight up; an episode starts with a bent elbow and the hand pointing down.
  public var body: Link {
    Link(
      "turret",
      [
        Collider(.capsule(radius: 0.075, length: 0.10), pose: Pose(position: [0, 0, 0.10])),
        Collider(.cylinder(radius: 0.10, length: 0.13), pose: Pose(position: [0, 0, -0.085])),
      ], mass: .total(5.76), at: [0, 0, 0.1575], joint: turning("turn", 170, torque: 320, speed: 85)
    ) {
      Link(
        "upper arm", .capsule(radius: 0.075, length: 0.09), mass: 6.35, center: [0, 0, 0.07], at: [0, 0, 0.2025],
        joint: bending("shoulder", 120, neutral: 30, torque: 320, speed: 85)
      ) {
        Link(
          "upper arm roll", .capsule(radius: 0.065, length: 0.10), mass: 3.5, center: [0, 0, 0.10],
          at: [0, 0, 0.2045], joint: turning("upper roll", 170, torque: 176, speed: 100)
        ) { forearm }
      }
    }
  }

  private var forearm: Link {
    Link(
      "forearm", .capsule(radius: 0.065, length: 0.07), mass: 3.5, center: [0, 0, 0.06], at: [0, 0, 0.2155],
      joint: bending("elbow", 120, neutral: 90, torque: 176, speed: 75)
    ) {
      Link(
        "forearm roll", .capsule(radius: 0.05, length: 0.10), mass: 3.5, center: [0, 0, 0.09], at: [0, 0, 0.1845],
        joint: turning("lower roll", 170, torque: 110, speed: 130)
      ) {
        Link(
          "wrist", .sphere(radius: 0.06), mass: 1.8, at: [0, 0, 0.2155],
          joint: bending("wrist", 120, neutral: 60, torque: 40, speed: 135)
        ) {
          Link(
            "hand", .box(size: [0.05, 0.10, 0.04]), mass: 1.2, center: [0, 0, 0.025], at: [0, 0, 0.081],
            joint: turning("hand roll", 175, torque: 40, speed: 135))
        }
      }
    }
  }

  /// A joint about the arm's own length.
  private func turning(_ name: String, _ stop: Double, torque: Double, speed: Double) -> Joint {
    joint(name, .unitZ, stop, neutral: 0, torque, speed)
  }

  /// A joint across it, which leans what follows forward.
  private func bending(_ name: String, _ stop: Double, neutral: Double, torque: Double, speed: Double) -> Joint {
    joint(name, .unitY, stop, neutral: neutral, torque, speed)
  }

  /// Stops and neutral in degrees, the torque in N·m, the speed in degrees a second.
  private func joint(
    _ name: String, _ direction: Vector3, _ stop: Double, neutral: Double, _ torque: Double, _ speed: Double
  ) -> Joint {
    .hinge(
      Axis(
        name, direction, degrees: -stop...stop, neutral: neutral,
        actuator: .velocity(limit: torque, speed: speed * .pi / 180)))
  }
}

extension Catalog.Entry {
  static let arm7 = Self(
    "arm7", Arm7(), ReachPose(hand: "hand", tip: Arm7.tip, share: 0.5),
    settings: ["steps": 2_000_000, "ppo.lambda": 0.95, "ppo.final_kl": 0.004, "ppo.mirror_samples": true],
    trainedPolicy: { shippedPolicy("arm7") }, goal: Goal(.mean("reached", atLeast: 0.95)))
}
