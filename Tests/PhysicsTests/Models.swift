import Physics

/// Small worlds that several suites use.
enum Models {
  /// A body of one shape and mass, colliding with everything.
  static func body(
    _ name: String, _ shape: Shape, mass: Double, at position: Vector3 = .zero, orientation: Quaternion = .identity,
    touches: Bool = true
  ) throws -> BodyDefinition {
    BodyDefinition(
      name: name, pose: Pose(position: position, orientation: orientation), mass: try MassProperties(shape, mass: mass),
      colliders: touches ? [Collider(shape)] : [])
  }

  /// A rod of 1 kg and 1 m that hangs from a hinge about y at the world's origin.
  struct Pendulum: ~Copyable {
    var world: World
    private var bodies: [BodyID] = []
    private var joints: [JointID] = []

    var rod: BodyID { bodies[0] }
    var joint: JointID { joints[0] }

    // A function, as the compiler cannot yet undo an initializer of a noncopyable struct that throws halfway.
    static func make(
      _ settings: WorldSettings, lower: Double = -.infinity, upper: Double = .infinity,
      dynamics: JointDynamics = JointDynamics(), start: Double = 0
    ) throws -> Pendulum {
      var pendulum = Pendulum(empty: try World(settings))
      try pendulum.build(JointAxis(.unitY, lower: lower, upper: upper, dynamics: dynamics, start: start))
      return pendulum
    }

    private init(empty: consuming World) { world = empty }

    private mutating func build(_ axis: JointAxis) throws {
      bodies.append(
        try world.addBody(
          Models.body("rod", .box(size: Vector3(0.05, 0.05, 1)), mass: 1, at: Vector3(0, 0, -0.5), touches: false)))
      joints.append(
        try world.addJoint(
          JointDefinition(
            name: "pivot", kind: .hinge, parent: nil, child: bodies[0], anchor: .zero,
            axes: [axis])))
    }

    /// Turns the rod to an angle about the hinge, moving at a rate in rad/s.
    mutating func place(_ angle: Double, rate: Double = 0) {
      let orientation = Quaternion(angle: angle, axis: .unitY)
      let position = orientation.act(on: Vector3(0, 0, -0.5))
      world.setPose(of: rod, Pose(position: position, orientation: orientation))
      let angular = Vector3(0, rate, 0)
      world.setVelocity(of: rod, linear: angular.cross(position), angular: angular)
    }

    var angle: Double { world.jointPosition(joint) }
    var rate: Double { world.jointVelocity(joint) }
  }

  /// The inertia in kg·m² of the pendulum's rod about its hinge.
  static let pendulumInertia = (0.05 * 0.05 + 1) / 12 + 0.25

  /// A biped: torso, two thighs on universal hips, shins on knees, box feet on ankles, all explicitly driven.
  struct Biped: ~Copyable {
    var world: World
    private var torsos: [BodyID] = []
    var feet: [BodyID] = []
    var actuators: [ActuatorID] = []

    static func make(
      _ settings: WorldSettings = WorldSettings(), form: Drive.Form = .explicit,
      dynamics: JointDynamics = JointDynamics()
    ) throws -> Biped {
      var biped = Biped(empty: try World(settings))
      try biped.build(form, dynamics)
      return biped
    }

    private init(empty: consuming World) { world = empty }

    private mutating func build(_ form: Drive.Form, _ dynamics: JointDynamics) throws {
      func axis(_ direction: Vector3, _ lower: Double, _ upper: Double) -> JointAxis {
        JointAxis(direction, lower: lower, upper: upper, dynamics: dynamics)
      }

      try world.addGround()
      let torso = try world.addBody(
        Models.body("torso", .box(size: Vector3(0.2, 0.3, 0.5)), mass: 20, at: Vector3(0, 0, 1.2)))
      torsos.append(torso)
      for side in [-1.0, 1.0] {
        let y = 0.1 * side
        let thigh = try world.addBody(
          Models.body("thigh", .capsule(radius: 0.05, length: 0.3), mass: 4, at: Vector3(0, y, 0.75)))
        let shin = try world.addBody(
          Models.body("shin", .capsule(radius: 0.04, length: 0.3), mass: 2.5, at: Vector3(0, y, 0.32)))
        let foot = try world.addBody(
          Models.body("foot", .box(size: Vector3(0.25, 0.1, 0.04)), mass: 1.5, at: Vector3(0.04, y, 0.03)))
        let hip = try world.addJoint(
          JointDefinition(
            name: "hip", kind: .universal, parent: torso, child: thigh, anchor: Vector3(0, y, 0.95),
            axes: [axis(.unitX, -0.5, 0.5), axis(.unitY, -1.5, 1)]))
        let knee = try world.addJoint(
          JointDefinition(
            name: "knee", kind: .hinge, parent: thigh, child: shin, anchor: Vector3(0, y, 0.53),
            axes: [axis(.unitY, 0, 2)]))
        let ankle = try world.addJoint(
          JointDefinition(
            name: "ankle", kind: .hinge, parent: shin, child: foot, anchor: Vector3(0, y, 0.08),
            axes: [axis(.unitY, -0.8, 0.8)]))
        let strong = Drive.position(stiffness: 250, damping: 10, maxTorque: 120, form: form)
        let weak = Drive.position(stiffness: 200, damping: 2, maxTorque: 60, form: form)
        actuators.append(try world.addActuator(hip, axis: 0, strong))
        actuators.append(try world.addActuator(hip, axis: 1, strong))
        actuators.append(try world.addActuator(knee, strong))
        actuators.append(try world.addActuator(ankle, weak))
        feet.append(foot)
      }
    }

    var torso: BodyID { torsos[0] }

    /// Aims at gently moving targets; `phase` counts control steps.
    mutating func aim(_ phase: Int) {
      for (index, actuator) in actuators.enumerated() {
        world.setTarget(actuator, 0.2 + 0.2 * Double((phase / 10 + index) % 5 - 2) / 2)
      }
    }
  }
}
