import Environments
import Physics
import Robotics
import Robots
import Testing
import Training

@Suite struct FingerprintTests {
  /// The first difference after an edit of robot and task.
  private func difference(
    resumes: Bool = false, _ edit: (inout LeggedRobot, inout Standing) -> Void
  ) throws -> String? {
    var (robot, task) = (LeggedRobot(), Standing())
    let before = try Catalog.Entry.legged(robot, task).fingerprint()
    edit(&robot, &task)
    return try Catalog.Entry.legged(robot, task).fingerprint().difference(from: before, resumes: resumes)
  }

  @Test func editsOfTheRobotAreNamed() throws {
    #expect(try difference { _, _ in } == nil)
    #expect(try difference { robot, _ in robot.thighMass = .total(20) } == "robot: mass of 'left thigh' was 5, is 20")
    #expect(
      try difference { robot, _ in
        robot.actuator = .position(stiffness: 50, damping: 2, limit: 160, reach: 0.5)
      } == "robot: actuator drive max torque of axis 'left thigh' was 40, is 160")
    #expect(
      try difference { robot, _ in robot.actuator = .torque(limit: 40) }
        == "robot: actuator drive of axis 'left thigh' was position, is torque")
    #expect(
      try difference { robot, _ in robot.direction = [0, -1, 0] }
        == "robot: direction of axis 'left thigh' was [0, 1, 0], is [0, -1, 0]")
    #expect(
      try difference { robot, _ in robot.range = nil } == "robot: range of axis 'left thigh' was [-1, 1], is none")
    #expect(
      try difference { robot, _ in robot.footFriction = 0.5 }
        == "robot: colliders 0 friction of 'left thigh' was 1, is 0.5")
    #expect(try difference { robot, _ in robot.legs.append("tail") } == "robot: links was 3, is 4")
  }

  /// A torque limit is the whole payload of a case, with a label of its own.
  @Test func aLoneValueOfACaseIsCompared() throws {
    var robot = LeggedRobot(actuator: .torque(limit: 40))
    let before = try Catalog.Entry.legged(robot).fingerprint()
    robot.actuator = .torque(limit: 160)
    #expect(
      try Catalog.Entry.legged(robot).fingerprint().difference(from: before)
        == "robot: actuator drive max torque of axis 'left thigh' was 40, is 160")
  }

  @Test func editsOfTheSceneAreNamed() throws {
    #expect(
      try difference { robot, _ in robot.physics.substep = 0.0025 } == "scene: substep was 0.005, is 0.0025")
    #expect(try difference { robot, _ in robot.physics.groundFriction = 2 } == "scene: ground friction was 1, is 2")
    #expect(
      try difference { robot, _ in robot.physics.solver = .quick(iterations: 8) }
        == "scene: solver was direct, is quick")
  }

  @Test func constantsOfTheLibraryAreKept() throws {
    let text = try Catalog.Entry.legged().fingerprint().text
    for line in ["scene\tthe world", "\terp\t0.8", "\tcontact softness stiffness\t100000"] {
      #expect(text.contains("\n\(line)\n"), "\(line)")
    }
  }

  @Test func editsOfTheTaskAreNamed() throws {
    #expect(try difference { _, task in task.heightWeight = -2 } == "task: height weight was 2, is -2")
    #expect(
      try difference { _, task in task.command = VelocityCommand(forward: 0...2) }
        == "task: command forward range was [0, 1], is [0, 2]")
    #expect(try difference { _, task in task.fallHeight = nil } == "task: fall height was 0.1, is none")
    #expect(try difference { _, task in task.scale = 10 } == "spec: scale of observation 'speed' was 1, is 10")
  }

  /// Changes of the task's code show in what it does.
  @Test func editsOfTheCodeShow() throws {
    let reward = try difference { _, task in task.spinReward = { 0.1 * $0 } }
    #expect(reward?.hasPrefix("behavior: sum of reward term 'spin' was ") == true, "\(reward ?? "none")")
    let speed = try difference { _, task in task.shownSpeed = { -$0 } }
    #expect(speed?.hasPrefix("behavior: start of observation 'speed' was ") == true, "\(speed ?? "none")")
  }

  @Test func domainRandomizationMattersToATrainingAlone() throws {
    #expect(try difference { robot, _ in robot.randomization.mass = 0.5...2 } == nil)
    #expect(try difference { _, task in task.noise = { 0.2 } } == nil)
    #expect(
      try difference(resumes: true) { _, task in task.noise = { 0.2 } }
        == "training: noise of observation 'speed' was 0.1, is 0.2")
  }

  @Test func whatIsOnlyToldIsNoDifference() throws {
    #expect(try difference { _, task in task.summary = "stands on two legs" } == nil)
    #expect(try difference { robot, _ in robot.legs = ["leg one", "leg two"] } == nil)
  }

  @Test func anotherMachinesLastBitsAreNoDifference() throws {
    let here = try Catalog.Entry.legged().fingerprint()
    let groups = here.groups.map { group in
      var group = group
      group.entries = group.entries.map { entry in
        guard case .numbers(let numbers) = entry.value else { return entry }
        // What is simulated may be anything there.
        let scale = group.subject == Fingerprint.behavior ? 2 : 1 + 1e-8
        return .init(name: entry.name, value: .numbers(numbers.map { $0 * scale }))
      }
      return group
    }
    #expect(here.difference(from: Fingerprint(engine: "another", groups: groups)) == nil)
    #expect(here.difference(from: Fingerprint(engine: here.engine, groups: groups))?.hasPrefix("behavior: ") == true)
  }

  @Test func anotherVersionMayLookAtMore() throws {
    let here = try Catalog.Entry.legged().fingerprint()
    let fewer = here.groups.map { group in
      var group = group
      group.entries = Array(group.entries.dropLast())
      return group
    }
    let old = Fingerprint(engine: here.engine, groups: fewer)
    #expect(here.difference(from: old) == nil && old.difference(from: here) == nil)
  }

  /// Of envs without a robot too, and the same in every process.
  @Test func everyRobotsFingerprintReadsBack() throws {
    for entry in Catalog.standard.entries {
      let fingerprint = try entry.fingerprint()
      let read = try #require(Fingerprint(fingerprint.text), "\(entry.name)")
      #expect(fingerprint.difference(from: read, resumes: true) == nil, "\(entry.name)")
      #expect(read.text == fingerprint.text, "\(entry.name)")
      #expect(fingerprint.text == (try entry.fingerprint().text), "\(entry.name)")
      #expect(fingerprint.groups.contains { $0.subject == Fingerprint.behavior }, "\(entry.name)")
      #expect(fingerprint.text.utf8.count < 1 << 16, "\(entry.name)")
    }
  }

  @Test func damagedTextIsRefused() throws {
    let text = try Catalog.Entry.legged().fingerprint().text
    #expect(Fingerprint("") == nil)
    #expect(Fingerprint(String(text.dropLast())) == nil)
    #expect(Fingerprint(text + "\tname\tnot a number\n") == nil)
    #expect(Fingerprint("engine\t1\n\tname\t1\n") == nil)
  }

  @Test func namesCannotBreakTheText() {
    #expect(throws: RobotError.self) {
      try Catalog.Entry.legged(LeggedRobot(legs: ["a\tb\nc", "d"])).fingerprint()
    }
  }
}
