import Environments
import Foundation
import Learning
import Robotics
import TestRuns
import Testing
import Training

@Suite struct SettingsTests {
  @Test func laterLayersWin() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("envs: 5\nppo:\n  horizon: 7\n  epochs: 9\n", to: "s.yaml")
    let entry = Catalog.Entry.walker(settings: ["envs": 3, "ppo.horizon": 4, "ppo.minibatch": 11, "steps": 500])
    let settings = try TrainingSettings.resolved(
      for: entry, file: file, assignments: ["ppo.horizon=8", "envs=6"],
      options: [.init(key: "envs", text: "2", name: "--envs")])
    #expect(settings.ppo.minibatchSize == 11)
    #expect(settings.ppo.epochs == 9)
    #expect(settings.ppo.horizon == 8)
    #expect(settings.envs == 2)
    #expect(settings.evaluation.interval == 50)
    #expect(settings.ppo.totalSteps == 500)
  }

  @Test func namesAreUniqueAndDefaultsAreInRange() throws {
    #expect(Set(TrainingKey.all(of: .standard).map(\.name)).count == TrainingKey.all(of: .standard).count)
    for key in TrainingKey.all(of: .standard) {
      var settings = TrainingSettings()
      #expect(key.write(&settings, key.read(settings)), "\(key.name)")
      #expect(settings == TrainingSettings(), "\(key.name)")
    }
  }

  /// Every value in turn is set to another one; the file must bring it back.
  @Test func fileReadsBack() throws {
    let others: [String: String] = [
      "ppo.hidden_layers": "32, 16", "ppo.value_layers": "[]", "seed": "18446744073709551615",
    ]
    for key in TrainingKey.all(of: .standard) {
      var settings = TrainingSettings()
      let other: String
      switch key.kind {
      case .flag: other = key.read(settings) == "true" ? "false" : "true"
      case .number: other = "0.30000000000000004"
      case .whole: other = "13"
      case .range: other = "0.25...0.75"
      // Another learner has other settings; see `learnersBringTheirSettings`.
      case .choice(let names) where names == LearnerKind.all.map(\.name): continue
      case .choice(let names): other = try #require(names.first { $0 != key.read(settings) })
      default: other = try #require(others[key.name])
      }
      try settings.assign(.init(key: key.name, text: other))
      #expect(settings != TrainingSettings(), "\(key.name)")
      let contents = try SettingsFile.parse(Array(SettingsFile.text(of: settings, robot: "walker").utf8))
      var read = TrainingSettings()
      for assignment in contents.assignments { try read.assign(assignment) }
      #expect(read == settings, "\(key.name)")
      #expect(contents.robot == "walker")
    }
  }

  @Test(arguments: [
    ("steps", "0"), ("steps", "-1"), ("steps", "1.5"), ("steps", "nan"), ("steps", ""), ("steps", "1e99"),
    ("steps", "99999999999999999999"), ("envs", "0x10"), ("seed", "-1"), ("seed", "1.0"), ("ppo.clip", "nan"),
    ("ppo.clip", "inf"), ("ppo.clip", "0"), ("ppo.gamma", "1.01"), ("ppo.initial_std", "0"),
    ("ppo.normalize_values", "yes"), ("ppo.schedule", "Linear"), ("ppo.hidden_layers", "64,,64"),
    ("ppo.hidden_layers", "0"), ("ppo.hidden_layers", "[64"), ("ppo.hidden_layers", ""),
    ("randomization.push", "1...0.5"), ("randomization.push", "0.5..."), ("randomization.push", "nan"),
    ("randomization.mass", "0...1"), ("randomization.friction", "-1"), ("randomization.latency", "0...0.1...0.2"),
  ])
  func wrongValuesNameKeyAndRange(_ key: String, _ text: String) throws {
    var settings = TrainingSettings()
    let kind = try #require(TrainingKey.all(of: .standard).first { $0.name == key }).kind
    #expect(throws: TrainingError("setting '\(key)' is '\(text)'; it must be \(kind.expectation)")) {
      try settings.assign(.init(key: key, text: text))
    }
    #expect(settings == TrainingSettings())
  }

  @Test func wholeNumbersAsPeopleWriteThem() {
    #expect(SettingKind.whole("2_000_000") == 2_000_000)
    #expect(SettingKind.whole("2e6") == 2_000_000)
    #expect(SettingKind.whole("2.5e1") == 25)
    #expect(SettingKind.whole("2.0") == nil)
  }

  @Test func seedsAreWrittenAsSteps() {
    for (text, value) in [
      ("7", 7), ("1_000", 1000), ("2e6", 2_000_000), ("18446744073709551615", UInt64.max),
      ("1e19", 10_000_000_000_000_000_000),
    ] as [(String, UInt64)] {
      #expect(SettingKind.seed(text) == value)
      if value < 1 << 62 { #expect(SettingKind.whole(text) == Int(value)) }
    }
    for text in ["-1", "1.0", "0x10", "1e20", "", "e6"] { #expect(SettingKind.seed(text) == nil, "\(text)") }
  }

  @Test func schedulesThatRunOverOtherStepsSaySo() {
    var settings = TrainingSettings()
    (settings.envs, settings.ppo.horizon, settings.ppo.totalSteps, settings.steps) = (10, 10, 1000, 2000)
    (settings.ppo.schedule, settings.ppo.finalKL) = (.adaptive, 0)
    #expect(settings.scheduleNotes.isEmpty)
    settings.ppo.finalKL = 0.001
    #expect(
      settings.scheduleNotes == [
        "the divergence aimed at moves from ppo.target_kl to ppo.final_kl; that runs over ppo.total_steps, 1,000 steps, "
          + "and the training over 2,000"
      ])
    settings.ppo.schedule = .linear
    #expect(settings.scheduleNotes.count == 1)
    // As many iterations.
    settings.steps = 950
    #expect(settings.scheduleNotes.isEmpty)
  }

  @Test func rangesAsPeopleWriteThem() {
    let range = { SettingKind.range($0, within: 0...2, neutral: 1) }
    #expect(range("off") == 1...1)
    #expect(range("0.5") == 0.5...0.5)
    #expect(range("0.5...1.5") == 0.5...1.5)
    #expect(range("0...0") == 0...0)
    #expect(range("0.5...2.5") == nil)
  }

  @Test func aRobotsRandomizationIsItsDefault() throws {
    var robot = RandomizedCart()
    robot.randomization.friction = 0.5...1.5
    robot.randomization.strength = 0.9...0.9
    let entry = Catalog.Entry("cart", robot, Idle())
    let read = { (assignments: [String]) in
      let settings = try TrainingSettings.resolved(for: entry, file: nil, assignments: assignments, options: [])
      return TrainingKey.all(of: .standard).filter { $0.name.hasPrefix("randomization.") }.map { $0.read(settings) }
    }
    #expect(try read([]) == ["off", "5.0", "0.5...1.5", "off", "0.9", "off", "off", "off", "off"])
    #expect(
      try read(["randomization.friction=off", "randomization.latency=0.02"])
        == ["off", "5.0", "off", "off", "0.9", "0.02", "off", "off", "off"])
    // Files of earlier versions call the section otherwise.
    #expect(
      try read(["disturbances.friction=off", "disturbances.latency=0.02"])
        == ["off", "5.0", "off", "off", "0.9", "0.02", "off", "off", "off"])
    #expect(
      try SettingsFile.parse(Array("disturbances:\n  push_interval: 3".utf8)).assignments
        == [.init(key: "randomization.push_interval", text: "3")])
    #expect(throws: TrainingError("a key is given twice: 'randomization.push'")) {
      try SettingsFile.parse(Array("disturbances.push: 1\nrandomization.push: 1".utf8))
    }
  }

  @Test(arguments: [
    (["ppo.gama=1"], "unknown setting 'ppo.gama'; did you mean 'ppo.gamma'?"),
    (["ppo"], "setting 'ppo' has no '='; it must read KEY=VALUE, as in ppo.gamma=0.99"),
    (
      ["ppo.min_std=0.6"],
      "setting 'ppo.initial_std' is 0.5; it must be above 'ppo.min_std', 0.6"
    ),
    (
      ["ppo.min_learning_rate=0.1"],
      "setting 'ppo.max_learning_rate' is 0.002; it must be at least 'ppo.min_learning_rate', 0.1"
    ),
    (
      ["curriculum.lower_at=0.9"],
      "setting 'curriculum.lower_at' is 0.9; it must be at most 'curriculum.raise_at', 0.8"
    ),
    (
      ["envs=65536", "ppo.horizon=1000000"],
      "envs × ppo.horizon is 65536000000, the samples of an iteration; at most 16777216 fit"
    ),
  ])
  func wrongAssignments(_ assignments: [String], _ message: String) {
    #expect(throws: TrainingError(message)) {
      try TrainingSettings.resolved(for: .walker(), file: nil, assignments: assignments, options: [])
    }
  }

  @Test func aWrongPresetNamesItsRobot() {
    #expect(throws: TrainingError("the preset of robot 'walker': unknown setting 'stepz'; did you mean 'steps'?")) {
      try TrainingSettings.resolved(for: .walker(settings: ["stepz": 1]), file: nil, assignments: [], options: [])
    }
  }

  @Test func aFileForAnotherRobotIsRefused() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("robot: arm\n", to: "s.yaml")
    #expect(throws: TrainingError("'\(file)' holds settings for robot 'arm', not 'walker'")) {
      try TrainingSettings.resolved(for: .walker(), file: file, assignments: [], options: [])
    }
  }
}

