/// The world's data of a body.
struct BodyData {
  let engine: EngineBody
  let definedMass: MassProperties
  /// The greatest plausible angular speed, rad/s.
  let maximumAngularSpeed: Double
  /// Factor of mass and inertia.
  var massScale = 1.0
  /// The center of mass and the orientation in the zero pose.
  let zeroCenter: Vector3
  let zeroOrientation: Quaternion
  /// Forces on the center of mass and torques from outside, for all substeps of the next step.
  var externalForce = Vector3.zero
  var externalTorque = Vector3.zero
  /// Contacts in the last substep.
  var onGround = false
  var touchesBody = false
  /// Substeps of the last step in which it touched the ground, a bit each.
  var groundContacts: UInt64 = 0

  var mass: MassProperties { massScale == 1 ? definedMass : definedMass.scaled(by: massScale) }

  /// The center of mass as seen from the link frame's origin, in world axes.
  var centerOffset: Vector3 { engine.rotation.act(on: definedMass.centerOfMass) }
}

/// The world's data of a geometry.
struct ColliderData {
  let body: Int
  let engine: EngineBody
  let geometry: EngineGeometry
  let definition: Collider
  /// The shape's center from the center of mass, and how it is turned, in body axes.
  let center: Vector3
  let rotation: Matrix3
  let boundingRadius: Double
}

/// Two bodies, in any order.
struct BodyPair: Hashable {
  let lower: Int
  let upper: Int

  init(_ a: Int, _ b: Int) {
    lower = min(a, b)
    upper = max(a, b)
  }
}

/// Two geometries that may meet.
struct ColliderPair {
  let a: Int
  let b: Int
  let reachSquared: Double
  let friction: Double
}

/// A vector or a point that is fixed to a body, or to the world where that is `nil`.
struct FixedPoint {
  let body: EngineBody?
  /// In body axes, from the center of mass; in world axes from the origin where there is no body.
  let local: Vector3
}

/// The world's data of a joint.
struct JointData {
  let engine: EngineJoint
  let kind: JointDefinition.Kind
  let name: String
  let parent: Int?
  let child: Int
  let anchorOnChild: FixedPoint
  let anchorOnParent: FixedPoint
  /// The range of its axes in the world's list.
  let axes: Range<Int>
}

/// The world's data of one axis of a joint.
struct AxisData {
  let frame: AxisFrame
  var isDriven = false
}

/// An axis with friction, a spring or a rotor.
struct DynamicAxis {
  let frame: AxisFrame
  /// One row of the solver along the axis.
  let motor: EngineJoint
  let dynamics: JointDynamics
}

/// How the position of one joint axis is read from the bodies.
///
/// A turning axis has a pointer on one side of the joint and, on the other, the plane (u, v) across the axis in which the
/// pointer turns: the angle is atan2(pointer·v, pointer·u). A sliding axis has its direction and the joint's two anchors.
///
/// Small, as every substep reads it and the solver in between needs all of the cache.
struct AxisFrame {
  let child: EngineBody
  let parent: EngineBody?
  let isSliding: Bool
  /// Whether the axis' direction is the child's rather than the parent's.
  let isAxisOnChild: Bool
  /// Whether the pointer is on the child, and the plane on the parent, rather than the other way round.
  let isPointerOnChild: Bool
  /// In the axes of the body that has it, as `pointer`, `u` and `v` are.
  let axis: Vector3
  /// Sliding: the anchor from the child's center of mass.
  let pointer: Vector3
  /// Sliding: the anchor from the parent's center of mass.
  let u: Vector3
  let v: Vector3
  let lower: Double
  let upper: Double
  /// Its position in the zero pose.
  let start: Double
}

/// Where an actuated axis is and how fast it moves.
struct AxisState {
  var position = 0.0
  var velocity = 0.0
  /// In world axes.
  var direction = Vector3.zero
}

/// The constant data of an actuator.
struct ActuatorData {
  /// The body that it moves.
  let child: Int
  /// The number of its axis within the joint.
  let axis: Int
  let engine: EngineJoint
  let frame: AxisFrame
  /// Where the joint sits, from the child's center of mass in its axes.
  let anchor: Vector3
  let drive: Drive
  /// The speed at which it gives no more torque, rad/s (a slider: m/s); infinite for the same torque at every speed.
  let speedLimit: Double
  /// The inertia (slider: mass) of the child alone, as defined, against this axis: a lower bound of what the actuator
  /// moves.
  let inertia: Double
}

/// The changing data of an actuator. Apart from the rest, so that a substep writes little and copies nothing.
struct ActuatorState {
  var target = 0.0
  var strength = 1.0
  var axis = AxisState()
  /// The anchor from the child's center of mass at the start of the substep, in world axes.
  var lever = Vector3.zero
  /// Whether the solver decides the torque of the present substep.
  var isMotorized = false
  /// In the last substep, N·m.
  var torque = 0.0
  /// In the last step, J.
  var work = 0.0
  /// Σ|torque|·dt over the last step, N·m·s.
  var impulse = 0.0
  /// The greatest |torque| of the last step, N·m.
  var peakTorque = 0.0
}

/// A body held in a plane by the solver.
struct PlanarRoot {
  let body: Int
  let rows: EnginePlanarRows
  /// The plane's unit normal and two unit vectors in the plane.
  let normal: Vector3
  let u: Vector3
  let v: Vector3
}

/// A body that is a planar root or is connected to one.
struct PlanarBody {
  let body: Int
  let normal: Vector3
}
