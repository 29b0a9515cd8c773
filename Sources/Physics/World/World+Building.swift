/// Adding to a world.
extension World {
  /// Adds a body in its zero pose, at rest.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for masses, shapes or poses that cannot be.
  public mutating func addBody(_ definition: BodyDefinition) throws(PhysicsError) -> BodyID {
    try definition.validate()
    let orientation = definition.pose.orientation.normalized
    let mass = definition.mass
    let center = definition.pose.position + orientation.act(on: mass.centerOfMass)
    let body = try engine.makeBody(position: center, quaternion: orientation, mass: mass)
    body.setPose(position: center, quaternion: orientation, rotation: Matrix3(orientation))
    for collider in definition.colliders {
      // ODE's body frame starts at the center of mass.
      var pose = collider.pose
      pose.position -= mass.centerOfMass
      pose.orientation = pose.orientation.normalized
      colliders.append(
        ColliderData(
          body: bodies.count, engine: body, geometry: try engine.makeGeometry(collider.shape, at: pose, on: body),
          definition: collider, center: pose.position, rotation: Matrix3(pose.orientation),
          boundingRadius: collider.shape.boundingRadius))
      centers.append(.zero)
    }
    bodies.append(
      BodyData(
        engine: body, definedMass: mass,
        maximumAngularSpeed: max(World.maximumAngularSpeed, World.maximumSpeed / Self.radius(of: definition)),
        zeroCenter: center, zeroOrientation: orientation))
    bodyNames.append(definition.name)
    isPrepared = false
    return BodyID(index: bodies.count - 1)
  }

  /// How far a body reaches from its center of mass, m; without a collider, its radius of gyration.
  private static func radius(of definition: BodyDefinition) -> Double {
    let mass = definition.mass
    let gyration = ((mass.inertia.diagonal.x + mass.inertia.diagonal.y + mass.inertia.diagonal.z) / (2 * mass.mass))
      .squareRoot()
    return definition.colliders.map {
      ($0.pose.position - mass.centerOfMass).length + $0.shape.boundingRadius
    }.max() ?? gyration
  }

  /// Adds a joint. All bodies must still be in their zero pose. Bodies that a joint connects do not collide.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for axes, limits or bodies that cannot be, or once bodies have moved.
  public mutating func addJoint(_ definition: JointDefinition) throws(PhysicsError) -> JointID {
    try definition.validate()
    let owner = "joint '\(definition.name)'"
    guard !hasMoved else {
      throw .invalidDefinition("\(owner): joints can only be added before any body has moved")
    }
    let child = definition.child.index
    let parent = definition.parent?.index
    guard bodies.indices.contains(child), parent.map(bodies.indices.contains) ?? true else {
      throw .invalidDefinition("\(owner): parent and child must be bodies of this world")
    }
    let directions = definition.axes.map { $0.direction.normalized }
    let joint = try engine.makeJoint(
      definition.kind, child: bodies[child].engine, parent: parent.map { bodies[$0].engine },
      anchor: definition.anchor, axes: directions)
    let erp = definition.stopERP ?? settings.erp
    let cfm = definition.stopCFM ?? settings.cfm
    for (index, axis) in definition.axes.enumerated() where axis.lower.isFinite || axis.upper.isFinite {
      try engine.setStops(
        joint, axis: index, lower: axis.lower - axis.start, upper: axis.upper - axis.start, erp: erp, cfm: cfm)
    }
    let first = axes.count
    for frame in axisFrames(definition, directions, child: child, parent: parent) {
      axes.append(AxisData(frame: frame))
    }
    try addDynamics(definition, axes: first..<axes.count, child: child, parent: parent)
    joints.append(
      JointData(
        engine: joint, kind: definition.kind, name: definition.name, parent: parent, child: child,
        anchorOnChild: fixedPoint(definition.anchor, by: child),
        anchorOnParent: fixedPoint(definition.anchor, by: parent), axes: first..<axes.count))
    if let parent { separated.insert(BodyPair(parent, child)) }
    isPrepared = false
    return JointID(index: joints.count - 1)
  }

