import Environments
import Physics
import Robotics
import Testing
import Training

/// What a check finds in a simulated robot.
struct BodyCheckTests {
  private func findings(_ robot: some Robot, _ task: some RobotTask = StayUp()) -> [Finding] {
    RobotCheck.findings(of: Catalog.Entry("strutter", robot, task))
  }

  private func only(_ id: String, in findings: [Finding]) throws -> [Finding] {
    #expect(Set(findings.map(\.id)) == [id], "\(findings.map(\.text))")
    return findings.filter { $0.id == id }
  }

  @Test func aSoundRobotHasNoFindings() { #expect(findings(Strutter()) == []) }

  @Test func unlikeNeighbors() throws {
    let robot = Strutter.changing("left shin") { $0.mass = .total(0.1) }
    let found = findings(robot).filter { $0.id == "mass_ratio" }
    try #require(found.count == 1)
    #expect(found[0].place == "links 'left thigh' and 'left shin'" && found[0].severity == .warning)
    #expect(found[0].text.contains("15 : 1") && found[0].hint.contains("'left shin' at least 0.15 kg"))
  }

  /// What the world holds does not move, whatever it weighs.
  @Test func aHeavyBaseInTheWorldIsNoNeighbor() {
    let robot = Strutter(change: { link in
      if link.name == "trunk" { (link.joint, link.mass) = (.fixed, .total(1_000)) }
    })
    #expect(!findings(robot).contains { $0.id == "mass_ratio" })
  }

  @Test func linksInEachOther() throws {
    let found = findings(Strutter(spread: 0.02)).filter { $0.id == "overlap_at_start" }
    // The thighs pass each other as well as the shins.
    #expect(found.contains { $0.place == "links 'left thigh' and 'right thigh'" && $0.severity == .error })
    #expect(found.contains { $0.place == "links 'left shin' and 'right shin'" })
  }

  @Test(arguments: [(-0.05, Finding.Severity.error), (-0.005, .warning)])
  func linksInTheGround(_ height: Double, _ severity: Finding.Severity) throws {
    let found = findings(Strutter(), StayUp(height: height)).filter { $0.id == "overlap_at_start" }
    #expect(Set(found.map(\.place)) == ["link 'left shin'", "link 'right shin'"])
    #expect(found.allSatisfy { $0.severity == severity && $0.sentence.contains("in the ground") })
  }

  @Test func startsBeyondTheStops() throws {
    let robot = Strutter.changing("left shin") { link in link.changeAxes { $0.range = 1.0...1.1 } }
    let found = findings(robot).filter { $0.id == "start_outside_stops" }
    try #require(found.count == 1)
    #expect(found[0].place == "axis 'left knee'" && found[0].severity == .error)
    #expect(found[0].sentence.contains("1 to 1.1"))
  }

  @Test func startsThatFail() throws {
    let found = findings(Strutter(), StayUp(failsToBegin: true))
    #expect(found.contains { $0.severity == .error && $0.sentence.contains("no room") }, "\(found)")
  }

  @Test func tooWeakToStand() throws {
    let found = findings(Strutter(limit: 1)).filter { $0.id == "too_weak" }
    #expect(found.map(\.place).contains("axis 'left knee'") && found.allSatisfy { $0.severity == .error })
    #expect(found[0].sentence.contains("1 N·m do not hold"))
  }

  /// 8 kg on two legs: some 4 N·m a knee.
  @Test func littleStrengthLeft() throws {
    let found = findings(Strutter(limit: 6)).filter { $0.id == "little_strength_left" }
    #expect(!found.isEmpty && found.allSatisfy { $0.severity == .warning })
  }

  /// A weak machine in the world may be meant so.
  @Test func anArmTooWeakToHoldItselfIsAWarning() throws {
    let robot = Strutter(
      limit: 0.5, change: { link in if link.name == "trunk" { (link.joint, link.at) = (.fixed, [0, 0, 2]) } })
    let found = findings(robot).filter { $0.id == "too_weak" }
    #expect(!found.isEmpty && found.allSatisfy { $0.severity == .warning })
  }

  @Test func aSimulationThatBreaksDown() throws {
    let robot = Strutter(change: { link in
      link.changeAxes { $0.actuator = .position(stiffness: 1e6, damping: 1e5, limit: .infinity, reach: 1) }
    })
    let found = findings(robot)
    #expect(found.contains { $0.id == "breaks_down" && $0.severity == .error })
    #expect(found.contains { $0.id == "faults" })
  }

  @Test func jointsThatGape() throws {
    let robot = Strutter(
      physics: PhysicsSettings(substep: 0.02, substeps: 1, solver: .quick(iterations: 1)), limit: 300)
    #expect(findings(robot).contains { $0.id == "joints_gape" })
  }

  @Test func stopsThatGiveWay() throws {
    let robot = Strutter(change: { link in
      link.changeAxes { axis in
        axis.range = axis.neutral - 0.1...axis.neutral + 0.1
        axis.actuator = .torque(limit: 3_000)
      }
    })
    let found = findings(robot).filter { $0.id == "stops_give_way" }
    #expect(!found.isEmpty && found.allSatisfy { $0.place?.hasPrefix("axis '") == true })
  }

  /// Contacts are springs.
  @Test func linksThatSink() throws {
    let robot = Strutter(change: { link in
      if case .total(let mass) = link.mass { link.mass = .total(400 * mass) }
    })
    #expect(findings(robot).contains { $0.id == "sinks" && $0.place?.hasPrefix("link '") == true })
  }

  @Test(arguments: [
    ("left shin", "masses are 1.2 and 1 kg", { @Sendable (link: inout Link) in link.mass = .total(1.2) }),
    ("left thigh", "seen in the mirror, a joint at", { @Sendable (link: inout Link) in link.at.y += 0.01 }),
    ("left shin", "frictions", { @Sendable (link: inout Link) in link.colliders[0].friction = 0.5 }),
    (
      "left thigh", "seen in the mirror, stops at",
      { @Sendable (link: inout Link) in link.changeAxes { $0.range = -1.0...1.0 } }
    ),
    (
      "left shin", "their actuators differ",
      { @Sendable (link: inout Link) in link.changeAxes { $0.actuator = .torque(limit: 60) } }
    ),
    (
      "left thigh", "there is no axis 'right lhip'",
      { @Sendable (link: inout Link) in link.changeAxes { $0.name = "left lhip" } }
    ),
    (
      "left thigh", "their directions",
      { @Sendable (link: inout Link) in link.changeAxes { $0.direction = [1, 0, 0] } }
    ),
    (
      "left shin", "a neutral position of", { @Sendable (link: inout Link) in link.changeAxes { $0.neutral = 0.9 } }
    ),
    (
      "left shin", "their frictions, springs or rotors differ",
      { @Sendable (link: inout Link) in link.changeAxes { $0.dynamics.damping = 1 } }
    ),
  ])
  func aLopsidedRobot(_ link: String, _ words: String, _ change: @escaping @Sendable (inout Link) -> Void) throws {
    let found = findings(.changing(link, change) as Strutter).filter { $0.id == "lopsided" }
    #expect(found.contains { $0.sentence.contains(words) && $0.severity == .warning }, "\(found.map(\.text))")
  }

  @Test func aSymmetricRobotWhoseTaskDoesNotSaySo() throws {
    let found = try only("mirror_unsaid", in: findings(Strutter(), StayUp(saysHowItIsMirrored: false)))
    #expect(found.map(\.severity) == [.note])
  }
}
