import Physics

/// Turns actuators into motors and servos of joints.
struct MJCFDrives {
  private struct Drive {
    var actuator: FileActuator
    let element: XMLElement
    /// Of a damper or velocity servo, about the joint, where nothing is commanded.
    var damping: Double?
  }

  private(set) var actuators: [FileActuator] = []
  /// Damping and armature that actuators add to joints.
  private(set) var additions: [(joint: String, damping: Double, armature: Double)] = []
  private(set) var warnings: [RobotFileWarning] = []
  private let compiler: MJCFCompiler
  private let defaults: MJCFDefaults
  private let joints: [String: FileJoint]

  /// - Parameter joints: all hinges and slides of the file.
  init(
    _ root: XMLElement, joints: [FileJoint], _ compiler: MJCFCompiler, _ defaults: MJCFDefaults
  ) throws(RobotFileError) {
    self.compiler = compiler
    self.defaults = defaults
    self.joints = Dictionary(joints.map { ($0.name, $0) }) { first, _ in first }
    var drives: [[Drive]] = []
    var indices: [String: Int] = [:]
    var names: [String: SourcePosition] = [:]
    for element in root.all("actuator").flatMap(\.children) {
      let drive = try read(element)
      if let name = element.nonEmpty("name"), let other = names.updateValue(element.position, forKey: name) {
        throw element.error("another actuator has this name: \(other)", attribute: "name")
      }
      if let index = indices[drive.actuator.joint] {
        drives[index].append(drive)
      } else {
        indices[drive.actuator.joint] = drives.count
        drives.append([drive])
      }
    }
    for drives in drives { actuators.append(try joined(drives)) }
  }

  /// One drive of all that act on a joint: a motor or servo, and dampers.
  private mutating func joined(_ drives: [Drive]) throws(RobotFileError) -> FileActuator {
    let movers = drives.filter { $0.damping == nil }
    guard let first = movers.first ?? drives.first(where: { $0.element.name != "damper" }) else {
      throw drives[0].element.error("dampers alone do not drive a joint")
    }
    let others = drives.filter { $0.element.position != first.element.position }
    for other in others where movers.isEmpty || other.damping == nil {
      throw other.element.error("its joint has another actuator: \(first.element.tag) at \(first.element.position)")
    }
    var result = first.actuator
    if case .velocity(_, _, let speed) = result.law, speed == 0 {
      throw first.element.error("a velocity actuator needs a 'ctrlrange'")
    }
    for other in others {
      warnings.append(
        other.element.warning("taken as damping that is always on, without limits, beside \(first.element.tag)"))
      let damping = other.damping ?? 0
      if case .position(let stiffness, .given(let own), let limit, let targets) = result.law {
        result.law = .position(
          stiffness: stiffness, damping: .given(own + damping), limit: limit, targets: targets)
      } else {
        additions.append((result.joint, damping, 0))
      }
    }
    return result
  }

  private mutating func read(_ element: XMLElement) throws(RobotFileError) -> Drive {
    guard MJCFActuator.supported.contains(element.name) else {
      throw element.error("<\(element.name)> actuators are not supported; motor, position, velocity and general are")
    }
    for name in ["tendon", "site", "body", "slidersite", "cranksite"] where element[name] != nil {
      throw element.error("an actuator on a \(name) is not supported; one on a joint is", attribute: name)
    }
    guard let name = element.nonEmpty("joint") ?? element.nonEmpty("jointinparent") else {
      throw element.error("'joint' is missing")
    }
    guard let joint = joints[name] else {
      throw element.error("there is no hinge or slide '\(excerpt(name))'", attribute: "joint")
    }
    var actuator = try defaults.values(for: element, childclass: nil).actuator
    try actuator.read(element)
    let gear = actuator.gear[0]
    guard gear != 0 else { throw element.error("with a 'gear' of 0 it does nothing", attribute: "gear") }
    for name in actuator.ignored.sorted() {
      guard name == "delay" else { throw element.error("'\(name)' is not supported", attribute: name) }
      warnings.append(element.warning("'delay' is left out", attribute: name))
    }
    if ["filter", "filterexact"].contains(actuator.gains.dynamics) {
      warnings.append(element.warning("its filter ('\(actuator.gains.dynamics)') is left out"))
    } else if actuator.gains.dynamics != "none" {
      throw element.error("the dynamics '\(excerpt(actuator.gains.dynamics))' are not supported; none or a filter is")
    }
    if actuator.damping[0] != 0 || actuator.armature != 0 {
      additions.append((name, gear * gear * actuator.damping[0], gear * gear * actuator.armature))
    }
    return try drive(actuator, element, joint)
  }

  private mutating func drive(
    _ actuator: MJCFActuator, _ element: XMLElement, _ joint: FileJoint
  ) throws(RobotFileError) -> Drive {
    guard
      actuator.gains.gainType == "fixed"
        || actuator.gains.gainType == "affine" && actuator.gains.gain[1...2].allSatisfy({ $0 == 0 }),
      actuator.gains.biasType == "none" || actuator.gains.biasType == "affine"
    else {
      throw element.error("its gain and bias are not supported; fixed gains with no or affine bias are")
    }
    let (g, gain) = (actuator.gear[0], actuator.gains.gain[0])
    let bias = actuator.gains.biasType == "affine" ? actuator.gains.bias : [0, 0, 0]
    let controls = try controls(actuator, element, joint)
    let limit = try forceLimit(actuator, element, joint)
    var (law, damping): (FileActuator.Law, Double?)
    if bias[1] < 0 {
      (law, damping) = (try servo(actuator, element, joint, controls, limit), nil)
    } else if bias[1] == 0, bias[0] == 0, bias[2] < 0 {
      let strength = g * g * -bias[2]
      let greatest = controls.map { max(abs($0.lowerBound), abs($0.upperBound)) } ?? 0
      let speed = greatest * abs(gain / bias[2] / g)
      law = .velocity(gain: strength, limit: limit ?? 2 * speed * strength, speed: speed)
      damping = element.name == "damper" ? strength * greatest : strength
      if element.name == "damper", greatest == 0 { throw element.error("a damper needs a 'ctrlrange'") }
      if limit == nil, element.name != "damper", speed > 0 {
        warnings.append(element.warning("nothing bounds its force; taken as what it gives at twice its greatest speed"))
      }
    } else if bias[0...2].allSatisfy({ $0 == 0 }) {
      (law, damping) = (.torque(limit: try torque(g * gain, element, controls, limit)), nil)
    } else {
      throw element.error("its bias is not supported: it pushes by itself")
    }
    guard law.isFinite else { throw element.error("its numbers are too large") }
    return Drive(
      actuator: FileActuator(
        name: element.nonEmpty("name") ?? joint.name, joint: joint.name, law: law, position: element.position),
      element: element, damping: damping)
  }