  /// Drives one axis of a joint. An axis takes one actuator.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for an axis that the joint lacks or that is driven, or gains out of range.
  public mutating func addActuator(
    _ joint: JointID, axis: Int = 0, _ drive: Drive, speedLimit: Double = .infinity
  ) throws(PhysicsError) -> ActuatorID {
    guard joints.indices.contains(joint.index) else {
      throw .invalidDefinition("actuator: the joint must be one of this world")
    }
    let data = joints[joint.index]
    let owner = "actuator of joint '\(data.name)'"
    guard axis >= 0, axis < data.axes.count else {
      throw .invalidDefinition("\(owner): the joint has \(data.axes.count) axes, and none numbered \(axis)")
    }
    let place = data.axes.lowerBound + axis
    guard !axes[place].isDriven else {
      throw .invalidDefinition("\(owner): axis \(axis) already has an actuator")
    }
    try drive.validate(owner)
    guard speedLimit > 0 else {
      throw .invalidDefinition("\(owner): the speed limit must be above 0, not \(speedLimit)")
    }
    guard speedLimit == .infinity || drive.maxTorque.isFinite else {
      throw .invalidDefinition("\(owner): a motor with a speed limit of \(speedLimit) needs a finite greatest torque")
    }
    if drive.isSolved { try engine.keepForce(of: data.engine) }
    let frame = axes[place].frame
    axes[place].isDriven = true
    actuators.append(
      ActuatorData(
        child: data.child, axis: axis, engine: data.engine, frame: frame, anchor: data.anchorOnChild.local,
        drive: drive, speedLimit: speedLimit,
        inertia: childInertia(data, frame)))
    actuatorStates.append(ActuatorState())
    areAxesCurrent = false
    return ActuatorID(index: actuators.count - 1)
  }

  /// Adds the ground. A world takes one.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for a height or friction out of range, or a second ground.
  public mutating func addGround(_ ground: Ground = Ground()) throws(PhysicsError) {
    try ground.validate()
    guard self.ground == nil else { throw .invalidDefinition("ground: the world already has one") }
    plane = try engine.makePlane(height: ground.height)
    self.ground = ground
    isPrepared = false
  }

  /// Lets two bodies pass through each other.
  public mutating func ignoreCollisions(between a: BodyID, and b: BodyID) {
    separated.insert(BodyPair(a.index, b.index))
    isPrepared = false
  }

  // MARK: - Helpers

  private func fixedPoint(_ point: Vector3, by body: Int?) -> FixedPoint {
    guard let body else { return FixedPoint(body: nil, local: point) }
    let engine = bodies[body].engine
    return FixedPoint(body: engine, local: engine.rotation.inverseAct(on: point - engine.position))
  }

  /// A vector of the world in a body's axes.
  private func local(_ vector: Vector3, in body: Int?) -> Vector3 {
    body.map { bodies[$0].engine.rotation.inverseAct(on: vector) } ?? vector
  }

  private func axisFrames(
    _ definition: JointDefinition, _ directions: [Vector3], child: Int, parent: Int?
  ) -> [AxisFrame] {
    func frame(_ index: Int, pointer: Vector3, movesWithChild: Bool, axisOnChild: Bool) -> AxisFrame {
      let direction = directions[index]
      let isSliding = definition.kind == .slider
      let pointerSide = movesWithChild ? child : parent
      let planeSide = movesWithChild ? parent : child
      // Seen from the child, the parent turns the other way.
      let v = movesWithChild ? direction.cross(pointer) : pointer.cross(direction)
      return AxisFrame(
        child: bodies[child].engine, parent: parent.map { bodies[$0].engine }, isSliding: isSliding,
        isAxisOnChild: axisOnChild, isPointerOnChild: movesWithChild,
        axis: local(direction, in: axisOnChild ? child : parent),
        pointer: isSliding ? fixedPoint(definition.anchor, by: child).local : local(pointer, in: pointerSide),
        u: isSliding ? fixedPoint(definition.anchor, by: parent).local : local(pointer, in: planeSide),
        v: local(v, in: planeSide), lower: definition.axes[index].lower, upper: definition.axes[index].upper,
        start: definition.axes[index].start)
    }
    switch definition.kind {
    case .hinge, .slider:
      return [frame(0, pointer: directions[0].perpendiculars.u, movesWithChild: true, axisOnChild: true)]
    case .universal:
      // Each axis is the other's pointer: it turns about the one and is fixed against the other.
      return [
        frame(0, pointer: directions[1], movesWithChild: true, axisOnChild: false),
        frame(1, pointer: directions[0], movesWithChild: false, axisOnChild: true),
      ]
    case .ball, .fixed:
      return []
    }
  }

  private func childInertia(_ joint: JointData, _ frame: AxisFrame) -> Double {
    let body = bodies[joint.child]
    let mass = body.definedMass
    guard !frame.isSliding else { return mass.mass }
    let rotation = body.engine.rotation
    let axis = rotation.inverseAct(on: frame.direction)
    let lever = joint.anchorOnChild.local.cross(axis)
    return axis.dot(mass.inertia.act(on: axis)) + mass.mass * lever.dot(lever)
  }
}

extension Drive {
  /// Whether the solver may decide the torque.
  var isSolved: Bool {
    switch self {
    case .position(_, _, _, .implicit), .velocity: true
    case .position(_, _, _, .explicit), .torque: false
    }
  }
}
