// What a new package's files hold. `Documentation/AddingARobot.md` shows them, and CI sees that it shows just these, builds
// them and trains what they make.

extension NewPackage {
  var manifest: String {
    #"""
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "\#(name.text)",
      platforms: [.macOS(.v26)],
      dependencies: [
        \#(framework.dependency)
      ],
      targets: [
        .executableTarget(
          name: "\#(name.text)",
          dependencies: [
            .product(name: "PPORobot", package: "\#(framework.package)"),
            .product(name: "Robots", package: "\#(framework.package)"),
            .product(name: "Robotics", package: "\#(framework.package)"),
            .product(name: "Physics", package: "\#(framework.package)"),
            .product(name: "Environments", package: "\#(framework.package)"),
          ])
      ],
      swiftLanguageModes: [.v6]
    )

    """#
  }

  var main: String {
    #"""
    import PPORobot
    import Robotics
    import Robots

    PPORobot.main(
      catalog: .standard + [
        .init("\#(name.text)", \#(name.typeName)(), Balance(), settings: ["steps": 150_000, "ppo.final_kl": 0.004])
      ])

    """#
  }

  var robot: String {
    #"""
    import Physics
    import Robotics

    /// A cart on rails that carries a pole on a hinge. Only the cart is driven.
    struct \#(name.typeName): Robot {
      let name = "\#(name.text)"
      /// 50 control steps a second of two physics steps each.
      let physics = PhysicsSettings(substep: 0.01, substeps: 2, hasGround: false)

      var body: Link {
        Link(
          "cart", .box(size: [0.4, 0.2, 0.1]), mass: 1, at: [0, 0, 1],
          joint: .slider(Axis("rail", [1, 0, 0], range: -2...2, actuator: .torque(limit: 10)))
        ) {
          Link(
            "pole", .capsule(radius: 0.02, length: 0.9), mass: 0.2, center: [0, 0, 0.5], collides: false,
            at: [0, 0, 0.05], joint: .hinge(Axis("lean", [0, 1, 0])))
        }
      }
    }

    """#
  }

  static let task = #"""
    import Environments
    import Physics
    import Robotics

    /// Keep the pole upright and the cart near the middle of its rails.
    struct Balance: RobotTask {
      let summary = "balances a pole on a cart"
      let episodeSeconds = 5.0
      let endings = ["fell", "left"]
      let metrics = ["lean_deg"]

      private var steps = 0
      private var leanSum = 0.0

      mutating func prepare(for model: RobotModel) throws {}

      /// Every start differs: all that is random comes from `random`.
      mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
        sim.place(at: sim.rootPose, positions: [random.uniform(-0.5...0.5), random.uniform(-0.15...0.15)])
        (steps, leanSum) = (0, 0)
      }

      /// What a sensor could measure, scaled to about 1.
      func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
        cursor.write("place", sim.position(ofAxis: 0), unit: "m", into: &row)
        cursor.write("lean", sim.position(ofAxis: 1), unit: "rad", scale: 3, into: &row)
        cursor.write("speed", sim.velocity(ofAxis: 0), unit: "m/s", into: &row)
        cursor.write("turning", sim.velocity(ofAxis: 1), unit: "rad/s", into: &row)
      }

      /// The reward is the sum of named terms, so that a training reports each.
      mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
        let (place, lean) = (sim.position(ofAxis: 0), sim.position(ofAxis: 1))
        steps += 1
        leanSum += abs(lean)
        reward.add("upright", 0.05 * closeness(lean, to: 0, width: 0.2))
        reward.add("middle", 0.05 * closeness(place, to: 0, width: 0.5))
        reward.add("effort", -0.01 * Double(action[0] * action[0]))
        if abs(lean) > 0.5 { return .terminated(reason: 0) }
        return abs(place) > 1.8 ? .terminated(reason: 1) : .running
      }

      func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
        metrics.write("lean_deg", leanSum / Double(max(steps, 1)) * 180 / .pi)
      }

      /// All that the rest of an episode depends on, so that an interrupted training goes on as if it had not been.
      static let savedFields: [SavedField<Balance>] = [.init(\.steps), .init(\.leanSum)]
    }

    """#

  static let ignored = """
    .build/
    runs/

    """

  var readme: String {
    """
    # \(name.text)

    A robot of its own for ppo-robot: a cart that balances a pole, to be replaced by yours.
    `Sources/\(name.text)/\(name.typeName).swift` is the machine, `Balance.swift` what it is asked to do, `main.swift` puts both
    into the catalog. ODE must be there (apt: libode-dev, brew: ode).

    ```sh
    swift run -c release \(name.text) check \(name.text)
    swift run -c release \(name.text) train --robot \(name.text) --run-dir runs/first
    swift run -c release \(name.text) evaluate --policy runs/first
    swift run -c release \(name.text) describe --policy runs/first
    ```

    """
  }
}
