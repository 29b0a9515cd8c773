import Environments
import Robotics
import Testing

struct GaitClockTests {
  private func clock(at phase: Double) -> GaitClock {
    var clock = GaitClock(period: 0.8, stance: 0.6)
    clock.begin(at: phase)
    return clock
  }

  @Test func goesRound() {
    var clock = clock(at: 0.9)
    clock.advance(by: 0.16)
    #expect(abs(clock.phase - 0.1) < 1e-12)
    for _ in 0..<40 { clock.advance(by: 0.02) }
    #expect(abs(clock.phase - 0.1) < 1e-12)
  }

  @Test func feetAreHalfAStrideApart() {
    let clock = clock(at: 0.7)
    #expect(abs(clock.phase(ofFoot: 0) - 0.7) < 1e-12)
    #expect(abs(clock.phase(ofFoot: 1) - 0.2) < 1e-12)
  }

  /// The switches stand at 0 and 0.6, each spread over 0.1: over ±0.05 the demand rises or falls by 2.
  @Test(arguments: [
    (0.0, 0.0), (0.02, 0.4), (0.05, 1), (0.3, 1), (0.55, 1), (0.58, 0.4), (0.6, 0), (0.62, -0.4), (0.65, -1),
    (0.8, -1), (0.95, -1), (0.98, -0.4),
  ])
  func demandOfALeftFoot(_ phase: Double, _ demand: Double) {
    #expect(abs(clock(at: phase).demand(ofFoot: 0) - demand) < 1e-12)
    let shifted = phase < 0.5 ? phase + 0.5 : phase - 0.5
    #expect(abs(clock(at: shifted).demand(ofFoot: 1) - demand) < 1e-12)
  }

  @Test func softnessSpreadsTheSwitch() {
    #expect(abs(clock(at: 0.02).demand(ofFoot: 0, softness: 0.2) - 0.2) < 1e-12)
    #expect(clock(at: 0.02).demand(ofFoot: 0, softness: 0.01) == 1)
  }

  @Test func phaseStandsOnACircle() {
    #expect(clock(at: 0).sine == 0 && clock(at: 0).cosine == 1)
    #expect(abs(clock(at: 0.25).sine - 1) < 1e-12 && abs(clock(at: 0.25).cosine) < 1e-12)
    #expect(abs(clock(at: 2.0 / 3).cosine + 0.5) < 1e-12)
  }

  @Test func savesItsPhase() throws {
    let clock = clock(at: 0.123)
    var writer = StateWriter()
    clock.save(to: &writer)
    var other = GaitClock(period: 0.8, stance: 0.6)
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(other.phase == clock.phase && reader.isAtEnd)
  }
}
