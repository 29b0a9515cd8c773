import Physics
import RobotFiles
import Testing

@Suite struct MJCFActuatorTests {
  private static func model(_ actuators: String, joint: String = "", before: String = "") throws -> FileModel {
    try MJCFText.world(
      "<body name='b'><joint name='j' range='-30 60' \(joint)/><geom size='.1'/></body>", before: before,
      after: "<actuator>\(actuators)</actuator>")
  }

  private static func law(_ actuator: String, joint: String = "", before: String = "") throws -> FileActuator.Law {
    try #require(try model(actuator, joint: joint, before: before).actuators.first).law
  }

  private static func error(_ actuators: String, before: String = "") -> String {
    MJCFText.worldError(
      "<body><joint name='j'/><geom size='.1'/></body>", before: before, after: "<actuator>\(actuators)</actuator>")
  }

  @Test(arguments: [
    ("ctrlrange='-1 1' gear='150'", "", 150.0),
    ("ctrlrange='-2 2' gear='-3'", "", 6),
    ("ctrlrange='-2 2' gear='3' forcerange='-1 1'", "", 3),
    ("ctrlrange='-2 2' gear='3'", "actuatorfrcrange='-4 4'", 4),
    ("ctrlrange='-2 2' ctrllimited='false' gear='3' forcerange='-1 1'", "", 3),
    ("forcerange='-1 1' forcelimited='false' ctrlrange='-2 2'", "", 2),
    ("", "actuatorfrcrange='-4 4'", 4),
  ])
  func aMotorPushesAsHardAsItsBoundsAllow(_ attributes: String, _ joint: String, _ limit: Double) throws {
    #expect(try Self.law("<motor joint='j' \(attributes)/>", joint: joint) == .torque(limit: limit))
    let model = try Self.model("<motor joint='j' \(attributes)/>", joint: joint)
    #expect(model.warnings.isEmpty && model.actuators[0].name == "j" && model.actuators[0].joint == "j")
  }

