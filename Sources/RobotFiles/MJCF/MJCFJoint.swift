import Physics

/// A joint as its class and its own attributes say it, in the file's units.
struct MJCFJoint {
  enum Kind: String, CaseIterable { case free, ball, slide, hinge }

  var kind = Kind.hinge
  var position = Vector3.zero
  var axis = Vector3.unitZ
  var limited = MJCFChoice.auto
  var range = [0.0, 0]
  var effortLimited = MJCFChoice.auto
  var effortRange = [0.0, 0]
  var drawnPosition = 0.0
  var springRest = 0.0
  /// The first is the number; the others are those of higher powers.
  var stiffness = [0.0, 0, 0]
  var damping = [0.0, 0, 0]
  var armature = 0.0
  var dryFriction = 0.0
  /// Attributes whose effects are left out.
  var ignored: Set<String> = []

  mutating func read(_ element: XMLElement) throws(RobotFileError) {
    if let word = try element.keyword("type", among: Kind.allCases.map(\.rawValue)) {
      kind = Kind(rawValue: word) ?? kind
    }
    if let vector = try element.vector("pos") { position = vector }
    if let vector = try element.vector("axis") { axis = vector }
    if let choice = try element.choice("limited") { limited = choice }
    if let numbers = try element.numbers("range", count: 2) { range = numbers }
    if let choice = try element.choice("actuatorfrclimited") { effortLimited = choice }
    if let numbers = try element.numbers("actuatorfrcrange", count: 2) { effortRange = numbers }
    if let number = try element.number("ref") { drawnPosition = number }
    if let number = try element.number("springref") { springRest = number }
    try element.read("stiffness", into: &stiffness)
    try element.read("damping", into: &damping)
    try element.readPositive("armature", into: &armature)
    try element.readPositive("frictionloss", into: &dryFriction)
    for (name, numbers) in [("stiffness", stiffness), ("damping", damping)] where element[name] != nil {
      guard numbers[1...].allSatisfy({ $0 == 0 }) else {
        throw element.error("a polynomial of '\(name)' is not supported; one number is", attribute: name)
      }
      guard numbers[0] >= 0 else {
        throw element.error("'\(name)' must not be negative, not \(numbers[0])", attribute: name)
      }
    }
    for (name, counts) in [("springdamper", 2...2), ("springyield", 1...2)] {
      guard let numbers = try element.numbers(name, counts: counts) else { continue }
      if numbers.allSatisfy({ $0 == 0 }) { ignored.remove(name) } else { ignored.insert(name) }
    }
    if let flag = try element.flag("actuatorgravcomp") {
      if flag { ignored.insert("actuatorgravcomp") } else { ignored.remove("actuatorgravcomp") }
    }
  }

  /// The joint of a hinge or slide.
  ///
  /// - Parameter frame: the frame that holds the element, in its body's.
  func axis(
    named name: String, _ element: XMLElement, frame: Pose, _ compiler: MJCFCompiler,
    warnings: inout [RobotFileWarning]
  ) throws(RobotFileError) -> FileJoint {
    let unit = kind == .hinge ? compiler.angle : 1
    let direction = try element.direction(axis, "axis")
    var joint = FileJoint(
      name: name, kind: kind == .hinge ? .hinge : .slide, anchor: frame.act(on: position),
      axis: frame.orientation.act(on: direction).normalized, position: element.position)
    if try limited.isLimited(by: range, "limited", compiler, element) {
      guard range[0] < range[1] else {
        throw element.error("a limited joint needs a 'range' of two ascending numbers", attribute: "range")
      }
      joint.range = (range[0] * unit)...(range[1] * unit)
    } else if limited.isAuto, range != [0, 0] {
      warnings.append(element.warning("its 'range' does not ascend, so it has no stops", attribute: "range"))
    }
    if try effortLimited.isLimited(by: effortRange, "actuatorfrclimited", compiler, element) {
      guard effortRange[0] < effortRange[1] else {
        throw element.error("'actuatorfrcrange' must be two ascending numbers", attribute: "actuatorfrcrange")
      }
      joint.effortLimit = max(abs(effortRange[0]), abs(effortRange[1]))
      if effortRange[0] != -effortRange[1] {
        warnings.append(
          element.warning(
            "the greater end of 'actuatorfrcrange' is taken in both directions", attribute: "actuatorfrcrange"))
      }
    }
    joint.drawnPosition = drawnPosition * unit
    joint.dynamics = JointDynamics(
      damping: damping[0], stiffness: stiffness[0], rest: springRest * unit, armature: armature, friction: dryFriction)
    warn(element, &warnings)
    return joint
  }

  private func warn(_ element: XMLElement, _ warnings: inout [RobotFileWarning]) {
    for name in ignored.sorted() {
      let instead = name == "springdamper" ? "; its 'stiffness' and 'damping' are taken" : ""
      warnings.append(element.warning("'\(name)' is left out\(instead)", attribute: name))
    }
  }

  /// Whether anything but contacts moves or holds a free or ball joint.
  var hasDynamics: Bool { damping[0] != 0 || stiffness[0] != 0 || armature != 0 || dryFriction != 0 }
}

extension MJCFChoice {
  var isAuto: Bool { if case .auto = self { true } else { false } }
}

extension XMLElement {
  /// A warning at the element, or at one of its attributes.
  func warning(_ text: String, attribute: String? = nil) -> RobotFileWarning {
    let position = attribute.flatMap { self.attribute($0)?.position } ?? position
    return RobotFileWarning("\(tag): \(text)", at: position)
  }
}
