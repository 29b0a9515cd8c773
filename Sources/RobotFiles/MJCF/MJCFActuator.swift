/// An actuator as its class and its own attributes say it: force = gain · control + bias.
struct MJCFActuator {
  /// What of the following can drive a joint here.
  static let supported: Set<String> = ["general", "motor", "position", "velocity", "damper"]
  static let elements = supported.union([
    "intvelocity", "orientation", "pid", "cylinder", "muscle", "adhesion", "dcmotor",
  ])

  /// What its force depends on.
  struct Gains {
    /// The joint's range, about its middle, as a multiple; 0 for the control range of its own.
    var inheritedRange = 0.0
    var gainType = "fixed"
    var gain = [1.0] + [Double](repeating: 0, count: 9)
    var biasType = "none"
    /// Of a servo the third is above 0 where it is a damping ratio.
    var bias = [Double](repeating: 0, count: 10)
    var dynamics = "none"
  }

  var gear = [1.0, 0, 0, 0, 0, 0]
  var controlLimited = MJCFChoice.auto
  var controlRange = [0.0, 0]
  var forceLimited = MJCFChoice.auto
  var forceRange = [0.0, 0]
  var gains = Gains()
  /// The element that wrote the gains last.
  private var writer = "general"
  /// Those of the classes around this one, and their writers; the innermost last.
  private var outer: [(writer: String, gains: Gains)] = []
  /// On the joint, through the gear.
  var damping = [0.0, 0, 0]
  var armature = 0.0
  var ignored: Set<String> = []

  /// Begins a class within the one that this is.
  mutating func nest() { outer.append((writer, gains)) }

  mutating func read(_ element: XMLElement) throws(RobotFileError) {
    if element.name != writer, element.name != "general", writer != "general" {
      // A shortcut does not take over the gains of another, but those of the nearest class of its kind.
      gains = outer.last { $0.writer == element.name || $0.writer == "general" }?.gains ?? Gains()
    }
    try element.read("gear", into: &gear)
    if let choice = try element.choice("ctrllimited") { controlLimited = choice }
    if let numbers = try element.numbers("ctrlrange", count: 2) {
      controlRange = numbers
      gains.inheritedRange = 0
    }
    if let choice = try element.choice("forcelimited") { forceLimited = choice }
    if let numbers = try element.numbers("forcerange", count: 2) { forceRange = numbers }
    try element.read("damping", into: &damping)
    try element.readPositive("armature", into: &armature)
    if element["damping"] != nil, damping[0] < 0 || damping[1...].contains(where: { $0 != 0 }) {
      throw element.error("'damping' must be one number that is not negative", attribute: "damping")
    }
    for name in ["delay", "input", "velrange", "ffrange"] {
      guard let acts = element.acts(name) else { continue }
      if acts { ignored.insert(name) } else { ignored.remove(name) }
    }
    try readGains(element)
    writer = element.name
  }

  private mutating func readGains(_ element: XMLElement) throws(RobotFileError) {
    switch element.name {
    case "general":
      let kinds = ["fixed", "affine", "muscle", "user", "dcmotor"]
      if let word = try element.keyword("gaintype", among: kinds) { gains.gainType = word }
      if let word = try element.keyword("biastype", among: kinds.dropFirst() + ["none"]) { gains.biasType = word }
      if let word = element["dyntype"] { gains.dynamics = word }
      try element.read("gainprm", into: &gains.gain)
      try element.read("biasprm", into: &gains.bias)
      try readInheritedRange(element)
    case "motor": gains = Gains()
    case "position":
      try readServo(element)
      if let time = try element.number("timeconst") { gains.dynamics = time == 0 ? "none" : "filterexact" }
    case "velocity", "damper":
      var value = gains.gain[0]
      try element.readPositive("kv", into: &value)
      gains = Gains()
      gains.gain[0] = value
      (gains.biasType, gains.bias[2]) = ("affine", -value)
    default: break
    }
  }

  private mutating func readServo(_ element: XMLElement) throws(RobotFileError) {
    var (stiffness, damping) = (gains.gain[0], gains.bias[2])
    try element.readPositive("kp", into: &stiffness)
    if element["kv"] != nil, element["dampratio"] != nil {
      throw element.error("'kv' and 'dampratio' both say how it is damped; one is allowed", attribute: "dampratio")
    }
    if element["kv"] != nil {
      var value = 0.0
      try element.readPositive("kv", into: &value)
      damping = -value
    }
    try element.readPositive("dampratio", into: &damping)
    (gains.gainType, gains.biasType) = ("fixed", "affine")
    gains.gain = [stiffness] + [Double](repeating: 0, count: 9)
    gains.bias = [Double](repeating: 0, count: 10)
    (gains.bias[1], gains.bias[2]) = (-stiffness, damping)
    try readInheritedRange(element)
  }

  private mutating func readInheritedRange(_ element: XMLElement) throws(RobotFileError) {
    guard element["inheritrange"] != nil else { return }
    try element.readPositive("inheritrange", into: &gains.inheritedRange)
    guard gains.inheritedRange > 0 else { return }
    guard element["ctrlrange"] == nil else {
      throw element.error("'ctrlrange' and 'inheritrange' exclude each other", attribute: "inheritrange")
    }
    controlRange = [0, 0]
  }
}
