import Physics
import Robotics
import Tasks

/// Two legs in a plane, as Gymnasium's `Walker2d-v5` has them.
///
/// Links, masses (1,000 kg/m³), ranges, torques (±100 N·m), rotors (0.01 kg·m²) and friction in the joints are those of its
/// `walker2d_v5.xml`. Contacts are springs and dampers, stiffer than MuJoCo's for light feet. A control step of 8 ms
/// is eight physics steps instead of four: its light feet turn so fast that longer ones part the ankles.
public struct Walker2D: Robot {
  public let name = "walker2d"
  public let physics = PhysicsSettings(substep: 0.001, substeps: 8, isPlanar: true, collidesWithItself: false)

  public init() {}

  public var body: Link {
    Link(
      "torso", [Collider(.capsule(radius: 0.05, length: 0.4), center: .zero, friction: 0.9)], mass: .density(1000),
      at: [0, 0, 1.25]
    ) {
      for side in [Side.left, .right] { leg(side) }
    }
  }

  private func leg(_ side: Side) -> Link {
    Link(
      "\(side) thigh", [Collider(.capsule(radius: 0.05, length: 0.45), center: [0, 0, -0.225], friction: 0.9)],
      mass: .density(1000),
      at: [0, 0, -0.2], joint: hinge("\(side) hip", -150...0)
    ) {
      Link(
        "\(side) shin", [Collider(.capsule(radius: 0.04, length: 0.5), center: [0, 0, -0.25], friction: 0.9)],
        mass: .density(1000),
        at: [0, 0, -0.45], joint: hinge("\(side) knee", -150...0)
      ) {
        Link(
          "\(side) foot",
          [Collider(.capsule(radius: 0.06, length: 0.2), center: [0.1, 0, 0], along: .unitX, friction: 1.9)],
          mass: .density(1000), at: [0, 0, -0.5], joint: hinge("\(side) ankle", -45...45))
      }
    }
  }

  private func hinge(_ name: String, _ degrees: ClosedRange<Double>) -> Joint {
    .hinge(
      Axis(
        name, [0, -1, 0], degrees: degrees, dynamics: JointDynamics(damping: 0.1, armature: 0.01),
        actuator: .torque(limit: 100)))
  }
}

extension RunForward.Terms {
  /// Upright enough to walk.
  package static var walking: Self {
    var terms = Self()
    terms.height = 0.8...2
    terms.lean = -1...1
    terms.healthy = 1
    terms.control = 1e-3
    terms.startNoise = 5e-3
    return terms
  }
}

extension Catalog.Entry {
  static let walker2D = Self(
    "walker2d", Walker2D(),
    RunForward(
      "walks forward in a plane, as Gymnasium's Walker2d-v5", feet: ["left foot", "right foot"],
      controlInterval: Walker2D().physics.controlInterval, terms: .walking),
    settings: [
      "steps": 3_000_000, "ppo.total_steps": 3_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.epochs": 5,
      "ppo.gamma": 0.995, "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
      "ppo.mirror_samples": true, "evaluation.interval": 150_000, "evaluation.episodes": 50,
    ].merging(RunForward.randomization) { own, _ in own },
    trainedPolicy: { shippedPolicy("walker2d") },
    goal: Goal(.lasting(atLeast: 0.95), .mean("speed_m_s", atLeast: 2)))
}