  /// A spring towards what is commanded: force = gain · control + bias₀ + bias₁ · length + bias₂ · velocity, with
  /// length = gear · position.
  private mutating func servo(
    _ actuator: MJCFActuator, _ element: XMLElement, _ joint: FileJoint, _ controls: ClosedRange<Double>?,
    _ limit: Double?
  ) throws(RobotFileError) -> FileActuator.Law {
    let (g, gain, bias) = (actuator.gear[0], actuator.gains.gain[0], actuator.gains.bias)
    guard gain != 0 else { throw element.error("with a gain of 0 it takes no commands") }
    let stiffness = g * g * -bias[1]
    var targets: ClosedRange<Double>?
    if let controls {
      let ends = [controls.lowerBound, controls.upperBound].map { (gain * $0 + bias[0]) / -bias[1] / g }
      guard let least = ends.min(), let greatest = ends.max(), least <= greatest else {
        throw element.error("its targets are not finite")
      }
      targets = least...greatest
    } else if bias[0] != 0 {
      throw element.error("its bias is not supported: it pushes by itself")
    }
    var damping = FileActuator.Damping.given(g * g * -bias[2])
    if bias[2] > 0 {
      guard gain == -bias[1] else { throw element.error("its damping is negative") }
      damping = .ratio(bias[2])
    }
    if let limit { return .position(stiffness: stiffness, damping: damping, limit: limit, targets: targets) }
    warnings.append(element.warning("nothing bounds its force; taken as what it gives at its greatest distance"))
    let free = joint.kind == .hinge ? Double.pi : 1
    let stops = joint.range ?? (joint.drawnPosition - free)...(joint.drawnPosition + free)
    let reach =
      max(stops.upperBound, targets?.upperBound ?? stops.upperBound)
      - min(stops.lowerBound, targets?.lowerBound ?? stops.lowerBound)
    return .position(stiffness: stiffness, damping: damping, limit: stiffness * reach, targets: targets)
  }

  private mutating func torque(
    _ gain: Double, _ element: XMLElement, _ controls: ClosedRange<Double>?, _ limit: Double?
  ) throws(RobotFileError) -> Double {
    let ends = controls.map { [abs(gain * $0.lowerBound), abs(gain * $0.upperBound)] }
    guard let greatest = ends?.max() ?? limit else {
      throw element.error("nothing bounds its force; 'ctrlrange', 'forcerange' or the joint's 'actuatorfrcrange' must")
    }
    let result = min(greatest, limit ?? greatest)
    guard result > 0 else { throw element.error("its force is always 0") }
    if let ends, min(ends[0], ends[1]) < result || controls?.contains(0) == false {
      warnings.append(element.warning("its 'ctrlrange' is not the same in both directions; the greater end is taken"))
    }
    return result
  }

  /// What may be commanded; nil for everything.
  private func controls(
    _ actuator: MJCFActuator, _ element: XMLElement, _ joint: FileJoint
  ) throws(RobotFileError) -> ClosedRange<Double>? {
    if actuator.gains.inheritedRange > 0 {
      guard let range = joint.range else {
        throw element.error("'inheritrange' needs a joint with a 'range'", attribute: "inheritrange")
      }
      let middle = (range.lowerBound + range.upperBound) / 2
      let half = actuator.gains.inheritedRange * (range.upperBound - range.lowerBound) / 2
      guard half.isFinite, middle.isFinite else { throw element.error("its control range is not finite") }
      return (middle - half)...(middle + half)
    }
    let range = actuator.controlRange
    let isLimited = try actuator.controlLimited.isLimited(by: range, "ctrllimited", compiler, element)
    guard isLimited || element.name == "damper" && range != [0, 0] else { return nil }
    guard range[0] < range[1] else {
      throw element.error("'ctrlrange' must be two ascending numbers", attribute: "ctrlrange")
    }
    return range[0]...range[1]
  }

  /// The greatest effort at the joint, whatever is commanded; nil for no bound.
  private mutating func forceLimit(
    _ actuator: MJCFActuator, _ element: XMLElement, _ joint: FileJoint
  ) throws(RobotFileError) -> Double? {
    let range = actuator.forceRange
    guard try actuator.forceLimited.isLimited(by: range, "forcelimited", compiler, element) else {
      return joint.effortLimit
    }
    guard range[0] < range[1] else {
      throw element.error("'forcerange' must be two ascending numbers", attribute: "forcerange")
    }
    if range[0] != -range[1] {
      warnings.append(element.warning("the greater end of 'forcerange' is taken in both directions"))
    }
    let limit = abs(actuator.gear[0]) * max(abs(range[0]), abs(range[1]))
    return min(limit, joint.effortLimit ?? limit)
  }
}