  @Test func unequalEndsAreAWarning() throws {
    let model = try Self.model("<motor name='m' joint='j' ctrlrange='-1 2'/>")
    #expect(model.actuators[0].law == .torque(limit: 2) && model.actuators[0].name == "m")
    #expect(
      model.warnings.map(\.text) == [
        "<motor name=\"m\">: its 'ctrlrange' is not the same in both directions; the greater end is taken"
      ])
  }

  @Test func aServoIsASpringAndADamperOfTheJoint() throws {
    let law = try Self.law("<position joint='j' gear='2' kp='5' kv='.5' ctrlrange='-1 3' forcerange='-7 7'/>")
    #expect(law == .position(stiffness: 20, damping: .given(2), limit: 14, targets: -0.5...1.5))
    let turned = try Self.law(
      "<position joint='j' gear='-2' kp='5' dampratio='.7' ctrlrange='-1 3' forcerange='-7 7'/>")
    #expect(turned == .position(stiffness: 20, damping: .ratio(0.7), limit: 14, targets: -1.5...0.5))
    let free = try Self.law("<position joint='j' kp='5' forcerange='-7 7'/>", joint: "actuatorfrcrange='-6 6'")
    #expect(free == .position(stiffness: 5, damping: .given(0), limit: 6, targets: nil))
  }

  @Test func aServoWithoutAForceRangeIsBoundedByItsSpring() throws {
    let model = try Self.model("<position joint='j' kp='6' ctrlrange='-1 1'/>")
    guard case .position(_, _, let limit, _) = model.actuators[0].law else { throw Failure.law }
    #expect(isClose(limit, 6 * (1 + .pi / 3)))
    #expect(
      model.warnings.map(\.text) == [
        "<position>: nothing bounds its force; taken as what it gives at its greatest distance"
      ])
  }

  /// As in MuJoCo, the gear does not count.
  @Test func aControlRangeMayBeTheJoints() throws {
    let law = try Self.law("<position joint='j' inheritrange='.5' gear='2' forcerange='-1 1'/>")
    guard case .position(_, _, _, let targets?) = law else { throw Failure.law }
    #expect(
      isClose(targets.lowerBound, -0.13089969389957473 / 2) && isClose(targets.upperBound, 0.6544984694978735 / 2))
    let inherits = "<default><position inheritrange='1'/></default>"
    guard
      case .position(_, _, _, let own?) = try Self.law(
        "<position joint='j' ctrlrange='-2 2' forcerange='-1 1'/>", before: inherits)
    else { throw Failure.law }
    #expect(own == -2...2)
    #expect(
      Self.error("<position joint='j' inheritrange='1'/>").hasSuffix("'inheritrange' needs a joint with a 'range'"))
  }

  @Test func aVelocityServoIsAGain() throws {
    let law = try Self.law("<velocity joint='j' gear='2' kv='.5' ctrlrange='-1 3' forcerange='-7 7'/>")
    #expect(law == .velocity(gain: 2, limit: 14, speed: 1.5))
  }

  @Test func aGeneralActuatorIsWhatItsGainAndBiasSay() throws {
    let scaled = "<general joint='j' gear='2' ctrlrange='0 255' forcerange='-7 7' biastype='affine'"
    guard
      case .position(let stiffness, let damping, let limit, let targets?) = try Self.law(
        scaled + " gainprm='.2' biasprm='-5 -100 -10'/>")
    else { throw Failure.law }
    #expect(stiffness == 400 && damping == .given(40) && limit == 14)
    #expect(isClose(targets.lowerBound, -0.025) && isClose(targets.upperBound, 0.23))
    #expect(try Self.law("<general joint='j' gainprm='30' ctrlrange='-1 1' gear='2'/>") == .torque(limit: 60))
    // A bias counts only where `biastype` says so.
    #expect(try Self.law("<general joint='j' biasprm='1 -2 -3' ctrlrange='-1 1'/>") == .torque(limit: 1))
    #expect(
      try Self.law(scaled + " gainprm='100' biasprm='0 -100 1'/>")
        == .position(stiffness: 400, damping: .ratio(1), limit: 14, targets: 0...127.5))
    #expect(
      Self.error("<general joint='j' biastype='affine' biasprm='0 -3 4' gainprm='2'/>").hasSuffix(
        "its damping is negative"))
    #expect(Self.error("<general joint='j' biastype='affine' biasprm='1'/>").hasSuffix("it pushes by itself"))
    #expect(Self.error("<general joint='j' gaintype='muscle'/>").contains("gain and bias are not supported"))
  }

  /// What a class gives to an element of another kind is MuJoCo's.
  @Test(arguments: [
    ("<position kp='50' kv='3'/>", "<motor joint='j' ctrlrange='-1 1'/>", FileActuator.Law.torque(limit: 1)),
    (
      "<position kp='50' kv='1'/>", "<position joint='j' kv='2' forcerange='-1 1'/>",
      .position(stiffness: 50, damping: .given(2), limit: 1, targets: nil)
    ),
    (
      "<position kp='50' dampratio='1'/>", "<position joint='j' kv='2' forcerange='-1 1'/>",
      .position(stiffness: 50, damping: .given(2), limit: 1, targets: nil)
    ),
    (
      "<motor gear='3' ctrlrange='-6 6'/>", "<position joint='j' forcerange='-1 1'/>",
      .position(stiffness: 9, damping: .given(0), limit: 3, targets: -2...2)
    ),
    (
      "<position kp='7' kv='2'/>", "<general joint='j' forcerange='-1 1'/>",
      .position(stiffness: 7, damping: .given(2), limit: 1, targets: nil)
    ),
    (
      "<position kp='4'/><velocity kv='3'/>", "<position joint='j' forcerange='-1 1'/>",
      .position(stiffness: 1, damping: .given(0), limit: 1, targets: nil)
    ),
    (
      "<general biastype='affine' biasprm='1 2 -3' gainprm='4 5'/>", "<position joint='j' forcerange='-1 1'/>",
      .position(stiffness: 4, damping: .given(3), limit: 1, targets: nil)
    ),
  ])
  func classesOfActuatorsWriteTheSameFields(_ defaults: String, _ actuator: String, _ law: FileActuator.Law) throws {
    #expect(try Self.law(actuator, before: "<default>\(defaults)</default>") == law)
  }

  /// The numbers are MuJoCo's.
  @Test(arguments: [
    ("<position kp='10' kv='.5'/>", "<motor/>", "<position kp='4' kv='2'/><motor/>", 10.0, 0.5),
    ("<position kp='10' kv='.5'/>", "<motor/>", "<position kp='4' kv='2'/>", 4, 2),
    ("<position kp='10' kv='.5'/><motor/>", "", "", 1, 0),
    ("<position kp='10' kv='.5'/>", "<general gainprm='3'/>", "", 3, 0.5),
    ("<general gainprm='3' biastype='affine' biasprm='0 -3 -1'/>", "<motor/>", "", 3, 1),
  ])
  func gainsComeFromTheNearestClassOfTheirKind(
    _ main: String, _ a: String, _ b: String, _ stiffness: Double, _ damping: Double
  ) throws {
    let defaults = "<default>\(main)<default class='a'>\(a)<default class='b'>\(b)</default></default></default>"
    let law = try Self.law("<position class='b' joint='j' forcerange='-1 1'/>", before: defaults)
    #expect(law == .position(stiffness: stiffness, damping: .given(damping), limit: 1, targets: nil))
  }

  @Test func dampersAreJoinedWithWhatDrivesTheJoint() throws {
    let servo = try Self.model(
      "<position name='p' joint='j' kp='5' kv='1' forcerange='-7 7'/><velocity name='v' joint='j' kv='2'/>")
    #expect(servo.actuators.map(\.law) == [.position(stiffness: 5, damping: .given(3), limit: 7, targets: nil)])
    #expect(
      servo.warnings.map(\.text) == [
        "<velocity name=\"v\">: taken as damping that is always on, without limits, beside <position name=\"p\">"
      ])
    let motor = try Self.model(
      "<damper joint='j' kv='2' gear='3' ctrlrange='0 .5'/><motor joint='j' ctrlrange='-1 1'/>", joint: "damping='1'")
    #expect(motor.actuators.map(\.law) == [.torque(limit: 1)])
    #expect(motor.bodies[0].joints[0].dynamics.damping == 10)
    #expect(Self.error("<damper joint='j' kv='2' ctrlrange='0 1'/>") == "<damper>: dampers alone do not drive a joint")
    #expect(
      Self.error("<motor name='m' joint='j' ctrlrange='-1 1'/><motor name='n' joint='j' ctrlrange='-1 1'/>")
        == "<motor name=\"n\">: its joint has another actuator: <motor name=\"m\"> at a.xml:1:89")
  }

  /// As in MuJoCo, both count through the gear.
  @Test func dampingAndArmatureOfActuatorsBelongToTheJoint() throws {
    let joint = try Self.model(
      "<motor joint='j' gear='3' damping='5' armature='2' ctrlrange='-1 1'/>", joint: "damping='1' armature='.5'"
    ).bodies[0].joints[0]
    #expect(joint.dynamics.damping == 46 && joint.dynamics.armature == 18.5)
  }

  @Test func filtersAndDelaysAreLeftOut() throws {
    let model = try Self.model("<position joint='j' timeconst='.1' delay='.02' nsample='2' forcerange='-1 1'/>")
    #expect(
      model.warnings.map(\.text) == [
        "<position>: 'delay' is left out", "<position>: its filter ('filterexact') is left out",
      ])
  }

  @Test(arguments: [
    (
      "<motor joint='j'/>", "nothing bounds its force; 'ctrlrange', 'forcerange' or the joint's 'actuatorfrcrange' must"
    ),
    ("<motor/>", "'joint' is missing"),
    ("<motor joint='x'/>", "there is no hinge or slide 'x'"),
    ("<motor tendon='t'/>", "an actuator on a tendon is not supported; one on a joint is"),
    ("<motor site='t'/>", "an actuator on a site is not supported; one on a joint is"),
    ("<motor joint='j' gear='0'/>", "with a 'gear' of 0 it does nothing"),
    ("<motor joint='j' ctrlrange='1 -1' ctrllimited='true'/>", "'ctrlrange' must be two ascending numbers"),
    ("<motor joint='j' forcerange='1 -1' forcelimited='true'/>", "'forcerange' must be two ascending numbers"),
    ("<position joint='j' kv='1' dampratio='1'/>", "'kv' and 'dampratio' both say how it is damped; one is allowed"),
    ("<position joint='j' kp='-1'/>", "'kp' must not be negative, not -1.0"),
    ("<position joint='j' ctrlrange='-1 1' inheritrange='1'/>", "'ctrlrange' and 'inheritrange' exclude each other"),
    ("<velocity joint='j' kv='1'/>", "a velocity actuator needs a 'ctrlrange'"),
    ("<damper joint='j'/>", "a damper needs a 'ctrlrange'"),
    (
      "<intvelocity joint='j'/>", "<intvelocity> actuators are not supported; motor, position, velocity and general are"
    ),
    ("<general joint='j' dyntype='integrator'/>", "the dynamics 'integrator' are not supported; none or a filter is"),
    ("<motor joint='j' gear='1e200' ctrlrange='-1e200 1e200'/>", "its numbers are too large"),
  ])
  func whatCannotDriveAJointIsRefused(_ actuator: String, _ text: String) {
    #expect(Self.error(actuator).split(separator: ": ", maxSplits: 1).last.map(String.init) == text)
  }

  @Test func namesOfActuatorsAreTheirOwn() {
    let error = Self.error("<motor name='m' joint='j' ctrlrange='-1 1'/><motor name='m' joint='j' ctrlrange='-1 1'/>")
    #expect(error == "<motor name=\"m\">: another actuator has this name: a.xml:1:89")
  }

  enum Failure: Error { case law }
}
