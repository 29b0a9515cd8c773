import Physics
import Rendering
import Robotics
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct LoopTests {
  /// A body and a leg that swings once in 0.8 s, on the way to somewhere between x and y.
  private var recording: Recording {
    let leg = [Collider(.capsule(radius: 0.1, length: 0.4))]
    var recording = Recording(
      robot: "walker",
      parts: [.init(name: "body", parent: nil, colliders: leg), .init(name: "leg", parent: 0, colliders: leg)],
      ground: Ground(), interval: 0.02)
    for step in 0...400 {
      let time = 0.02 * Double(step)
      let place = Vector3(1.1 * time, 0.3 * time, 0.7)
      let swing = Quaternion(angle: 0.6 * sin(2 * .pi * time / 0.8), axis: .unitY)
      recording.frames.append(
        .init(poses: [Pose(position: place), Pose(position: place - [0, 0, 0.4], orientation: swing)]))
    }
    return recording
  }

  @Test func itHoldsWholeStrides() throws {
    let loop = try #require(Loop(in: recording, window: 1...5))
    #expect(loop.start >= 1 && loop.start + loop.seconds <= 5.001 && loop.seconds >= 2)
    #expect(abs((loop.seconds / 0.8).rounded() * 0.8 - loop.seconds) < 1e-9)
    let way = loop.travel - loop.seconds * Vector3(1.1, 0.3, 0)
    #expect(way.length < 1e-9)
  }

  @Test func itsEndsLookTheSame() throws {
    let loop = try #require(Loop(in: recording, window: 1...5))
    let studio = Studio(
      recording, window: loop.start...loop.start + loop.seconds, loop: loop, view: .init(), width: 96, height: 64)
    let (first, last) = (studio.scene(at: loop.start), studio.scene(at: loop.start + loop.seconds))
    for (a, b) in zip(first.solids, last.solids) { #expect((a.center - b.center).length < 1e-4) }
    let (one, other) = (try #require(first.floor), try #require(last.floor))
    let period = Float(2 * studio.cell)
    let shift = (one.phase - other.phase) / period
    #expect(abs(shift.x - shift.x.rounded()) < 1e-3 && abs(shift.y - shift.y.rounded()) < 1e-3)
    #expect((0.15...0.7).contains(studio.cell))
    // In between it goes on.
    let middle = try #require(studio.scene(at: loop.start + 0.1).floor)
    #expect(abs(middle.phase.x - one.phase.x) > 0.05)
  }

  @Test func aMomentIsNoLoop() {
    #expect(Loop(in: recording, window: 1...1.02) == nil)
    #expect(Loop(in: recording, window: 7.98...20) == nil)
  }
}
