import Environments
import Physics
import Robotics
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

struct TrackingMeterTests {
  private static let interval = 0.02

  private func command(_ forward: Double, _ sideways: Double, _ turning: Double, for seconds: Double = 5)
    -> VelocityCommand
  {
    var command = VelocityCommand(
      forward: forward...forward, sideways: sideways...sideways, turning: turning...turning, interval: seconds)
    var random = Random(seed: 1)
    command.begin(using: &random)
    return command
  }

  private func figures(of meter: TrackingMeter) -> (speed: Double, turn: Double) {
    var values = [-99.0, -99.0]
    var span = values.mutableSpan
    meter.write(into: &span)
    return (values[0], values[1])
  }

  /// What the meter says of a robot that goes `way(t)` in its heading, of `yaw(t)`, for `seconds` under `command`.
  private func figures(
    _ command: VelocityCommand, seconds: Double, forward: (Double) -> Double, sideways: (Double) -> Double = { _ in 0 },
    turning: (Double) -> Double = { _ in 0 }
  ) -> (speed: Double, turn: Double) {
    var command = command
    var meter = TrackingMeter()
    var (position, yaw) = (Vector3(4, -3, 0.3), 3.0)
    let pose = { Pose(position: position, orientation: Quaternion(roll: 0.1, pitch: -0.2, yaw: yaw)) }
    meter.begin(at: pose())
    // In steps fine enough that turning and going count as one motion.
    for step in 0..<Int((seconds / Self.interval).rounded()) {
      for part in 0..<20 {
        let time = Self.interval * (Double(step) + (Double(part) + 0.5) / 20)
        let heading = Quaternion(angle: yaw, axis: .unitZ)
        position += heading.act(on: [forward(time), sideways(time), 0]) * (Self.interval / 20)
        yaw += turning(time) * Self.interval / 20
      }
      meter.update(pose(), command: command, interval: Self.interval)
      command.advance(by: Self.interval)
    }
    return figures(of: meter)
  }

  @Test func aRobotThatObeysHasNoError() {
    let found = figures(
      command(0.8, -0.3, 1.5), seconds: 20, forward: { _ in 0.8 }, sideways: { _ in -0.3 }, turning: { _ in 1.5 })
    #expect(found.speed < 1e-3 && found.turn < 1e-9)
  }

  @Test func whatIsMissingIsTheError() {
    let found = figures(
      command(1, 0, -1), seconds: 20, forward: { _ in 0.7 }, sideways: { _ in 0.4 }, turning: { _ in -0.75 })
    #expect(abs(found.speed - 0.5) < 1e-3)
    #expect(abs(found.turn - 0.25) < 1e-9)
  }

  @Test func aGaitsSwayIsNoError() {
    let found = figures(
      command(1, 0, 0), seconds: 10, forward: { 1 + 0.6 * sin(2 * .pi * 2 * $0) },
      sideways: { 0.5 * cos(2 * .pi * $0) }, turning: { 0.8 * sin(2 * .pi * 2 * $0) })
    #expect(found.speed < 0.02 && found.turn < 0.02)
  }

  @Test func theFirstSecondUnderACommandDoesNotCount() {
    // It follows a second late, exactly as long as it may.
    let late = figures(command(1, 0, 0), seconds: 5, forward: { $0 < 1 ? -3 : 1 })
    #expect(late.speed < 1e-9)
    // A fifth of a second more is 0.8 m/s · 0.2 s in the first of four stretches.
    let later = figures(command(1, 0, 0), seconds: 5, forward: { $0 < 1.2 ? 0.2 : 1 })
    #expect(abs(later.speed - 0.16 / 4) < 1e-9)
    // And again after every change.
    let changing = figures(
      command(1, 0, 0, for: 2.5), seconds: 10, forward: { $0.truncatingRemainder(dividingBy: 2.5) < 1 ? 0 : 1 })
    #expect(changing.speed < 1e-9)
  }

  @Test func errorsOfBothSignsDoNotCancel() {
    let found = figures(
      command(0, 0, 0, for: 100), seconds: 9, forward: { Int($0).isMultiple(of: 2) ? 0.2 : -0.2 },
      turning: { Int($0).isMultiple(of: 2) ? -0.1 : 0.1 })
    #expect(abs(found.speed - 0.2) < 1e-2 && abs(found.turn - 0.1) < 1e-9)
  }

  @Test func tooShortAnEpisodeSaysNothing() {
    #expect(figures(command(1, 0, 0), seconds: 1.9, forward: { _ in 1 }).speed.isNaN)
    #expect(figures(command(1, 0, 0), seconds: 1.9, forward: { _ in 1 }).turn.isNaN)
    #expect(figures(command(1, 0, 0), seconds: 2, forward: { _ in 1 }).speed < 1e-9)
  }

  @Test func savesWhatItHasSeen() throws {
    let command = command(1, 0, 0, for: 100)
    var (meter, other, time) = (TrackingMeter(), TrackingMeter(), 0.0)
    var aged = command
    let see = { (meter: inout TrackingMeter, time: Double, command: VelocityCommand) in
      meter.update(
        Pose(position: [0.7 * time, time * time, 0], orientation: Quaternion(angle: 0.3 * time, axis: .unitZ)),
        command: command, interval: Self.interval)
    }
    meter.begin(at: .identity)
    for _ in 0..<130 {
      time += Self.interval
      see(&meter, time, aged)
      aged.advance(by: Self.interval)
    }
    var writer = StateWriter()
    meter.save(to: &writer)
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(reader.isAtEnd)
    for _ in 0..<130 {
      time += Self.interval
      see(&meter, time, aged)
      see(&other, time, aged)
      aged.advance(by: Self.interval)
    }
    #expect(figures(of: other) == figures(of: meter))
    #expect(figures(of: meter).speed > 0.1)
  }
}
