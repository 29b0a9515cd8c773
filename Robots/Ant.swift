import Physics
import Robotics
import Tasks

/// A ball on four legs of two axes each, as Gymnasium's `Ant-v5` has it.
///
/// Links, masses (5 kg/m³), ranges, torques (±150 N·m), rotors (1 kg·m²) and friction in the joints are those of its
/// `ant.xml`; legs are named by where they stand when it runs along x. Its feet start on the ground with bent ankles
/// (±1 rad) where Gymnasium's start stretched and beyond their stops. Its torso weighs twelve times what is attached to
/// it; the rotors outweigh both. Contacts are springs and dampers, stiffer than MuJoCo's; a control step of 50 ms is twenty-five
/// physics steps instead of five, so that joints stay closed and half the step changes little.
public struct Ant: Robot {
  public let name = "ant"
  public let physics = PhysicsSettings(substep: 0.002, substeps: 25, collidesWithItself: false)

  public init() {}

  public var body: Link {
    Link(
      "torso",
      [Collider(.sphere(radius: 0.25))] + Self.corners.map { Self.rod(0.2 * $0.way) }, mass: .density(5),
      at: [0, 0, 0.56]
    ) {
      for corner in Self.corners { leg(corner) }
    }
  }

  /// A corner of the body: its name, and where its leg points.
  private struct Corner {
    let name: String
    let way: Vector3
  }

  private static let corners = [
    Corner(name: "front left", way: [1, 1, 0]), Corner(name: "back left", way: [-1, 1, 0]),
    Corner(name: "back right", way: [-1, -1, 0]), Corner(name: "front right", way: [1, -1, 0]),
  ]

  private func leg(_ corner: Corner) -> Link {
    let way = corner.way
    // Across the leg, towards the front left or the front right, as the file has it: behind, angles are negative.
    let across = 0.5.squareRoot() * (way.x * way.y > 0 ? Vector3(-1, 1, 0) : Vector3(1, 1, 0))
    let isInFront = way.x > 0
    return Link(
      "\(corner.name) hip", [Self.rod(0.2 * way)], mass: .density(5), at: 0.2 * way,
      joint: hinge("\(corner.name) hip", .unitZ, -30...30, neutral: 0)
    ) {
      Link(
        "\(corner.name) leg", [Self.rod(0.4 * way)], mass: .density(5), at: 0.2 * way,
        joint: hinge(
          "\(corner.name) ankle", across, isInFront ? 30...70 : -70 ... -30, neutral: isInFront ? 57.3 : -57.3))
    }
  }

  private func hinge(_ name: String, _ axis: Vector3, _ degrees: ClosedRange<Double>, neutral: Double) -> Joint {
    .hinge(
      Axis(
        name, axis, degrees: degrees, neutral: neutral, dynamics: JointDynamics(damping: 1, armature: 1),
        actuator: .torque(limit: 150)))
  }

  /// A capsule from the link's origin to `end`, which is where its cap has its center.
  private static func rod(_ end: Vector3) -> Collider {
    Collider(.capsule(radius: 0.08, length: end.length), center: 0.5 * end, along: end)
  }
}

extension RunForward.Terms {
  /// Neither jumping nor lying.
  package static var scurrying: Self {
    var terms = Self()
    terms.height = 0.2...1
    terms.healthy = 1
    terms.control = 0.5
    terms.startNoise = 0.1
    return terms
  }
}

extension Catalog.Entry {
  static let ant = Self(
    "ant", Ant(),
    RunForward(
      "runs on four legs, as Gymnasium's Ant-v5", feet: Ant.feet, controlInterval: Ant().physics.controlInterval,
      terms: .scurrying),
    settings: [
      "steps": 800_000, "evaluation.interval": 200_000, "ppo.mirror_samples": true,
    ].merging(RunForward.randomization) { own, _ in own },
    trainedPolicy: { shippedPolicy("ant") },
    goal: Goal(
      .lasting(atLeast: 0.95), .mean("speed_m_s", atLeast: 1.5), .mean("roll_deg", atMost: 20),
      .mean("pitch_deg", atMost: 20)))
}

extension Ant {
  /// The links that touch the ground.
  package static let feet = corners.map { "\($0.name) leg" }
}
