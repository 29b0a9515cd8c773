import Environments
import Physics
import Robotics
import Testing

/// A bead that an action moves along a wire; what it draws can be made wrong.
private struct Bead: DrawnEnv {
  enum Mistake: Sendable {
    case none, growing, renamed, vanishing, undefined, flat
  }

  let spec: EnvSpec
  var mistake = Mistake.none
  private var place: Float = 0
  private var steps = 0

  init(_ mistake: Mistake = .none, rewardTerms: [String] = []) throws {
    self.mistake = mistake
    spec = try EnvSpec(
      observations: [ObservationSlice("place", count: 1, unit: "m")],
      actions: [ActionChannel("push", low: -2, high: 2, unit: "N")], controlInterval: 0.1, episodeSteps: 4,
      rewardTerms: rewardTerms)
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    (place, steps) = (Float(seed), 0)
    observation[0] = place
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    place += action[0]
    steps += 1
    observation[0] = place
    return Transition(reward: place, ending: steps == spec.episodeSteps ? .truncated : .running)
  }

  func readRewardTerms(into terms: inout MutableSpan<Float>) {
    for i in terms.indices { terms[i] = Float(i) * place }
  }

  func draw(into drawing: inout Drawing) {
    let isWrong = steps == 2
    drawing.floor = -1
    drawing.line("wire", from: [-1, 0, 0], to: [isWrong && mistake == .growing ? 1.5 : 1, 0, 0])
    drawing.ball(
      isWrong && mistake == .renamed ? "pearl" : "bead",
      at: [isWrong && mistake == .undefined ? .nan : Double(place), 0, 0], radius: 0.1)
    if !(isWrong && mistake == .vanishing) {
      drawing.box("stop", at: [2, 0, 0], size: [0.1, 0.1, mistake == .flat ? 0 : 0.2], tilt: 0.1, tone: .gray)
    }
    drawing.mark([0.5, 0, 0], radius: 0.05)
    drawing.show(TrackedQuantity("place", unit: "m", Double(place), target: 0.5))
  }

  func save(to writer: inout StateWriter) {
    writer.write(place)
    writer.write(steps)
  }

  mutating func restore(from reader: inout StateReader) throws {
    place = try reader.readFloat()
    steps = try reader.readInt()
  }
}

/// Asks for the same at every step.
private struct Constant: Policy {
  let spec: EnvSpec
  var value: Float = 1

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices { actions[i] = value }
  }
}

@Suite struct DrawnEnvTests {
  private func entry(_ mistake: Bead.Mistake = .none, rewardTerms: [String] = []) -> Catalog.Entry {
    Catalog.Entry("bead", summary: "a bead") { try Bead(mistake, rewardTerms: rewardTerms) }
  }

  private func recording(of entry: Catalog.Entry, _ value: Float = 1) throws -> Recording {
    let policy = Constant(spec: try entry.spec(), value: value)
    return try #require(try entry.record(policy, seed: 3, noise: Random(seed: 1)))
  }

  @Test func whatIsDrawnIsRecorded() throws {
    let entry = entry()
    #expect(entry.hasPicture)
    let recording = try recording(of: entry)
    #expect(recording.robot == "bead" && recording.ground?.height == -1 && !recording.isFloating)
    #expect(recording.parts.map(\.name) == ["wire", "bead", "stop"])
    #expect(recording.parts[0].decorations.map(\.shape) == [.capsule(radius: 0.02, length: 2)])
    #expect(recording.parts[2].decorations.map(\.tone) == [.gray])
    #expect(recording.frames.map { $0.poses[1].position.x } == [3, 4, 5, 6, 7])
    #expect(recording.ending == .truncated && recording.episodeReturn == 22)
    // The wire's own axis lies along x.
    let along = recording.frames[0].poses[0].orientation.act(on: .unitZ)
    #expect((along - .unitX).length < 1e-12)
    #expect(recording.frames[1].markers == [Marker(at: [0.5, 0, 0], radius: 0.05)])
    #expect(recording.frames[1].readings.quantities == [TrackedQuantity("place", unit: "m", 4, target: 0.5)])
  }

  /// Without terms of its own an env's reward is shown as a whole; actions are shown as they are clamped.
  @Test func rewardsAndActionsAreReadOff() throws {
    let whole = try recording(of: entry(), 5)
    #expect(whole.rewardTerms == ["reward"])
    #expect(whole.frames[0].readings.rewards == [] && whole.frames[1].readings.rewards == [8])
    #expect(whole.actuators == [Recording.Channel("push", unit: "N", range: -2...2)])
    #expect(whole.frames[0].readings.efforts == [0] && whole.frames[1].readings.efforts == [2])
    let parts = try recording(of: entry(rewardTerms: ["none", "place"]))
    #expect(parts.rewardTerms == ["none", "place"] && parts.frames[2].readings.rewards == [0, 5])
  }

  @Test(arguments: [
    (
      Bead.Mistake.growing,
      "'wire' is capsule(radius: 0.02, length: 2.5) and was capsule(radius: 0.02, length: 2.0) at first"
    ),
    (.renamed, "'pearl' is drawn where 'bead' was at first"), (.vanishing, "2 shapes are drawn; 3 were at first"),
    (.undefined, "'bead' is at"), (.flat, "'stop' is box"),
  ])
  private func aDrawingThatChangesIsAnError(_ mistake: Bead.Mistake, _ words: String) throws {
    let error = #expect(throws: RobotError.self) { try recording(of: entry(mistake)) }
    let text = "\(try #require(error))"
    #expect(text.contains(mistake == .flat ? "at the start of an episode, draw: " : "in step 2 of an episode, draw: "))
    #expect(text.hasPrefix("bead: ") && text.contains(words), "\(text)")
  }

  @Test func itCanBeWatchedLive() throws {
    let entry = entry()
    let live = try #require(try entry.makeLive(Constant(spec: try entry.spec())))
    #expect(live.mass == 0 && live.steeringLimits == nil && live.frame.poses.count == 3)
    live.begin(seed: 2)
    live.push(part: 1, by: [1, 0, 0])
    #expect(live.step() == .running)
    #expect(live.frame.poses[1].position.x == 3)
  }
}
