import Environments
import Physics
import Robotics
import Testing

@Suite struct RecordingTests {
  private func recording(_ frames: [Recording.Frame]) -> Recording {
    var recording = Recording(
      robot: "dot", parts: [.init(name: "dot", parent: nil, colliders: [])], ground: nil, interval: 0.1)
    recording.frames = frames
    return recording
  }

  private func frame(_ x: Double, angle: Double = 0, marker: Double = 0) -> Recording.Frame {
    Recording.Frame(
      poses: [Pose(position: [x, 0, 0], orientation: Quaternion(angle: angle, axis: [0, 0, 1]))],
      markers: [Marker(at: [marker, 0, 0], radius: 0.1)])
  }

  @Test func betweenFramesTheWayIsStraight() {
    let recording = recording([frame(0), frame(1, angle: 0.2), frame(3, angle: 0.6, marker: 2)])
    #expect(recording.seconds == 0.2)
    #expect(recording.frame(at: 0) == recording.frames[0])
    #expect(recording.frame(at: 0.1) == recording.frames[1])
    #expect(recording.frame(at: 0.2) == recording.frames[2])
    let between = recording.frame(at: 0.15).poses[0]
    #expect(abs(between.position.x - 2) < 1e-12)
    #expect(abs(between.orientation.yaw - 0.4) < 1e-3)
    #expect(abs(between.orientation.norm - 1) < 1e-12)
    // Nothing is known before and after.
    #expect(recording.frame(at: -1) == recording.frames[0])
    #expect(recording.frame(at: 9) == recording.frames[2])
    #expect(self.recording([frame(5)]).frame(at: 0.3) == frame(5))
  }

  @Test func aTurnTakesTheShortWay() {
    var turned = frame(0, angle: 0.2)
    turned.poses[0].orientation = Quaternion(
      w: -turned.poses[0].orientation.w, x: 0, y: 0, z: -turned.poses[0].orientation.z)
    #expect(abs(recording([frame(0), turned]).frame(at: 0.05).poses[0].orientation.yaw - 0.1) < 1e-9)
  }

  @Test func itHoldsTheEpisode() throws {
    let cart = Cart(actuator: .velocity(limit: 50, speed: 1))
    var probe = Probe()
    probe.endAfter = 6
    let entry = Catalog.Entry("cart", cart, probe)
    let policy = RandomPolicy(spec: try entry.spec())
    let recording = try #require(try entry.record(policy, seed: 5, noise: Random(seed: 9)))
    #expect(recording.frames.count == 7)
    #expect(recording.ending == .terminated(reason: 0))
    #expect(recording.parts.map(\.name) == ["cart"])
    #expect(recording.ground == nil)
    #expect(abs(recording.seconds - 6 * 0.02) < 1e-12)
    #expect(try entry.record(policy, seed: 5, noise: Random(seed: 9)) == recording)
    #expect(try entry.record(policy, seed: 6, noise: Random(seed: 9)) != recording)

    // The same episode, step by step.
    var driver = try Driver(cart, probe)
    driver.reset(seed: 5)
    let column = 1
    #expect(abs(recording.frames[0].poses[0].position.x - Double(driver.observation[column])) < 1e-6)
    var noise = Random(seed: 9)
    var total = 0.0
    for step in 1...6 {
      total += Double(driver.step(Float(noise.uniform(-1...1))).reward)
      _ = step
    }
    #expect(abs(recording.frames[6].poses[0].position.x - Double(driver.observation[column])) < 1e-5)
    #expect(abs(recording.episodeReturn - total) < 1e-5)
  }

  @Test func itHoldsWhatCouldBeReadOff() throws {
    let entry = Catalog.Entry("cart", Cart(actuator: .torque(limit: 8), neutral: 0.2), Probe())
    let spec = try entry.spec()
    let recording = try #require(try entry.record(RandomPolicy(spec: spec), seed: 5, noise: Random(seed: 9)))
    #expect(recording.rewardTerms == ["alive", "action", "odd"])
    #expect(recording.axes == [.init("x", unit: "m")])
    #expect(recording.actuators == [.init("x", unit: "N", range: -8...8)])
    var noise = Random(seed: 9)
    for (i, frame) in recording.frames.enumerated() {
      let readings = frame.readings
      #expect(readings.positions.count == 1 && abs(readings.positions[0] - frame.poses[0].position.x) < 1e-9)
      #expect(readings.contacts == [false])
      #expect(readings.quantities == [TrackedQuantity("steps", unit: "", Double(i), target: 5)])
      guard i > 0 else {
        #expect(readings.rewards.isEmpty && readings.efforts == [0])
        continue
      }
      let action = Float(noise.uniform(-1...1))
      #expect(readings.rewards == [1, action, 0])
      #expect(abs(readings.efforts[0] - 8 * Double(action)) < 1e-6)
    }
  }

  @Test func breakdownsEndIt() throws {
    var probe = Probe()
    probe.showsOddAfter = 3
    let entry = Catalog.Entry("cart", Cart(actuator: .velocity(limit: 50, speed: 1)), probe)
    let recording = try #require(
      try entry.record(ZeroPolicy(spec: try entry.spec()), seed: 5, noise: Random(seed: 9)))
    #expect(recording.ending == .faulted)
    #expect(recording.frames.count == 3)
  }
}
