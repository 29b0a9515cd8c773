import Physics
import Testing

@Suite struct FaultTests {
  /// What makes a world fail, but not the process.
  enum Harm: CaseIterable {
    case notANumberTarget, infiniteTarget, hugeTarget, hugeTorque, absurdTorque, notANumberVelocity, hugeVelocity
    case notANumberForce, absurdForce, notANumberPose, nullQuaternion, notANumberStrength, notANumberFriction

    func act(on biped: inout Models.Biped, _ torqueActuator: ActuatorID) {
      let torso = biped.torso
      switch self {
      case .notANumberTarget: biped.world.setTarget(biped.actuators[0], .nan)
      case .infiniteTarget: biped.world.setTarget(torqueActuator, -.infinity)
      case .hugeTarget: biped.world.setTarget(torqueActuator, 1e6)
      case .hugeTorque: biped.world.setTarget(torqueActuator, 1e12)
      case .absurdTorque: biped.world.setTarget(torqueActuator, 1e200)
      case .notANumberVelocity: biped.world.setVelocity(of: torso, linear: Vector3(0, .nan, 0), angular: .zero)
      case .hugeVelocity: biped.world.setVelocity(of: torso, linear: .zero, angular: Vector3(1e200, 0, 1e200))
      case .notANumberForce: biped.world.applyForce(Vector3(.nan, 0, 0), to: torso)
      case .absurdForce: biped.world.applyForce(Vector3(1e200, -1e200, 1e300), to: torso, at: Vector3(1, 2, 3))
      case .notANumberPose: biped.world.setPose(of: torso, Pose(position: Vector3(.nan, 0, 0)))
      case .nullQuaternion: biped.world.setPose(of: torso, Pose(orientation: Quaternion(w: 0, x: 0, y: 0, z: 0)))
      case .notANumberStrength: biped.world.setStrength(torqueActuator, .nan)
      case .notANumberFriction: biped.world.setGroundFriction(.nan)
      }
    }
  }

  /// A biped with a motor of unlimited torque on a free arm.
  private func patient(_ solver: Solver) throws -> (ActuatorID, Wrapped) {
    var biped = try Models.Biped.make(WorldSettings(solver: solver))
    let arm = try biped.world.addBody(
      Models.body("arm", .capsule(radius: 0.03, length: 0.2), mass: 0.5, at: Vector3(0, 0, 1.7), touches: false))
    let joint = try biped.world.addJoint(
      JointDefinition(
        name: "shoulder", kind: .hinge, parent: biped.torso, child: arm, anchor: Vector3(0, 0, 1.45),
        axes: [JointAxis(.unitX)]))
    let actuator = try biped.world.addActuator(joint, .torque(maxTorque: .infinity))
    return (actuator, Wrapped(biped))
  }

  /// Lets a noncopyable biped be part of a tuple.
  private final class Wrapped {
    var biped: Models.Biped
    init(_ biped: consuming Models.Biped) { self.biped = biped }
  }

  @Test(arguments: Harm.allCases, [Solver.direct, .quick(iterations: 8)])
  func harmIsThrown(_ harm: Harm, _ solver: Solver) throws {
    let (_, other) = try patient(solver)
    let (actuator, wrapped) = try patient(solver)
    try wrapped.biped.world.step(4)
    harm.act(on: &wrapped.biped, actuator)
    #expect(throws: PhysicsError.self) { try wrapped.biped.world.step(4) }
    let noted = wrapped.biped.world.fault
    let fault = try #require(noted)
    #expect(throws: fault) { try wrapped.biped.world.step(4) }
    try other.biped.world.step(40)
    #expect(other.biped.world.fault == nil && other.biped.world.pose(of: other.biped.torso).isFinite)
  }

  /// A number that is not finite is refused wherever it would reach the engine, and the world stays as it was. The rest,
  /// flags and a bit pattern of each body, cannot do harm.
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func damagedStateIsRefused(_ solver: Solver) throws {
    var biped = try Models.Biped.make(WorldSettings(solver: solver))
    try biped.world.step(4)
    var before: [Double] = []
    biped.world.snapshot(into: &before)
    var (after, taken): ([Double], Int) = ([], 0)
    for index in 2..<before.count where index != 3 {
      var damaged = before
      damaged[index] = .nan
      do {
        try biped.world.restore(from: damaged.span)
        taken += 1
        try biped.world.step(4)
        try biped.world.restore(from: before.span)
      } catch { #expect("\(error)".hasPrefix("the snapshot does not fit"), "number \(index): \(error)") }
      biped.world.snapshot(into: &after)
      #expect(after.map(\.bitPattern) == before.map(\.bitPattern), "number \(index)")
    }
    #expect(taken == 4 * Int(before[0]))
    try biped.world.step(4)
  }

  /// A world that diverged works again once restored.
  @Test func divergedWorldsCanBeRestored() throws {
    let (actuator, wrapped) = try patient(.direct)
    var snapshot: [Double] = []
    wrapped.biped.world.snapshot(into: &snapshot)
    wrapped.biped.world.setTarget(actuator, .nan)
    #expect(throws: PhysicsError.self) { try wrapped.biped.world.step() }
    try wrapped.biped.world.restore(from: snapshot.span)
    try wrapped.biped.world.step(40)
    #expect(wrapped.biped.world.fault == nil)
  }

  /// Failed and replaced a thousand times over.
  @Test func faultedWorldsCanBeManyTimesReplaced() throws {
    var engineFaults = 0
    for index in 0..<2000 {
      var world = try World(WorldSettings(solver: index % 2 == 0 ? .direct : .quick(iterations: 4)))
      try world.addGround()
      let body = try world.addBody(Models.body("body", .box(size: Vector3(1, 1, 1)), mass: 1, at: Vector3(0, 0, 0.5)))
      world.applyTorque(Vector3(1e200, 1e200, 1e200), to: body)
      #expect(throws: PhysicsError.self) { try world.step(3) }
      if case .engine? = world.fault { engineFaults += 1 }
    }
    #expect(engineFaults > 0, "the engine's own assertions are among what is tested")
  }

  @Test func faultsDoNotCrossThreads() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<3 {
        group.addTask {
          for round in 0..<40 {
            var biped = try Models.Biped.make()
            try biped.world.step(4)
            if (thread + round) % 2 == 0 {
              biped.world.applyTorque(Vector3(1e200, 1e200, 1e200), to: biped.torso)
              #expect(throws: PhysicsError.self) { try biped.world.step(4) }
            } else {
              try biped.world.step(20)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
