import Physics
import Robotics
import Testing

struct RobotTests {
  @Test func aControlStepIsItsSubsteps() {
    #expect(Stepping(substep: 0.005, substeps: 4).controlInterval == 0.02)
    #expect(Stepping(substep: 0.25, substeps: 3).controlInterval == 0.75)
  }

  @Test func robotsStepAsTheFrameworkDoesUnlessTheySayOtherwise() {
    #expect(Block().stepping == Stepping())
    #expect(Chain().stepping != Stepping())
    #expect(Stepping().gravity == [0, 0, -9.81])
  }
}
