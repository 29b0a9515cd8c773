import Environments
import Robotics
import Testing

struct VelocityCommandTests {
  private static let interval = 0.02

  /// Commands of `count` episodes.
  private func draws(
    _ command: VelocityCommand, count: Int, difficulty: Double = 1
  ) -> [(forward: Double, sideways: Double, turning: Double)] {
    var random = Random(seed: 7)
    return (0..<count).map { _ in
      var command = command
      command.begin(difficulty: difficulty, using: &random)
      return (command.forward, command.sideways, command.turning)
    }
  }

  @Test func drawsFillTheirRanges() {
    let command = VelocityCommand(forward: -1...1, sideways: -0.5...0.25, turning: 0.2...2)
    let draws = draws(command, count: 2000)
    for (values, range) in [
      (draws.map(\.forward), -1...1), (draws.map(\.sideways), -0.5...0.25), (draws.map(\.turning), 0.2...2),
    ] as [([Double], ClosedRange<Double>)] {
      let width = range.upperBound - range.lowerBound
      #expect(values.allSatisfy(range.contains))
      #expect((values.min() ?? 9) < range.lowerBound + 0.01 * width)
      #expect((values.max() ?? -9) > range.upperBound - 0.01 * width)
      let mean = values.reduce(0, +) / 2000
      // Six standard deviations of the mean.
      #expect(
        abs(mean - (range.lowerBound + range.upperBound) / 2) < 6 * width / 12.0.squareRoot() / 2000.0.squareRoot())
    }
  }

  @Test func aShareOfTheDrawsStandsStill() {
    let standing = draws(VelocityCommand(forward: 0.5...1, standing: 0.2), count: 2000).count { $0.forward == 0 }
    // 400, with a standard deviation of 18.
    #expect(abs(standing - 400) < 100)
    var command = VelocityCommand(forward: 1...1, standing: 1)
    var random = Random(seed: 1)
    command.begin(using: &random)
    #expect(command.isStanding)
  }

  @Test func difficultyWidensTheRangesFromWhatIsEasiest() {
    let command = VelocityCommand(forward: -1...2, sideways: 0.5...1.5, turning: -3 ... -1)
    for draw in draws(command, count: 500, difficulty: 0.5) {
      #expect((-0.5...1).contains(draw.forward))
      #expect((0.5...1).contains(draw.sideways))
      #expect((-2 ... -1).contains(draw.turning))
    }
    #expect(draws(command, count: 500, difficulty: 0).allSatisfy { $0 == (0, 0.5, -1) })
  }

  @Test func anEasyCommandMayBeSlowerThanItsRanges() {
    let command = VelocityCommand(forward: 1...2, turning: -3 ... -1, growsFromZero: true)
    for draw in draws(command, count: 500, difficulty: 0.5) {
      #expect((0.5...1).contains(draw.forward))
      #expect((-1.5 ... -0.5).contains(draw.turning))
    }
    #expect(draws(command, count: 500, difficulty: 0).allSatisfy { $0 == (0, 0, 0) })
    #expect(draws(command, count: 500, difficulty: 1).allSatisfy { (1...2).contains($0.forward) })
  }

  @Test func anotherOneComesEverySoOften() {
    var command = VelocityCommand(forward: -1...1, interval: 1)
    var random = Random(seed: 3)
    command.begin(using: &random)
    var changes: [Int] = []
    for step in 1...200 {
      let before = command.forward
      command.advance(by: Self.interval)
      if command.forward != before { changes.append(step) }
    }
    #expect(changes == [50, 100, 150, 200])
    #expect(command.age == 0)
  }

  @Test func commandsHangOnTheEpisodesSeedAlone() {
    let life = { (seed: UInt64) in
      var random = Random(seed: seed)
      var command = VelocityCommand(forward: -1...1, interval: 0.1)
      command.begin(using: &random)
      return (0..<50).map { _ in
        command.advance(by: Self.interval)
        return command.forward
      }
    }
    #expect(life(4) == life(4))
    #expect(life(4) != life(5))
  }

  @Test func oneRangeHasNoSayInTheOthers() {
    let narrow = draws(VelocityCommand(forward: 0...0, turning: -1...1), count: 20)
    let wide = draws(VelocityCommand(forward: -2...2, sideways: 0...1, turning: -1...1), count: 20)
    #expect(narrow.map(\.turning) == wide.map(\.turning))
  }

  /// The slices that a command shows: names, units and how they are mirrored.
  private func slices(_ command: VelocityCommand) -> [String] {
    var cursor = ObservationCursor()
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    command.observe(&cursor, into: &row)
    return cursor.records.map { record in
      "\(record.slice.name), \(record.slice.unit)\(record.mirroring == .negated ? ", changes sign" : "")"
    }
  }

  @Test func showsWhatItDraws() {
    #expect(
      slices(VelocityCommand(forward: 0...1, sideways: -1...1, turning: -1...1)) == [
        "commanded speed, m/s", "commanded sideways speed, m/s, changes sign", "commanded turning, rad/s, changes sign",
      ])
    #expect(slices(VelocityCommand(forward: 0...1)) == ["commanded speed, m/s"])
    // Nothing to see in what is always the same.
    #expect(slices(VelocityCommand(forward: 1...1)) == [])
    #expect(slices(VelocityCommand(forward: 1...1, standing: 0.1)) == ["commanded speed, m/s"])
    var cursor = ObservationCursor(placing: [])
    var random = Random(seed: 1)
    var command = VelocityCommand(forward: 0...1, sideways: -1...1, turning: -1...1)
    command.begin(using: &random)
    var recorder = ObservationCursor()
    var values = [Float](repeating: 0, count: 3)
    var row = values.mutableSpan
    command.observe(&recorder, into: &row)
    cursor = ObservationCursor(placing: recorder.records.map(\.slice))
    command.observe(&cursor, into: &row)
    #expect(values == [Float(command.forward), Float(command.sideways), Float(command.turning)])
  }

  @Test func savesWhereItIs() throws {
    var random = Random(seed: 9)
    var command = VelocityCommand(forward: -1...1, turning: -1...1, standing: 0.3, interval: 0.5)
    command.begin(difficulty: 0.7, using: &random)
    for _ in 0..<40 { command.advance(by: Self.interval) }
    var writer = StateWriter()
    command.save(to: &writer)
    var other = VelocityCommand(forward: -1...1, turning: -1...1, standing: 0.3, interval: 0.5)
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(reader.isAtEnd)
    for _ in 0..<200 {
      command.advance(by: Self.interval)
      other.advance(by: Self.interval)
      #expect((other.forward, other.turning, other.age) == (command.forward, command.turning, command.age))
    }
    // Five numbers stand before the random stream: a difficulty is the last of them.
    for (index, odd) in [(0, Double.nan), (3, .infinity), (4, .nan), (4, 1.5), (4, -0.1)] {
      var bytes = writer.bytes
      for i in 0..<8 { bytes[8 + 8 * index + i] = UInt8(truncatingIfNeeded: odd.bitPattern >> UInt64(8 * i)) }
      #expect(throws: StateError.self) {
        var reader = StateReader(bytes)
        try other.restore(from: &reader)
      }
    }
    for count in stride(from: 0, to: writer.bytes.count, by: 8) {
      #expect(throws: StateError.self) {
        var reader = StateReader(Array(writer.bytes.prefix(count)))
        try other.restore(from: &reader)
      }
    }
  }
}

