import Physics
import Robotics
import Tasks

/// One leg in a plane: torso, thigh, shin and foot, as Gymnasium's `Hopper-v5` has them.
///
/// Links, masses (1,000 kg/m³), ranges, torques (±200 N·m), rotors (1 kg·m²) and friction in the joints are those of its
/// `hopper.xml`. Contacts are springs and dampers, stiffer than MuJoCo's for light feet; links that touch each other have
/// friction, which they have not there.
public struct Hopper: Robot {
  public let name = "hopper"
  public let physics = PhysicsSettings(substep: 0.002, substeps: 4, isPlanar: true)

  public init() {}

  public var body: Link {
    Link(
      "torso", [Collider(.capsule(radius: 0.05, length: 0.4), center: .zero)], mass: .density(1000), at: [0, 0, 1.25]
    ) {
      Link(
        "thigh", [Collider(.capsule(radius: 0.05, length: 0.45), center: [0, 0, -0.225])], mass: .density(1000),
        at: [0, 0, -0.2],
        joint: hinge("hip", -150...0)
      ) {
        Link(
          "shin", [Collider(.capsule(radius: 0.04, length: 0.5), center: [0, 0, -0.25])], mass: .density(1000),
          at: [0, 0, -0.45],
          joint: hinge("knee", -150...0)
        ) {
          Link(
            "foot",
            [Collider(.capsule(radius: 0.06, length: 0.39), center: [0.065, 0, 0], along: .unitX, friction: 2)],
            mass: .density(1000),
            at: [0, 0, -0.5], joint: hinge("ankle", -45...45))
        }
      }
    }
  }

  private func hinge(_ name: String, _ degrees: ClosedRange<Double>) -> Joint {
    .hinge(
      Axis(
        name, [0, -1, 0], degrees: degrees, dynamics: JointDynamics(damping: 1, armature: 1),
        actuator: .torque(limit: 200)))
  }
}

extension RunForward.Terms {
  /// Upright enough to hop.
  package static var hopping: Self {
    var terms = Self()
    terms.height = 0.7 ... .infinity
    terms.lean = -0.2...0.2
    terms.state = 100
    terms.healthy = 1
    terms.control = 1e-3
    terms.startNoise = 5e-3
    return terms
  }
}

extension Catalog.Entry {
  static let hopper = Self(
    "hopper", Hopper(),
    RunForward(
      "hops forward on one leg, as Gymnasium's Hopper-v5", feet: ["foot"],
      controlInterval: Hopper().physics.controlInterval, terms: .hopping),
    settings: [
      "steps": 3_000_000, "ppo.total_steps": 3_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.epochs": 5,
      "ppo.gamma": 0.995, "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
      "evaluation.interval": 100_000,
    ].merging(RunForward.randomization) { own, _ in own },
    trainedPolicy: { shippedPolicy("hopper") },
    goal: Goal(.lasting(atLeast: 0.95), .mean("speed_m_s", atLeast: 1.5)))
}
