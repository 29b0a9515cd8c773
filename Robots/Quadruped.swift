import Physics
import Robotics
import Tasks

/// A quadruped of 12 kg and 0.31 m at the hip: four legs with hips that spread and swing, and knees that point backwards.
/// Twelve actuated axes.
///
/// Lengths, masses, stops and torques are those of Unitree's Go1, rounded (`unitree_ros`, robots/go1_description:
/// xacro/const.xacro, and urdf/go1.urdf for the trunk), but that both axes of a hip cross in one point, so that no body
/// lies between them, and the hip's own drive counts as part of the trunk. Hip pitch stops before the leg points up.
///
/// Six physics steps a control step keep the joints of its light legs closed within a millimeter.
public struct Quadruped: Robot {
  public let name = "quadruped"
  public let physics = PhysicsSettings(substep: 0.02 / 6, substeps: 6)

  /// The feet, the left one of each pair first.
  public static let feet = ["front left shank", "front right shank", "rear left shank", "rear right shank"]

  public init() {}

  public var randomization: DomainRandomization {
    var randomization = DomainRandomization()
    randomization.push = 0...1.5
    randomization.pushInterval = 4
    randomization.friction = 0.5...1.2
    randomization.mass = 0.9...1.1
    randomization.strength = 0.9...1.1
    return randomization
  }

  public var body: Link {
    Link("trunk", .box(size: [0.376, 0.18, 0.114]), mass: 7.2, at: [0, 0, 0.43]) {
      for end in [End.front, .rear] {
        for side in [Side.left, .right] { leg("\(end) \(side)", end, side) }
      }
    }.decorated(looks)
  }

  /// A head with a visor in front, so that one sees which way it goes, and the hips' drives between trunk and legs.
  private var looks: [Decoration] {
    let hips = [End.front, .rear].flatMap { end in
      [Side.left, .right].map { side in
        Decoration(
          .cylinder(radius: 0.046, length: 0.05), center: [0.188 * end.sign, 0.105 * side.sign, 0], along: .unitY,
          tone: .dark)
      }
    }
    return hips + [
      Decoration(.box(size: [0.10, 0.11, 0.085]), center: [0.255, 0, 0.02], tone: .light),
      Decoration(.box(size: [0.012, 0.09, 0.03]), center: [0.304, 0, 0.032], tone: .dark),
    ]
  }

  private func leg(_ name: String, _ end: End, _ side: Side) -> Link {
    Link(
      "\(name) thigh", .capsule(radius: 0.02, length: 0.173), mass: 0.9, center: [0, 0, -0.1065],
      at: [0.188 * end.sign, 0.127 * side.sign, 0],
      joint: .universal(
        Axis("\(name) hip roll", [side.sign, 0, 0], degrees: -46...46, actuator: servo(60, 1.5, reach: 0.5)),
        Axis("\(name) hip pitch", [0, -1, 0], degrees: -150...60, neutral: -46, actuator: servo(60, 1.2, reach: 0.7)))
    ) {
      Link(
        "\(name) shank",
        [
          Collider(.capsule(radius: 0.01, length: 0.193), pose: Pose(position: [0, 0, -0.1065])),
          Collider(.sphere(radius: 0.02), pose: Pose(position: [0, 0, -0.213])),
        ], mass: .total(0.25), at: [0, 0, -0.213],
        joint: .hinge(
          Axis("\(name) knee", [0, -1, 0], degrees: 52.5...154.5, neutral: 88, actuator: servo(45, 0.6, reach: 0.8))))
    }
  }

  /// Stiff enough that the robot stands upright and a leg carries it while it walks sideways.
  private func servo(_ stiffness: Double, _ damping: Double, reach: Double) -> Actuator {
    .position(stiffness: stiffness, damping: damping, limit: 33.5, reach: reach)
  }
}

/// The two ends of a body; `sign` is that of the x axis, which points forward.
enum End: String, CustomStringConvertible {
  case front, rear

  var sign: Double { self == .front ? 1 : -1 }
  var description: String { rawValue }
}

extension Catalog.Entry {
  static let quadruped = Self(
    "quadruped", Quadruped(),
    TrackVelocity(
      feet: Quadruped.feet, gait: GaitClock(period: 0.45, stance: 0.55, offsets: GaitClock.trot),
      command: VelocityCommand(forward: -1...1, sideways: -1...1, turning: -1...1, standing: 0.1),
      height: 0.31, fallHeight: 0.16, stepHeight: 0.07,
      resting: [End.front, .rear].flatMap { end in [Side.left, .right].map { "\(end) \($0) hip roll" } }),
    settings: [
      "steps": 7_999_488, "ppo.total_steps": 4_000_000, "envs": 64, "ppo.horizon": 64, "ppo.minibatch": 512,
      "ppo.final_kl": 0.005, "ppo.initial_std": 0.3, "ppo.hidden_layers": "[128, 64]", "ppo.value_layers": "[128, 64]",
      "ppo.mirror_samples": true, "evaluation.interval": 400_000, "curriculum.start": 0,
    ],
    trainedPolicy: { shippedPolicy("quadruped") },
    goal: Goal(
      .lasting(atLeast: 0.98),
      .mean("speed_error_m_s", atMost: 0.15),
      .mean("turn_error_rad_s", atMost: 0.15),
      .mean("clearance_m", atLeast: 0.02),
      .mean("flight", atMost: 0.05)))
}
