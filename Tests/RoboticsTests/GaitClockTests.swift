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

  /// In the mirror the feet change sides; the clock then stands half a stride later.
  @Test(arguments: [GaitClock.walk, GaitClock.trot, GaitClock.tripod])
  func aMirroredGaitIsHalfAStrideOff(_ offsets: [Double]) {
    #expect(offsets.count.isMultiple(of: 2))
    for phase in [0.0, 0.13, 0.4, 0.77] {
      var (clock, later) = (
        GaitClock(period: 0.5, stance: 0.6, offsets: offsets), GaitClock(period: 0.5, stance: 0.6, offsets: offsets)
      )
      clock.begin(at: phase)
      later.begin(at: phase)
      later.advance(by: 0.25)
      for foot in offsets.indices {
        // Left feet are even, the right one beside each is next.
        #expect(abs(clock.demand(ofFoot: foot) - later.demand(ofFoot: foot ^ 1)) < 1e-9)
      }
      #expect(abs(clock.sine + later.sine) < 1e-12 && abs(clock.cosine + later.cosine) < 1e-12)
    }
  }

  @Test func aTripodAlwaysStands() {
    var clock = GaitClock(period: 0.6, stance: 0.55, offsets: GaitClock.tripod)
    for step in 0..<60 {
      clock.begin(at: Double(step) / 60)
      let standing = (0..<6).count { clock.phase(ofFoot: $0) < 0.55 }
      #expect(standing == 3 || standing == 6)
    }
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
