import Physics
import RobotFiles
import Testing
import Training

/// Sidecars of robots' files.
struct SidecarTests {
  private func parse(_ text: String) throws -> Sidecar.Contents { try Sidecar.parse(Array(text.utf8)) }

  @Test func everyKeyIsRead() throws {
    let contents = try parse(
      """
      robot: dog.urdf
      name: rex
      base: floating
      base_orientation: [1.57, 0, 0]
      packages: {dog_description: ..}
      missing_meshes: ignore
      collision_from_visual: true
      default_joint_angles: {".*_hip": 0, ".*_knee": -1.5}
      control_type: P
      stiffness: 40
      damping: {".*": 1}
      effort_limit: {".*": 30}
      velocity_limit: {".*": 20}
      armature: {".*": 0.01}
      friction: {".*": 0.1}
      action_scale: {".*": 0.25}
      actuated: [".*"]
      locked: [".*finger.*"]
      feet: [".*_foot"]
      hand: tool
      sim_dt: 0.0025
      decimation: 8
      self_collisions: false
      ignore_collisions: [[body, ".*_thigh"]]
      task: track-velocity
      lin_vel_x: [-1, 1.5]
      lin_vel_y: [-0.5, 0.5]
      ang_vel_yaw: [-2, 2]
      """)
    let options = contents.options
    #expect(contents.robot == "dog.urdf" && options.name == "rex" && options.baseKind == .floating)
    #expect(options.baseOrientation == [1.57, 0, 0] && options.packages == ["dog_description": ".."])
    #expect(options.ignoresMissingMeshes && options.collisionFromVisual && !options.selfCollisions)
    #expect(options.defaultPositions.map(\.value) == [0, -1.5])
    #expect(options.defaultPositions.map(\.name.text) == [".*_hip", ".*_knee"])
    #expect(options.controlType == .position && options.stiffness.map(\.value) == [40])
    #expect(options.actionScale.map(\.value) == [0.25] && options.armature.map(\.value) == [0.01])
    #expect(options.substep == 0.0025 && options.decimation == 8)
    #expect(options.feet?.map(\.text) == [".*_foot"] && options.hand?.text == "tool")
    #expect(options.locked.map(\.text) == [".*finger.*"] && options.ignoredCollisions.map(\.1.text) == [".*_thigh"])
    #expect(options.forwardSpeeds == -1...1.5 && options.turningSpeeds == -2...2 && options.task == "track-velocity")
  }

  /// Each key changes something by itself.
  @Test(arguments: Sidecar.keys)
  func noKeyIsIdle(_ key: String) throws {
    let contents = try parse(Self.example(of: key))
    #expect(contents.robot != nil || contents.options.isDifferent)
  }

  private static func example(of key: String) -> String {
    switch key {
    case "base": "base: fixed"
    case "base_orientation": "base_orientation: [1, 0, 0]"
    case "packages": "packages: {a: b}"
    case "missing_meshes": "missing_meshes: ignore"
    case "collision_from_visual": "collision_from_visual: true"
    case "self_collisions": "self_collisions: false"
    case "control_type": "control_type: T"
    case "actuated", "locked", "feet": "\(key): [a]"
    case "ignore_collisions": "ignore_collisions: [[a, b]]"
    case "lin_vel_x", "lin_vel_y", "ang_vel_yaw": "\(key): [0, 1]"
    case "sim_dt": "sim_dt: 0.001"
    case "decimation": "decimation: 2"
    case "robot", "name", "hand", "task": "\(key): a"
    default: "\(key): {a: 1}"
    }
  }

  @Test(arguments: [
    ("stifness: 4", "unknown key 'stifness'; did you mean 'stiffness'? the keys are "),
    ("stiffness: [1]", "'stiffness' must be a mapping of names to values"),
    ("damping: -1", "'damping' must be at least 0.0"),
    ("stiffness: {a: x}", "'stiffness' needs numbers, not 'x'"),
    ("base: flying", "'base' must be one of floating, fixed, planar"),
    ("lin_vel_x: [1, -1]", "'lin_vel_x' must be two numbers, the smaller first"),
    ("sim_dt: 1", "'sim_dt' must be a number from 0.0001 to 0.05"),
    ("decimation: 2.5", "'decimation' must be a whole number from 1 to 100"),
    ("- a", "a settings file must be a mapping"),
    ("a: &b 1\nc: *b", "a settings file must have no anchors or aliases"),
    ("feet: [*x]", "a settings file must have no anchors or aliases"),
  ])
  func mistakesAreSaid(_ text: String, _ reason: String) throws {
    let error = #expect(throws: TrainingError.self) { try parse(text) }
    #expect(error.map { "\($0)".hasPrefix(reason) } == true, "\(String(describing: error))")
  }

  @Test func patternsAreRegularExpressions() throws {
    #expect(throws: (any Error).self) { try parse("feet: ['(']") }
    #expect(throws: (any Error).self) { try parse("feet: ['\(String(repeating: "a", count: 300))']") }
  }
}

extension RobotFileOptions {
  /// Whether anything differs from what holds without a sidecar.
  fileprivate var isDifferent: Bool { "\(self)" != "\(RobotFileOptions())" }
}
