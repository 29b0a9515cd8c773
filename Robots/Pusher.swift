import Physics
import Robotics
import Tasks

/// An arm of three joints that moves level above the ground and pushes a box along it with a fork.
///
/// After Gymnasium's Pusher, whose object also lies between two fingers; here all axes stand upright, so that weight does
/// not matter, and the arm reaches over the box without touching it.
public struct Pusher: Robot {
  public let name = "pusher"
  public let physics = PhysicsSettings(substep: 0.005, substeps: 8)

  public init() {}

  /// Half the length of the box's edges, m.
  public static let halfEdge = 0.04
  /// Where the middle of the box is in the hand's frame when it lies against the bottom of the fork, seen from above.
  public static let pocket: Vector3 = [0.01 + halfEdge, 0, 0]
  /// Meters from the first axis to the last.
  public static let reach = 0.75

  /// A post that carries the shoulder.
  public var scenery: [Decoration] {
    [
      Decoration(.cylinder(radius: 0.05, length: 0.25), center: [0, 0, 0.125], tone: .dark),
      Decoration(.cylinder(radius: 0.11, length: 0.02), center: [0, 0, 0.01], tone: .gray),
    ]
  }

  public var body: Link {
    Link(
      "upper arm", .capsule(radius: 0.04, length: 0.32), mass: 3, center: [0.2, 0, 0], along: .unitX, at: [0, 0, 0.2],
      joint: hinge("shoulder", 170, torque: 60)
    ) {
      Link(
        "forearm", .capsule(radius: 0.035, length: 0.28), mass: 2, center: [0.175, 0, 0], along: .unitX,
        at: [0.4, 0, 0], joint: hinge("elbow", 150, torque: 40)
      ) {
        Link("hand", fork, mass: .total(1), at: [0.35, 0, 0], joint: hinge("wrist", 170, torque: 20))
      }
    }
  }

  /// A post down to a bar across, 1 cm above the ground, with a finger at either end that points forward.
  private var fork: [Collider] {
    let fingers = [-0.07, 0.07].map { y in
      Collider(
        .capsule(radius: 0.012, length: 0.06),
        pose: Pose(position: [0.04, y, -0.165], orientation: Quaternion(angle: .pi / 2, axis: .unitY)))
    }
    return [
      Collider(.capsule(radius: 0.02, length: 0.11), pose: Pose(position: [-0.01, 0, -0.075])),
      Collider(.box(size: [0.02, 0.14, 0.05]), pose: Pose(position: [0, 0, -0.165])),
    ] + fingers
  }

  public var props: [Link] {
    let edge = 2 * Self.halfEdge
    return [
      Link(
        "box", .box(size: Vector3(repeating: edge)), mass: 0.5, friction: 0.5, at: [0.45, 0, Self.halfEdge])
    ]
  }

  private func hinge(_ name: String, _ stop: Double, torque: Double) -> Joint {
    .hinge(Axis(name, .unitZ, degrees: -stop...stop, actuator: .velocity(limit: torque, speed: 2)))
  }
}

extension Catalog.Entry {
  static let pusher = Self(
    "pusher", Pusher(), Push(object: "box", hand: "hand", pocket: Pusher.pocket, radii: 0.35...0.6, halfAngle: 1),
    settings: [
      // What is kept is chosen by its mean actions; a bonus for noise lets those drift while drawn ones improve.
      "steps": 2_000_000, "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
      "ppo.mirror_samples": true,
    ],
    trainedPolicy: { shippedPolicy("pusher") }, goal: Goal(.mean("within_5cm", atLeast: 0.9)))
}
