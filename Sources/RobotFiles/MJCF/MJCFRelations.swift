import Physics

/// A tendon's numbers that would make it act on joints, as its class and its own attributes say them.
struct MJCFTendon {
  private var acting: [String: Bool] = [:]
  private var limited = MJCFChoice.auto
  private var range = [0.0, 0]

  mutating func read(_ element: XMLElement) throws(RobotFileError) {
    for (name, counts) in [
      ("stiffness", 1...3), ("damping", 1...3), ("frictionloss", 1...1), ("armature", 1...1), ("springyield", 1...2),
    ] {
      if let numbers = try element.numbers(name, counts: counts) { acting[name] = numbers.contains { $0 != 0 } }
    }
    if let choice = try element.choice("limited") { limited = choice }
    if let numbers = try element.numbers("range", count: 2) { range = numbers }
  }

  /// Why the tendon acts; nil where it has no effect.
  func effect(_ element: XMLElement, _ compiler: MJCFCompiler) throws(RobotFileError) -> String? {
    if let name = acting.filter(\.value).keys.min() { return name }
    return try limited.isLimited(by: range, "limited", compiler, element) ? "range" : nil
  }
}

/// What an MJCF says about several bodies or joints at once.
struct MJCFRelations {
  let compiler: MJCFCompiler
  let defaults: MJCFDefaults
  private(set) var warnings: [RobotFileWarning] = []

  init(_ compiler: MJCFCompiler, _ defaults: MJCFDefaults) {
    self.compiler = compiler
    self.defaults = defaults
  }

  /// Pairs of bodies that never touch, by indices in `robot`.
  ///
  /// - Parameters:
  ///   - bodies: all of the file.
  ///   - robot: the robot's among them.
  mutating func excludedPairs(
    _ root: XMLElement, _ bodies: [MJCFBody], robot: [Int]
  ) throws(RobotFileError) -> [(Int, Int)] {
    let all = Set(bodies.map(\.file.name))
    let indices = Dictionary(robot.enumerated().map { (bodies[$1].file.name, $0) }) { first, _ in first }
    var pairs: [(Int, Int)] = []
    for element in root.all("contact").flatMap(\.children) {
      guard element.name == "exclude" else {
        throw element.error("contact pairs are not supported; 'contype' and 'conaffinity' of geoms are")
      }
      var names: [String] = []
      for attribute in ["body1", "body2"] {
        guard let name = element[attribute] else { throw element.error("'\(attribute)' is missing") }
        guard name == "world" || all.contains(name) else {
          throw element.error("there is no body '\(excerpt(name))'", attribute: attribute)
        }
        names.append(name)
      }
      if let a = indices[names[0]], let b = indices[names[1]] {
        if a != b { pairs.append((a, b)) }
      } else if names.contains("world"), names.contains(where: { indices[$0] != nil }) {
        warnings.append(element.warning("a body always touches the ground; the exclusion is left out"))
      }
    }
    return pairs
  }

  /// Joints that follow others.
  ///
  /// - Parameter joints: the hinges and slides of the robot by name; what one is held at becomes its range.
  mutating func couplings(
    _ root: XMLElement, _ joints: inout [String: FileJoint]
  ) throws(RobotFileError) -> [FileCoupling] {
    var couplings: [FileCoupling] = []
    for element in root.all("equality").flatMap(\.children) {
      let values = try defaults.values(for: element, childclass: nil)
      guard try element.flag("active") ?? values.equalityIsActive else { continue }
      guard element.name == "joint" else {
        let loop = element.name == "connect" || element.name == "weld"
        throw element.error(
          loop ? "loops of bodies are not supported" : "an equality of a \(element.name) is not supported")
      }
      if let coupling = try coupling(element, &joints) { couplings.append(coupling) }
    }
    return couplings
  }

  private mutating func coupling(
    _ element: XMLElement, _ joints: inout [String: FileJoint]
  ) throws(RobotFileError) -> FileCoupling? {
    var factors = [0.0, 1, 0, 0, 0]
    try element.read("polycoef", into: &factors)
    guard let name = element.nonEmpty("joint1") else { throw element.error("'joint1' is missing") }
    guard let follower = joints[name] else {
      throw element.error("the robot has no hinge or slide '\(excerpt(name))'", attribute: "joint1")
    }
    guard let other = element.nonEmpty("joint2") else {
      let held = follower.drawnPosition + factors[0]
      guard held.isFinite else { throw element.error("its position is not finite") }
      joints[name]?.range = held...held
      return nil
    }
    guard other != name else { throw element.error("a joint cannot follow itself", attribute: "joint2") }
    guard let leader = joints[other] else {
      throw element.error("the robot has no hinge or slide '\(excerpt(other))'", attribute: "joint2")
    }
    if factors[2...].contains(where: { $0 != 0 }) {
      warnings.append(element.warning("only the first two numbers of 'polycoef' are taken", attribute: "polycoef"))
    }
    // MuJoCo's polynomial counts both joints from where they are drawn.
    return FileCoupling(
      follower: name, leader: other, multiplier: factors[1],
      offset: follower.drawnPosition + factors[0] - factors[1] * leader.drawnPosition, position: element.position)
  }

  /// - Throws: where a tendon or a soft body does anything.
  func checkTendons(_ root: XMLElement) throws(RobotFileError) {
    for element in root.all("tendon").flatMap(\.children) {
      var tendon = try defaults.values(for: element, childclass: nil).tendon
      try tendon.read(element)
      if let effect = try tendon.effect(element, compiler) {
        throw element.error("tendons that act are not supported; this one has a '\(effect)'", attribute: effect)
      }
    }
  }

  /// m/s²; nil where the file says nothing.
  mutating func gravity(_ root: XMLElement) throws(RobotFileError) -> Vector3? {
    var gravity: Vector3?
    for option in root.all("option") {
      if let vector = try option.vector("gravity") { gravity = vector }
      for name in ["density", "viscosity", "wind"] {
        guard let numbers = try option.numbers(name, counts: 1...3), numbers.contains(where: { $0 != 0 }) else {
          continue
        }
        warnings.append(option.warning("there is no air or water; '\(name)' is left out", attribute: name))
      }
      for flag in option.all("flag") {
        for name in [
          "constraint", "equality", "limit", "contact", "spring", "damper", "filterparent", "actuation", "passive",
        ] {
          guard try flag.keyword(name, among: ["enable", "disable"]) == "disable" else { continue }
          warnings.append(flag.warning("'\(name)' cannot be disabled", attribute: name))
        }
        if try flag.keyword("gravity", among: ["enable", "disable"]) == "disable" { gravity = .zero }
      }
    }
    return gravity
  }
}
