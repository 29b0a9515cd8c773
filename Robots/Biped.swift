import Physics
import Robotics
import Tasks

/// A three-dimensional biped of 1.4 m and 39 kg: torso, two legs with hips that roll and pitch, knees that bend as
/// a human's do, ankles, and flat feet. Eight actuated axes.
public struct Biped: Robot {
  public let name = "biped"
  public let physics: PhysicsSettings

  /// - Parameter substeps: physics steps of a control step of 20 ms.
  public init(substeps: Int = 4) {
    physics = PhysicsSettings(substep: 0.02 / Double(substeps), substeps: substeps)
  }

  public var body: Link {
    Link("torso", .box(size: [0.20, 0.30, 0.50]), mass: 20, center: [0, 0, 0.27], at: [0, 0, 0.88]) {
      for side in [Side.left, .right] { leg(side) }
    }.decorated(
      // A head with a visor that shows which way it looks.
      Decoration(.cylinder(radius: 0.04, length: 0.06), center: [0, 0, 0.54], tone: .dark),
      Decoration(.sphere(radius: 0.085), center: [0, 0, 0.635], tone: .light),
      Decoration(.box(size: [0.025, 0.10, 0.035]), center: [0.074, 0, 0.645], tone: .dark))
  }

  /// The hips are so far apart that no start, at ±0.1 rad an axis, puts one foot into the other.
  private func leg(_ side: Side) -> Link {
    Link(
      "\(side) thigh", .capsule(radius: 0.06, length: 0.28), mass: 5, center: [0, 0, -0.20],
      at: [0, 0.12 * side.sign, 0],
      joint: .universal(
        Axis(
          "\(side) hip roll", [side.sign, 0, 0], degrees: -20...35, neutral: 1, actuator: servo(200, 8, 80, reach: 0.6)),
        Axis(
          "\(side) hip pitch", [0, -1, 0], degrees: -50...100, neutral: 18, actuator: servo(200, 8, 100, reach: 1.0)))
    ) {
      Link(
        "\(side) shin", .capsule(radius: 0.045, length: 0.31), mass: 3, center: [0, 0, -0.20], at: [0, 0, -0.40],
        joint: .hinge(
          Axis("\(side) knee", [0, 1, 0], degrees: 0...140, neutral: 36, actuator: servo(200, 6, 100, reach: 1.2)))
      ) {
        Link(
          "\(side) foot", .box(size: [0.24, 0.08, 0.05]), mass: 1.5, center: [0.04, 0, -0.045], at: [0, 0, -0.41],
          joint: .hinge(
            Axis("\(side) ankle", [0, -1, 0], degrees: -50...40, neutral: 18, actuator: servo(100, 2, 50, reach: 0.7))))
      }
    }
  }

  private func servo(_ stiffness: Double, _ damping: Double, _ limit: Double, reach: Double) -> Actuator {
    .position(stiffness: stiffness, damping: damping, limit: limit, reach: reach)
  }
}

/// The two sides of a body; `sign` is that of the y axis, which points left.
enum Side: String, CustomStringConvertible {
  case left, right

  var sign: Double { self == .left ? 1 : -1 }
  var description: String { rawValue }
}

extension Catalog.Entry {
  static let biped: Self = {
    var options = WalkForward.Options.biped
    // Without it 3 of 100 starts end in a fall.
    options.fallPenalty = 2
    return biped("biped", options, steps: 1_500_000, goal: .walking)
  }()

  /// The same machine with nothing to go by but an IMU and its joints.
  static let bipedIMU = biped("biped-imu", .biped.imuOnly, steps: 2_000_000, goal: .walkingBlind)

  private static func biped(_ name: String, _ options: WalkForward.Options, steps: Int, goal: Goal) -> Self {
    Self(
      name, Biped(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: options),
      settings: [
        "steps": .number(Double(steps)), "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.final_kl": 0.005,
        "ppo.initial_std": 0.3,
        "ppo.mirror_samples": true,
      ],
      trainedPolicy: { shippedPolicy(name) }, goal: goal)
  }

  /// The same robot with a velocity command, pushed in training.
  static let commandedBiped = Self(
    "biped-commanded", Biped(substeps: 6),
    WalkForward(
      feet: ("left foot", "right foot"), command: VelocityCommand(forward: 0...1.2, standing: 0.15), fallHeight: 0.6,
      options: .biped),
    settings: [
      "steps": 3_500_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.final_kl": 0.005, "ppo.initial_std": 0.3,
      "ppo.mirror_samples": true, "randomization.push": "0.2...0.8", "randomization.push_interval": 2,
      "randomization.friction": "0.5...1.2", "randomization.mass": "0.9...1.15",
      "randomization.strength": "0.85...1.15",
      "randomization.latency": "0...0.02",
    ], trainedPolicy: { shippedPolicy("biped-commanded") }, goal: .followingCommands)
}

extension WalkForward.Options {
  /// Upright on legs that are nearly straight.
  public static var biped: Self {
    var options = Self()
    options.height = 0.80
    options.highestStep = 0.08
    return options
  }
}

extension Goal {
  /// It tracks the commanded speed, walking on both feet.
  static let followingCommands = Goal(
    .lasting(atLeast: 0.95),
    .mean("speed_error_m_s", atMost: 0.15),
    .mean("stance_left_right", in: 0.8...1.25),
    .mean("flight", atMost: 0.02),
    .mean("nonfoot_contact", atMost: 0),
    .mean("roll_deg", atMost: 8),
    .mean("pitch_deg", atMost: 8))

  /// It walks at about 1 m/s along the line, upright, and neither hops nor vibrates nor drags its feet.
  static let walking = walking(drift: 2)

  /// The same for a robot that cannot measure its heading: its final position counts less.
  static let walkingBlind = walking(drift: 8)

  private static func walking(drift: Double) -> Goal {
    Goal(
      .lasting(atLeast: 0.95),
      .mean("distance_m", atLeast: 16),
      .mean("drift_m", atMost: drift),
      .mean("nonfoot_contact", atMost: 0),
      .mean("stride_hz", in: 0.8...2),
      .mean("flight", atMost: 0.02),
      .mean("double_support", in: 0.10...0.40),
      .mean("stance_left_right", in: 0.7...1.4),
      .mean("clearance_m", atLeast: 0.03),
      .mean("roll_deg", atMost: 8),
      .mean("pitch_deg", atMost: 8),
      .mean("cost_of_transport", atMost: 1))
  }
}
