import Foundation
import Physics
import RobotFiles
import Robotics
import Testing

/// A published robot's file, which `.ci/robot-files` fetches, with what MuJoCo makes of it: written by
/// `Fixtures/mujoco_robots.py`.
struct PublishedRobot: Decodable, Sendable, CustomTestStringConvertible {
  struct Group: Decodable, Sendable {
    let name: String
    let bodies: [String]
    let mass: Double
    let com: [Double]
    let inertia_world_axes: [[Double]]
  }

  struct Joint: Decodable, Sendable {
    let name: String
    let type: String
    let body: String
    let anchor: [Double]
    let axis: [Double]
    let limited: Bool
    let range: [Double]
    let armature: Double
    let damping: Double
    let frictionloss: Double
    let stiffness: Double
    let ref: Double?
  }

  struct State: Decodable, Sendable {
    struct Root: Decodable, Sendable {
      let position: [Double]
      let quaternion: [Double]
      let com: [Double]
      let com_velocity: [Double]
      let angular_velocity: [Double]
      let com_acceleration: [Double]
      let angular_acceleration: [Double]
    }
    let root: Root
    /// Position, velocity, effort and acceleration by joint.
    let joints: [String: [Double]]
  }

  let file: String
  let base: String
  let mass: Double
  let height: Double?
  let groups: [Group]
  let joints: [Joint]
  let actuators: [String]
  let states: [State]

  var testDescription: String { file.split(separator: "/").last.map(String.init) ?? file }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// Where the file lies.
  var path: String { Self.path(of: file) }

  static func path(of file: String) -> String {
    root.appendingPathComponent("../../../.build/robot-files/\(file)").standardized.path
  }

  static let all: [PublishedRobot] = {
    let file = root.appendingPathComponent("../Fixtures/mujoco_robots.json").standardized
    do { return try JSONDecoder().decode([PublishedRobot].self, from: Data(contentsOf: file)) } catch {
      Issue.record("\(file.path): \(error)")
      return []
    }
  }()

  /// The robot as it is read here.
  func loaded(_ change: (inout RobotFileOptions) throws -> Void = { _ in }) throws -> LoadedRobot {
    try #require(
      FileManager.default.fileExists(atPath: path), "the robots' files are missing; run ./setup --tests")
    var options = RobotFileOptions()
    try change(&options)
    return try LoadedRobot(contentsOf: path, options: options)
  }

  /// Whether bodies between the joints of a link take a share of its mass, so that masses and accelerations differ a little.
  var hasAuxiliaryLinks: Bool { file.hasSuffix("humanoid.xml") }
}

extension Vector3 {
  init(_ numbers: [Double]) { self.init(numbers[0], numbers[1], numbers[2]) }
}
