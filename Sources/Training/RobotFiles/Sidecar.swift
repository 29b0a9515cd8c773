import Physics
import RobotFiles
import Yams

/// A YAML file beside a robot's file that says what that file does not, or what is to differ from it.
package enum Sidecar {
  package struct Contents {
    /// The robot's file, relative to the sidecar, if the sidecar says.
    package var robot: String?
    package var options = RobotFileOptions()
    /// The file itself; empty where it was not read from one.
    package fileprivate(set) var bytes: [UInt8] = []
  }

  package static func read(_ path: String) throws -> Contents {
    let bytes = try Files.read(path, limit: SettingsFile.limit)
    do {
      var contents = try parse(bytes)
      contents.bytes = bytes
      let folder = Files.folder(of: path)
      contents.options.packages = contents.options.packages.mapValues { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
      return contents
    } catch { throw TrainingError("'\(path)': \(error)") }
  }

  package static func parse(_ bytes: [UInt8]) throws -> Contents {
    guard let mapping = try SettingsFile.mapping(of: bytes, allowsPatterns: true) else { return Contents() }
    var contents = Contents()
    for (key, value) in mapping {
      let name = try Reader.text(key, for: "a key")
      try Reader(key: name, value: value).read(into: &contents)
    }
    return contents
  }

  /// Every key that a sidecar may have.
  package static let keys = [
    "robot", "name", "base", "base_orientation", "packages", "missing_meshes", "collision_from_visual",
    "default_joint_angles", "control_type", "stiffness", "damping", "effort_limit", "velocity_limit", "armature",
    "friction", "action_scale", "actuated", "locked", "feet", "hand", "sim_dt", "decimation", "self_collisions",
    "ignore_collisions", "task", "lin_vel_x", "lin_vel_y", "ang_vel_yaw",
  ]
}

/// One key of a sidecar.
private struct Reader {
  let key: String
  let value: Node

  func read(into contents: inout Sidecar.Contents) throws {
    switch key {
    case "robot": contents.robot = try text
    case "name": contents.options.name = try text
    case "base": contents.options.baseKind = try choice(of: RobotFileOptions.Base.self)
    case "base_orientation":
      let turns = try list.map { try Self.number($0, for: key) }
      guard turns.count == 3 else { throw wrong("three angles in rad") }
      contents.options.baseOrientation = Vector3(turns[0], turns[1], turns[2])
    case "packages":
      for (name, folder) in try mapping {
        contents.options.packages[try Self.text(name, for: key)] = try Self.text(folder, for: key)
      }
    case "missing_meshes":
      guard try text == "ignore" else { throw wrong("ignore") }
      contents.options.ignoresMissingMeshes = true
    case "collision_from_visual": contents.options.collisionFromVisual = try flag
    case "default_joint_angles": contents.options.defaultPositions = try byName
    case "control_type": contents.options.controlType = try choice(of: RobotFileOptions.ControlType.self)
    case "stiffness": contents.options.stiffness = try byName(least: 0)
    case "damping": contents.options.damping = try byName(least: 0)
    case "effort_limit": contents.options.effortLimit = try byName(least: 0)
    case "velocity_limit": contents.options.velocityLimit = try byName(least: 0)
    case "armature": contents.options.armature = try byName(least: 0)
    case "friction": contents.options.friction = try byName(least: 0)
    case "action_scale": contents.options.actionScale = try byName(least: 0)
    case "actuated": contents.options.actuated = try patterns
    case "locked": contents.options.locked = try patterns
    case "feet": contents.options.feet = try patterns
    case "hand": contents.options.hand = try NamePattern(text)
    case "sim_dt": contents.options.substep = try number(in: 1e-4...0.05)
    case "decimation":
      guard let count = Int(try text), (1...100).contains(count) else { throw wrong("a whole number from 1 to 100") }
      contents.options.decimation = count
    case "self_collisions": contents.options.selfCollisions = try flag
    case "ignore_collisions":
      contents.options.ignoredCollisions = try list.map { pair in
        guard case .sequence(let names) = pair, names.count == 2 else { throw wrong("a list of pairs of names") }
        return (
          try NamePattern(Self.text(names[0], for: key)), try NamePattern(Self.text(names[1], for: key))
        )
      }
    case "task": contents.options.task = try text
    case "lin_vel_x": contents.options.forwardSpeeds = try range
    case "lin_vel_y": contents.options.sidewaysSpeeds = try range
    case "ang_vel_yaw": contents.options.turningSpeeds = try range
    default:
      let hint = NearestName.suggestion(for: key, among: Sidecar.keys).map { "did you mean '\($0)'? " } ?? ""
      throw TrainingError("unknown key \(quoted(key)); \(hint)the keys are \(Sidecar.keys.joined(separator: ", "))")
    }
  }

  // MARK: Values

  private var text: String { get throws { try Self.text(value, for: key) } }

  private var flag: Bool {
    get throws {
      switch try text {
      case "true": true
      case "false": false
      default: throw wrong("true or false")
      }
    }
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(of _: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try text) else {
      throw wrong("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  private func number(in range: ClosedRange<Double>) throws -> Double {
    let number = try Self.number(value, for: key)
    guard range.contains(number) else { throw wrong("a number from \(range.lowerBound) to \(range.upperBound)") }
    return number
  }

  private var range: ClosedRange<Double> {
    get throws {
      let ends = try list.map { try Self.number($0, for: key) }
      guard ends.count == 2, ends[0] <= ends[1] else { throw wrong("two numbers, the smaller first") }
      return ends[0]...ends[1]
    }
  }

  private var list: [Node] {
    get throws {
      guard case .sequence(let items) = value else { throw wrong("a list") }
      return Array(items)
    }
  }

  private var mapping: Node.Mapping {
    get throws {
      guard case .mapping(let mapping) = value else { throw wrong("a mapping of names to values") }
      return mapping
    }
  }

  private var patterns: [NamePattern] {
    get throws {
      if case .scalar = value { return [try NamePattern(text)] }
      return try list.map { try NamePattern(Self.text($0, for: key)) }
    }
  }

  private var byName: RobotFileOptions.ByName { get throws { try byName(least: -.infinity) } }

  private func byName(least: Double) throws -> RobotFileOptions.ByName {
    // One number is for all.
    if case .scalar = value { return [(try NamePattern(".*"), try atLeast(least, value))] }
    return try mapping.map { (try NamePattern(Self.text($0.key, for: key)), try atLeast(least, $0.value)) }
  }

  private func atLeast(_ least: Double, _ node: Node) throws -> Double {
    let number = try Self.number(node, for: key)
    guard number >= least else { throw wrong("at least \(least)") }
    return number
  }

  static func text(_ node: Node, for what: String) throws -> String {
    guard case .scalar(let scalar) = node else { throw TrainingError("\(what) must be a single value") }
    return scalar.string
  }

  private static func number(_ node: Node, for key: String) throws -> Double {
    let text = try text(node, for: quoted(key))
    guard let number = Double(text), number.isFinite else {
      throw TrainingError("\(quoted(key)) needs numbers, not \(quoted(text))")
    }
    return number
  }

  private func wrong(_ expectation: String) -> TrainingError { TrainingError("\(quoted(key)) must be \(expectation)") }
}
