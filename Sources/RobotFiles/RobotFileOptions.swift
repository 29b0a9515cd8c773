import Environments
import Physics

/// What a robot's file does not say, or what is to differ from it: the contents of a sidecar file.
///
/// Where a key takes names, they may be regular expressions that match whole names; of several that match, the last holds.
public struct RobotFileOptions: Sendable {
  /// A value for each axis whose name matches.
  public typealias ByName = [(name: NamePattern, value: Double)]

  /// How the targets of actions are understood.
  public enum ControlType: String, Sendable, CaseIterable {
    case position = "P"
    case velocity = "V"
    case torque = "T"
  }

  /// What the root can do.
  public enum Base: String, Sendable, CaseIterable { case floating, fixed, planar }

  /// The robot's name; nil for the file's own.
  public var name: String?
  /// nil: as the file says, or as it seems.
  public var baseKind: Base?
  /// Turns the robot about the fixed axes x, y, z, rad; for files whose z axis does not point up.
  public var baseOrientation = Vector3.zero
  /// Folders of ROS packages by name, relative to the sidecar.
  public var packages: [String: String] = [:]
  /// Whether colliders whose mesh file is missing are left out.
  public var ignoresMissingMeshes = false
  /// Whether links without collision shapes take their visual ones.
  public var collisionFromVisual = false
  /// Default positions, rad or m.
  public var defaultPositions: ByName = []
  /// nil: the file's actuators, or position control where it has none.
  public var controlType: ControlType?
  /// N·m/rad or N/m.
  public var stiffness: ByName = []
  /// N·m·s/rad or N·s/m.
  public var damping: ByName = []
  /// N·m or N.
  public var effortLimit: ByName = []
  /// rad/s or m/s.
  public var velocityLimit: ByName = []
  /// kg·m² or kg.
  public var armature: ByName = []
  /// Dry friction, N·m or N.
  public var friction: ByName = []
  /// The change of a target by an action of 1.
  public var actionScale: ByName = []
  /// Axes with an action; nil for all that can be driven.
  public var actuated: [NamePattern]?
  /// Joints that do not move.
  public var locked: [NamePattern] = []
  /// Links, or parts of links, that walk; nil: found.
  public var feet: [NamePattern]?
  /// The link, or part of a link, that reaches; nil: found.
  public var hand: NamePattern?
  /// Seconds of a physics step; nil: chosen.
  public var substep: Double?
  /// Physics steps of a control step; nil: chosen.
  public var decimation: Int?
  public var selfCollisions = true
  public var ignoredCollisions: [(NamePattern, NamePattern)] = []
  /// What the robot is to do, by the name of a task; nil: chosen.
  public var task: String?
  /// Commanded speeds, m/s, m/s and rad/s; nil: by the robot's size.
  public var forwardSpeeds: ClosedRange<Double>?
  public var sidewaysSpeeds: ClosedRange<Double>?
  public var turningSpeeds: ClosedRange<Double>?

  public init() {}

  /// Throws where a pattern matches nothing, as one that is misspelled does.
  ///
  /// - Parameters:
  ///   - joints: names of all joints of the file.
  ///   - links: names of all links of the file.
  func checkNames(joints: [String], links: [String], at position: SourcePosition) throws(RobotFileError) {
    let values = [
      ("default_joint_angles", defaultPositions), ("stiffness", stiffness), ("damping", damping),
      ("effort_limit", effortLimit), ("velocity_limit", velocityLimit), ("armature", armature),
      ("friction", friction), ("action_scale", actionScale),
    ].map { ($0, $1.map(\.name), "joint", joints) }
    let lists = [
      ("actuated", actuated ?? [], "joint", joints), ("locked", locked, "joint", joints),
      ("feet", feet ?? [], "link", links), ("hand", [hand].compactMap(\.self), "link", links),
      ("ignore_collisions", ignoredCollisions.flatMap { [$0.0, $0.1] }, "link", links),
    ]
    for (key, patterns, kind, names) in values + lists {
      for pattern in patterns where !names.contains(where: { pattern.matches($0) }) {
        throw RobotFileError(
          "'\(excerpt(pattern.text))' of \(key) matches no \(kind); they are "
            + printable(String(names.joined(separator: ", ").prefix(400))), at: position)
      }
    }
  }

  /// The default position of a joint, within its stops: as given here, as the file's keyframe has it, or 0.
  func defaultPosition(of joint: FileJoint, in model: FileModel) -> Double {
    let position =
      defaultPositions.last { $0.name.matches(joint.name) }?.value ?? model.keyframe?.positions[joint.name] ?? 0
    return joint.range.map { min(max(position, $0.lowerBound), $0.upperBound) } ?? position
  }
}

extension RobotFileOptions.ByName {
  /// The value of the last pattern that matches a name.
  func value(for name: String) -> Double? { last { $0.name.matches(name) }?.value }
}

/// A name, or a regular expression that matches whole names.
public struct NamePattern: Sendable, Equatable {
  public let text: String

  /// - Throws: `RobotFileError` where the text is no regular expression.
  public init(_ text: String) throws {
    self.text = text
    guard text.utf8.count <= 200 else { throw RobotFileError("is too long for a name", file: "'\(text.prefix(40))…'") }
    _ = try Regex(text)
  }

  func matches(_ name: String) -> Bool {
    if text == name { return true }
    guard let expression = try? Regex(text) else { return false }
    return name.wholeMatch(of: expression) != nil
  }
}
