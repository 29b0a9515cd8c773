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

  // MARK: Rewards

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
      mutating func judge(
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
