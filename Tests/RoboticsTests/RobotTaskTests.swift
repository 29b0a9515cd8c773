import Environments
import Physics
import Robotics
import Testing

struct RobotTaskTests {
  // MARK: Observations

  private func write(_ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("hidden", [1, 2, 3], for: .critic, into: &row)
    cursor.write("shared", 4, into: &row)
    cursor.write("noisy", count: 2, for: .policy, into: &row) { 5 + Double($0) }
    cursor.write("more", 7, for: .both, into: &row)
    cursor.write("mass", 8, for: .critic, into: &row)
  }

  @Test func theFirstPassNotesNamesAndSizes() {
    var cursor = ObservationCursor()
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    write(&cursor, into: &row)
    #expect(
      cursor.records.map(\.slice) == [
        ObservationSlice("hidden", count: 3, for: .critic), ObservationSlice("shared", count: 1),
        ObservationSlice("noisy", count: 2, for: .policy), ObservationSlice("more", count: 1),
        ObservationSlice("mass", count: 1, for: .critic),
      ])
    #expect(cursor.sortedRecords.map(\.slice.name) == ["noisy", "shared", "more", "hidden", "mass"])
  }

  @Test func laterPassesSortByAudience() {
    var recording = ObservationCursor()
    var nothing: [Float] = []
    var none = nothing.mutableSpan
    write(&recording, into: &none)
    var cursor = ObservationCursor(placing: recording.records.map(\.slice))
    for _ in 0..<3 {
      var values = Array(repeating: Float(-1), count: 8)
      var row = values.mutableSpan
      cursor.rewind()
      write(&cursor, into: &row)
      #expect(values == [5, 6, 4, 7, 1, 2, 3, 8])
    }
  }

  @Test func orderDoesNotMatter() {
    var recording = ObservationCursor()
    var nothing: [Float] = []
    var none = nothing.mutableSpan
    write(&recording, into: &none)
    var cursor = ObservationCursor(placing: recording.records.map(\.slice))
    var values = Array(repeating: Float(-1), count: 8)
    var row = values.mutableSpan
    cursor.rewind()
    cursor.write("mass", 8, for: .critic, into: &row)
    cursor.write("noisy", count: 2, for: .policy, into: &row) { 5 + Double($0) }
    cursor.write("hidden", [1, 2, 3], for: .critic, into: &row)
    cursor.write("more", 7, into: &row)
    cursor.write("shared", 4, into: &row)
    #expect(values == [5, 6, 4, 7, 1, 2, 3, 8] && cursor.problem == nil)
  }

  // MARK: Rewards

  /// A term that is left out counts 0 and moves no other; the next step has it back.
  @Test func aTermMayBeLeftOut() {
    var cursor = RewardCursor(terms: ["a", "b", "c"])
    for absent in ["a", "b", "c", ""] {
      cursor.rewind()
      for (name, value) in [("a", 1.0), ("b", 2), ("c", 4)] where name != absent { cursor.add(name, value) }
      #expect(cursor.values == [absent == "a" ? 0 : 1, absent == "b" ? 0 : 2, absent == "c" ? 0 : 4])
    }
    cursor.rewind()
    for (name, value) in [("c", 4.0), ("a", 1), ("b", 2)] { cursor.add(name, value) }
    #expect(cursor.values == [1, 2, 4] && cursor.problem == nil)
  }

  @Test func unknownAndDoubledTermsAreToldByName() {
    var cursor = RewardCursor(terms: ["a", "b"])
    cursor.rewind()
    cursor.add("a", 1)
    cursor.add("bonus", 5)
    #expect(cursor.problem?.hasPrefix("reward term 'bonus' was not there in the first step; ") == true)
    cursor = RewardCursor(terms: ["a", "b"])
    cursor.rewind()
    cursor.add("b", 1)
    cursor.add("a", 1)
    // In turn again, and still the second of its name.
    cursor.add("b", 1)
    #expect(cursor.problem?.hasPrefix("reward term 'b' is added twice in one step") == true)
    #expect(cursor.values == [1, 1])
  }

  // MARK: Metrics

  @Test func metricsAreFoundByName() {
    var cursor = MetricCursor(["a", "b", "c"])
    cursor.rewind()
    cursor.write(["c", "a"]) { values in (values[0], values[1]) = (3, 1) }
    #expect(cursor.values[0] == 1 && cursor.values[1].isNaN && cursor.values[2] == 3)
    #expect(cursor.neverWritten == ["b"] && cursor.problem == nil)
    cursor.rewind()
    #expect(cursor.values.allSatisfy { $0.isNaN })
    cursor.write("b", 2)
    #expect(cursor.neverWritten.isEmpty)
    cursor.write("d", 2)
    #expect(
      cursor.problem == "metric 'd' is written, but is not among the task's metrics: 'a', 'b', 'c'")
  }

  @Test func rewardTermsAddUp() {
    var recording = RewardCursor()
    recording.add("speed", 0.5)
    recording.add("effort", -0.25)
    #expect(recording.names == ["speed", "effort"])
    var cursor = RewardCursor(terms: recording.names)
    #expect(cursor.total == 0)
    for factor in [1.0, 2] {
      cursor.rewind()
      cursor.add("speed", 0.5 * factor)
      cursor.add("effort", -0.25 * factor)
      #expect(cursor.values == [Float(0.5 * factor), Float(-0.25 * factor)])
      #expect(cursor.total == Float(0.25 * factor))
    }
  }

  @Test func metricsMayBeLeftOut() throws {
    struct Plain: RobotTask {
      let summary = ""
      let episodeSeconds = 1.0
      let endings: [String] = []
      mutating func prepare(for model: RobotModel) throws {}
      mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {}
      func observe(
        _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
      ) { cursor.write("x", 0, into: &row) }
      mutating func evaluateStep(
        _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
      ) -> Ending { .running }
      func save(to writer: inout StateWriter) {}
      mutating func restore(from reader: inout StateReader) throws {}
    }
    let env = try RobotEnv(Cart(actuator: .torque(limit: 1)), Plain())
    #expect(env.spec.metrics.isEmpty && env.spec.rewardTerms.isEmpty)
    #expect(env.spec.endings.isEmpty && env.spec.endingNames == ["fault", "truncated"])
  }
}
