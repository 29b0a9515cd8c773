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

/// Half a cheetah in a plane: a torso with a head, a back and a front leg of three links, as Gymnasium's `HalfCheetah-v5`
/// has them.
///
/// Links, masses (14 kg in all), ranges, torques, springs, rotors (0.1 kg·m²) and friction in the joints are those of its
/// `half_cheetah.xml`. Contacts are springs and dampers, stiffer than
/// MuJoCo's. A control step of 50 ms is twenty-five physics steps instead of five: at longer ones a policy learns to run on what
/// the step gets wrong.
public struct HalfCheetah: Robot {
  public let name = "half-cheetah"
  public let physics = PhysicsSettings(
    substep: 0.002, substeps: 25, isPlanar: true, collidesWithItself: false, groundFriction: 0.4)

  public init() {}

  /// kg/m³, so that all links together have 14 kg.
  private static let density = 660.88495

  public var body: Link {
    Link(
      "torso",
      [
        Collider(.capsule(radius: 0.046, length: 1), center: .zero, along: .unitX),
        Self.rod(0.3, center: [0.6, 0, 0.1], angle: 0.87),
      ], mass: .density(Self.density), at: [0, 0, 0.7]
    ) {
      link(
        "back thigh", [-0.5, 0, 0], -0.52...1.05, 240, 6, 120, Self.rod(0.29, center: [0.1, 0, -0.13], angle: -3.8)
      ) {
        link(
          "back shin", [0.16, 0, -0.25], -0.785...0.785, 180, 4.5, 90,
          Self.rod(0.3, center: [-0.14, 0, -0.07], angle: -2.03)
        ) {
          link(
            "back foot", [-0.28, 0, -0.14], -0.4...0.785, 120, 3, 60,
            Self.rod(0.188, center: [0.03, 0, -0.097], angle: -0.27))
        }
      }
      link(
        "front thigh", [0.5, 0, 0], -1...0.7, 180, 4.5, 120, Self.rod(0.266, center: [-0.07, 0, -0.12], angle: 0.52)
      ) {
        link(
          "front shin", [-0.14, 0, -0.24], -1.2...0.87, 120, 3, 60,
          Self.rod(0.212, center: [0.065, 0, -0.09], angle: -0.6)
        ) {
          link(
            "front foot", [0.13, 0, -0.18], -0.5...0.5, 60, 1.5, 30,
            Self.rod(0.14, center: [0.045, 0, -0.07], angle: -0.6))
        }
      }
    }
  }

  /// A link of one capsule on a hinge about y: where it sits, its range in rad, and the axis' stiffness, damping and torque.
  private func link(
    _ name: String, _ at: Vector3, _ range: ClosedRange<Double>, _ stiffness: Double, _ damping: Double,
    _ torque: Double, _ rod: Collider, @LinkBuilder children: () -> [Link] = { [] }
  ) -> Link {
    Link(
      name, [rod], mass: .density(Self.density), at: at,
      joint: .hinge(
        Axis(
          name, [0, 1, 0], range: range,
          dynamics: JointDynamics(damping: damping, stiffness: stiffness, armature: 0.1),
          actuator: .torque(limit: torque))),
      children: children)
  }

  /// A capsule of `length` meters between the centers of its caps, turned about y by `angle` from upright.
  private static func rod(_ length: Double, center: Vector3, angle: Double) -> Collider {
    Collider(.capsule(radius: 0.046, length: length), center: center, along: [sin(angle), 0, cos(angle)])
  }
}

extension RunForward.Terms {
  /// Nothing ends an episode.
  package static var galloping: Self {
    var terms = Self()
    terms.control = 0.1
    terms.startNoise = 0.1
    return terms
  }
}

extension Catalog.Entry {
  static let halfCheetah = Self(
    "half-cheetah", HalfCheetah(),
    RunForward(
      "gallops in a plane, as Gymnasium's HalfCheetah-v5", feet: ["back foot", "front foot"],
      controlInterval: HalfCheetah().physics.controlInterval, terms: .galloping),
    settings: [
      "steps": 1_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.epochs": 5, "ppo.lambda": 0.95,
      "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
    ].merging(RunForward.randomization) { own, _ in own },
    trainedPolicy: { shippedPolicy("half-cheetah") },
    goal: Goal(.mean("speed_m_s", atLeast: 3), .mean("roll_deg", atMost: 10), .mean("pitch_deg", atMost: 20)))
}