/// A cart that declares domain randomization.
private struct RandomizedCart: Robot {
  let name = "cart"
  var randomization = DomainRandomization()
  var body: Link {
    Link(
      "cart", .box(size: [0.2, 0.2, 0.1]), mass: 1, at: [0, 0, 1],
      joint: .slider(Axis("rail", [1, 0, 0], actuator: .torque(limit: 1))))
  }
}

private struct Idle: RobotTask {
  let summary = "idles"
  let episodeSeconds = 1.0
  let endings: [String] = []
  mutating func prepare(for model: RobotModel) throws {}
  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {}
  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("position", sim.position(ofAxis: 0), into: &row)
  }
  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    .running
  }
  func save(to writer: inout StateWriter) {}
  mutating func restore(from reader: inout StateReader) throws {}
}

@Suite struct SettingsFileTests {
  @Test(arguments: [
    ("- 1\n", "a settings file must be a mapping"), ("3", "a settings file must be a mapping"),
    ("steps: 5\nsteps: 6\n", "a key is given twice: 'steps'"), ("a: &x 1\n", "no anchors or aliases"),
    ("a: *x\n", "no anchors or aliases"), ("steps: [1, [2]]", "must be a single value"),
    ("ppo: {clip: {a: 1}}", "must be a single value"), ("? [a]\n: 1\n", "a key must be a single value"),
    ("a: 1\n---\na: 2\n", "not valid YAML"), ("%YAML 9.9\n---\na: 1\n", "not valid YAML"), ("a: 'x", "not valid YAML"),
    ("a\0b: 1", "not UTF-8 text"),
  ])
  func wrongFiles(_ text: String, _ message: String) {
    let error = #expect(throws: TrainingError.self) { try SettingsFile.parse(Array(text.utf8)) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func hostileFilesAreRefused() {
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "- ", count: 60_000),
      String(repeating: "{a: ", count: 50_000),
      (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
    ] {
      #expect(throws: TrainingError.self) { try SettingsFile.parse(Array(text.utf8)) }
    }
    #expect(throws: TrainingError("not a settings file: it is not UTF-8 text")) {
      try SettingsFile.parse([0xFF, 0xFE, 0x00, 0x80])
    }
  }

  /// Texts in which a `#` seems to begin a comment, and does not.
  @Test(arguments: [
    "\" #\": &a [1]\nb: *a", "' #': &a [1]\nb: *a", "\"\\\" #\": &a 1", "a: \"x\n # y\"\nb: &a 1",
    "[\"x\n # y\", &a 1]",
    "{'\n#': &a 1}", "a: [x\u{A0}#, &a 1]", "a: [x\u{3000}#, &a 1]", "a: [x\u{B}#, &a 1]", "? ' #' : &a 1", "it's: 1 &",
    "'a': ' #' # '\nb: &a 1", "a: x#&b", "\u{FEFF}a: &b 1", "&\u{301}a: 1", "a: !!str &b 1", "a: ' # ''' # &b ' &c",
  ])
  func anchorsBehindFalseCommentsAreRefused(_ text: String) {
    #expect(throws: TrainingError("a settings file must have no anchors or aliases (& or *)")) {
      try SettingsFile.parse(Array(text.utf8))
    }
  }

  @Test(arguments: [
    "# a & b * c\nsteps: 5", "steps: 5 # don't * say \"&\"", "steps: 5\t# &", "'steps': 5 # a & b", "steps: 5\r# &\r",
    "robot: \"a\" # & *",
  ])
  func commentsMayHoldAnything(_ text: String) throws {
    let contents = try SettingsFile.parse(Array(text.utf8))
    #expect(contents.robot == "a" || contents.assignments.map(\.text) == ["5"])
  }

  /// Files that stand for enormous ones, or that take as long to compare as one.
  @Test func expandingFilesAreRefused() {
    let laughs =
      "\" #\": &a0 [x]\n" + (1..<40).map { "\" #\($0)\": &a\($0) [*a\($0 - 1),*a\($0 - 1)]" }.joined(separator: "\n")
      + "\n? *a39\n: 1\n"
    let keys =
      String(repeating: "{", count: 800) + "[" + String(repeating: "a,", count: 30_000) + "]"
      + String(repeating: ": 1}", count: 800)
    for text in [laughs, keys, String(repeating: "? ", count: 900) + "a", String(repeating: "- ", count: 900) + "a"] {
      #expect(throws: TrainingError.self) { try SettingsFile.parse(Array(text.utf8)) }
    }
    #expect(throws: TrainingError("not a settings file: it has 65537 bytes; 65536 are possible")) {
      try SettingsFile.parse(Array(repeating: UInt8(ascii: "#"), count: SettingsFile.limit + 1))
    }
    // The deepest keys that are read at all, each of which is compared with all that it holds.
    let deepest =
      String(repeating: "? {", count: 31) + "? [" + String(repeating: "a,", count: 30_000) + "]"
      + String(repeating: ": 1}", count: 31)
    #expect(throws: TrainingError.self) { try SettingsFile.parse(Array(deepest.utf8)) }
  }

  @Test(arguments: [
    "ppo.clip: 0.2\nppo:\n  clip: 0.3\n", "ppo:\n  clip: 0.3\n\"ppo.clip\": 0.2\n", "steps: 1\n'steps': 2\n",
  ])
  func aKeyIsGivenOnce(_ text: String) {
    let error = #expect(throws: TrainingError.self) { try SettingsFile.parse(Array(text.utf8)) }
    #expect(error?.description.contains("a key is given twice: '") == true, "\(error?.description ?? "")")
  }

  @Test func anEmptyFileSetsNothing() throws {
    for text in ["", "\n", "# nothing & none *\n", "---\n", "{}"] {
      #expect(try SettingsFile.parse(Array(text.utf8)).assignments.isEmpty)
    }
  }

  @Test func aFileThatNeverEndsIsRefused() {
    #expect(throws: TrainingError("cannot read '/dev/zero': it is a device, not a file")) {
      try SettingsFile.read("/dev/zero")
    }
  }
}
