import Physics
import Robotics
import Robots
import Testing

/// The robots that Gymnasium publishes against what MuJoCo 3 makes of its files: masses, and the inertia that each axis
/// moves in the zero pose, its own rotor aside (`body_mass`, and `dof_M0` − `dof_armature`, in the compiled model).
struct GymnasiumModelsTests {
  struct Published: Sendable, CustomTestStringConvertible {
    var robot: any Robot
    /// kg.
    var mass: Double
    /// kg, by link.
    var links: [String: Double]
    /// kg·m², a slider's kg, in the order of the axes.
    var inertias: [Double]
    var testDescription: String { robot.name }
  }

  static let published = [
    Published(
      robot: CartPole(), mass: 15.490567, links: ["cart": 10.471976, "pole": 5.018592], inertias: [15.490567, 0.640424]),
    Published(
      robot: InvertedDoublePendulum(), mass: 18.869453, links: ["cart": 10.471976, "upper pole": 4.198739],
      inertias: [18.869453, 4.088806, 0.532857]),
    // Without its target, which is a body of 3 g there.
    Published(
      robot: Reacher(), mass: 0.078452 - 0.003054, links: ["upper arm": 0.035605, "forearm": 0.035605 + 0.004189],
      inertias: [0.001153, 0.000179]),
    Published(
      robot: Hopper(), mass: 15.820013,
      links: ["torso": 3.665191, "thigh": 4.057891, "shin": 2.781357, "foot": 5.315575],
      inertias: [6.657184, 1.701012, 0.125981]),
    Published(
      robot: Walker2D(), mass: 23.677137, links: ["torso": 3.665191, "left foot": 3.166725, "right foot": 3.166725],
      inertias: [4.647531, 1.093484, 0.055665, 4.647531, 1.093484, 0.055665]),
    Published(
      robot: HalfCheetah(), mass: 14,
      links: [
        "torso": 6.250209, "back thigh": 1.543515, "back shin": 1.587448, "back foot": 1.095397,
        "front thigh": 1.438075, "front shin": 1.200837, "front foot": 0.884519,
      ], inertias: [0.514841, 0.193502, 0.017645, 0.404228, 0.108922, 0.009654]),
    Published(
      robot: Ant(), mass: 0.910880,
      links: ["torso": 0.327249 + 4 * 0.039158, "front left hip": 0.039158, "back right leg": 0.067592],
      inertias: [0.025655, 0.008082, 0.025655, 0.008082, 0.025655, 0.008082, 0.025655, 0.008082]),
  ]

  @Test(arguments: published)
  func massesAreThePublishedOnes(_ published: Published) throws {
    let model = try RobotModel(published.robot)
    #expect(Self.agree(model.totalMass, published.mass))
    var masses: [String: Double] = [:]
    for (link, _) in try Self.placed(published.robot.body) { masses[link.name] = try Self.mass(of: link).mass }
    for (name, mass) in published.links { #expect(Self.agree(try #require(masses[name]), mass), "\(name)") }
  }

  @Test(arguments: published)
  func axesMoveThePublishedInertias(_ published: Published) throws {
    let inertias = try Self.inertias(published.robot.body, at: published.robot.body.at)
    #expect(inertias.count == published.inertias.count)
    for (own, theirs) in zip(inertias, published.inertias) { #expect(Self.agree(own, theirs)) }
  }

  /// Within the figures' rounding, and the millimeter by which the published cart's pole leans.
  private static func agree(_ own: Double, _ theirs: Double) -> Bool { abs(own - theirs) < 1e-6 + 1e-5 * theirs }

  /// All links with their origins, in the zero pose.
  private static func placed(_ root: Link, at origin: Vector3 = .zero) throws -> [(Link, Vector3)] {
    [(root, origin)] + (try root.children.flatMap { try placed($0, at: origin + $0.at) })
  }

  private static func mass(of link: Link) throws -> MassProperties {
    guard case .density(let density) = link.mass else { throw RobotError("'\(link.name)' is not given by its density") }
    return try MassProperties(
      compound: link.colliders.map { try MassProperties($0.shape, density: density).moved(by: $0.pose) })
  }

  /// What each axis moves, parents before children, for links of one axis each that stand at `origin` in the zero pose.
  private static func inertias(_ link: Link, at origin: Vector3) throws -> [Double] {
    let below = try link.children.flatMap { try inertias($0, at: origin + $0.at) }
    guard let joint = link.joint, let axis = joint.axes.first else { return below }
    var sum = 0.0
    for (part, place) in try placed(link, at: .zero) {
      let mass = try mass(of: part)
      let lever = (place + mass.centerOfMass).cross(axis.direction)
      sum +=
        joint.kind == .slider
        ? mass.mass : axis.direction.dot(mass.inertia.act(on: axis.direction)) + mass.mass * lever.dot(lever)
    }
    return [sum] + below
  }

  /// Every link of the walkers has a twin on the other side, so that they can be trained with mirrored samples.
  @Test(arguments: ["walker2d", "ant"])
  func leftAndRightAreAlike(_ name: String) throws {
    let envs = try #require(Catalog.standard[name]).makeVectorEnv(count: 1, seed: 1)
    #expect(envs.symmetry != nil)
  }
}
