import Foundation
import TestRuns
import Testing

/// Robots from files through the built command.
@Suite struct RobotFileCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) throws -> Command.Outcome { try Command.run(arguments, in: folder) }

  /// An arm of two joints.
  private static let arm = """
    <robot name="two-joint-arm">
      <link name="base"/>
      <link name="upper">
        <inertial><origin xyz="0 0 0.2"/><mass value="1"/>
          <inertia ixx="0.02" iyy="0.02" izz="0.002" ixy="0" ixz="0" iyz="0"/></inertial>
        <collision><origin xyz="0 0 0.2"/><geometry><cylinder radius="0.03" length="0.3"/></geometry></collision>
      </link>
      <link name="lower">
        <inertial><origin xyz="0 0 0.15"/><mass value="0.5"/>
          <inertia ixx="0.006" iyy="0.006" izz="0.001" ixy="0" ixz="0" iyz="0"/></inertial>
        <collision><origin xyz="0 0 0.15"/><geometry><box size="0.04 0.04 0.2"/></geometry></collision>
      </link>
      <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/>
        <origin xyz="0 0 0.5"/><axis xyz="0 1 0"/><limit lower="-2" upper="2" effort="30" velocity="4"/></joint>
      <joint name="elbow" type="revolute"><parent link="upper"/><child link="lower"/>
        <origin xyz="0 0 0.4"/><axis xyz="0 1 0"/><limit lower="-2" upper="2" effort="15" velocity="4"/></joint>
    </robot>
    """

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path).appendingPathComponent(name))
  }

  @Test func aFileIsARobot() throws {
    try write(Self.arm, to: "arm.urdf")
    let check = try run("check", "arm.urdf")
    #expect(check.output.hasSuffix("two-joint-arm: ok\n") || check.output.contains("two-joint-arm: ok,"))
    #expect(check.output.hasPrefix("2 links, 2 axes, 2 of them driven, 1.5 kg; base: fixed\ntask: reach, "))
    #expect(check.output.contains("hand: lower, "))
    let json = try run("check", "arm.urdf", "--json").output
    #expect(json.contains("\"control_type\": \"P\"") && json.contains("\"stiffness\": 50.0"))
    let settings = try run("train", "--robot", "./arm.urdf", "--print-config")
    #expect(settings.output.hasPrefix("robot: two-joint-arm\n"))
    let zero = try run("evaluate", "--robot", "arm.urdf", "--policy", "zero", "--episodes", "2", "--json")
    #expect(zero.status == 0 && zero.output.contains("\"final_error_m\""))
  }

  /// A run keeps its robot: what comes later needs neither the file nor its name.
  @Test func runsKeepTheirRobot() throws {
    try write(Self.arm, to: "arm.urdf")
    try write("robot: arm.urdf\nname: twin\nstiffness: {elbow: 25}\n", to: "twin.yaml")
    let trained = try run(
      "train", "--robot", "twin.yaml", "--steps", "4096", "--run-dir", "run", "--quiet", "--set",
      "evaluation.episodes=2",
      "--set", "evaluation.final_episodes=2", "--set", "envs=8", "--set", "ppo.horizon=64", "--set", "ppo.minibatch=128"
    )
    #expect(trained.status == 0, "\(trained.errors)")
    for name in ["arm.urdf", "twin.yaml"] {
      try FileManager.default.removeItem(at: URL(fileURLWithPath: folder.path).appendingPathComponent(name))
    }
    let evaluated = try run("evaluate", "--policy", "run", "--episodes", "2", "--json")
    #expect(evaluated.status == 0 && evaluated.output.contains("\"robot\": \"twin\""), "\(evaluated.errors)")
    let described = try run("describe", "--policy", "run/checkpoints/best.safetensors")
    #expect(described.status == 0 && described.output.contains("25"), "\(described.errors)")
    let resumed = try run("train", "--resume", "--run-dir", "run", "--steps", "8192", "--quiet")
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  /// A policy says when the robot's file has changed since.
  @Test func anEditedFileIsNoticed() throws {
    try write(Self.arm, to: "arm.urdf")
    let trained = try run(
      "train", "--robot", "arm.urdf", "--steps", "1024", "--run-dir", "run", "--quiet", "--set",
      "evaluation.episodes=2",
      "--set", "evaluation.final_episodes=2", "--set", "envs=8", "--set", "ppo.horizon=64", "--set", "ppo.minibatch=128"
    )
    #expect(trained.status == 0, "\(trained.errors)")
    try write(Self.arm.replacingOccurrences(of: "mass value=\"0.5\"", with: "mass value=\"0.75\""), to: "arm.urdf")
    let evaluated = try run("evaluate", "--robot", "arm.urdf", "--policy", "run", "--episodes", "2")
    #expect(evaluated.status == 0)
    #expect(evaluated.errors.contains("mass of 'lower' was 0.5, is 0.75"), "\(evaluated.errors)")
  }

  @Test(arguments: [
    (["check", "none.urdf"], "none.urdf:1:1: there is no file 'none.urdf'; looked for './none.urdf'"),
    (
      ["check", "biped", "--task", "reach"],
      "--task is for a robot from a file; give --robot the path of a URDF or MJCF file"
    ),
    (["check", "bad.urdf"], "bad.urdf:1:1: this tag does not end"),
  ])
  func mistakesAreOneLine(_ arguments: [String], _ reason: String) throws {
    try write("<robot", to: "bad.urdf")
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "Error: \(reason)\n")
  }
}