/// Commands that come from outside.
struct SteeringTests {
  @Test func steeringTakesThePlaceOfWhatIsDrawn() {
    var command = VelocityCommand(forward: -1...1, turning: -0.5...0.5, interval: 1)
    var random = Random(seed: 3)
    command.begin(using: &random)
    command.advance(by: 0.5)
    let steering = Steering(forward: 0.25, sideways: 3, turning: -2)
    command.steer(steering)
    #expect((command.forward, command.sideways, command.turning) == (0.25, 0, -0.5))
    #expect(command.age == 0)
    command.advance(by: 0.5)
    // The same again is no new command.
    command.steer(steering)
    #expect(command.age == 0.5)
    for _ in 0..<100 {
      command.advance(by: 0.1)
      #expect((command.forward, command.turning) == (0.25, -0.5))
    }
    command.begin(using: &random)
    #expect((command.forward, command.turning) == (0.25, -0.5))
  }

  @Test func drawsGoOnAsTheyWouldWithoutIt() {
    var random = Random(seed: 3)
    var steered = VelocityCommand(forward: -1...1, interval: 1)
    steered.begin(using: &random)
    var drawn = steered
    steered.steer(.standing)
    for _ in 0..<30 {
      steered.advance(by: 0.1)
      drawn.advance(by: 0.1)
    }
    steered.steer(nil)
    #expect(steered.forward == 0)
    for _ in 0..<10 {
      steered.advance(by: 0.1)
      drawn.advance(by: 0.1)
    }
    #expect(steered.forward == drawn.forward)
  }

  @Test func limitsAreWhatIsDrawn() {
    #expect(VelocityCommand(forward: 1...1).steeringLimits == nil)
    let limits = VelocityCommand(forward: 0.5...1, standing: 0.1).steeringLimits
    #expect(limits == SteeringLimits(forward: 0.5...1, allowsStanding: true))
    #expect(limits?.nearest(to: .standing) == .standing)
    #expect(limits?.nearest(to: Steering(forward: 0.1)) == Steering(forward: 0.5))
    #expect(limits?.nearest(to: Steering(forward: .infinity)) == Steering(forward: 1))
    #expect(limits?.nearest(to: Steering(forward: .nan)) == Steering(forward: 0.5))
    var fixed = VelocityCommand(forward: 1...1)
    var random = Random(seed: 1)
    fixed.begin(using: &random)
    fixed.steer(.standing)
    #expect(fixed.forward == 1)
  }
}
