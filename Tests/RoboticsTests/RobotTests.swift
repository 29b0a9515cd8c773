import Physics
import Robotics
import Testing

struct RobotTests {
  @Test func aControlStepIsItsSubsteps() {
    #expect(PhysicsSettings(substep: 0.005, substeps: 4).controlInterval == 0.02)
    #expect(PhysicsSettings(substep: 0.25, substeps: 3).controlInterval == 0.75)
  }

  @Test func robotsStepAsTheFrameworkDoesUnlessTheySayOtherwise() {
    #expect(Block().physics == PhysicsSettings())
    #expect(Chain().physics != PhysicsSettings())
    #expect(PhysicsSettings().gravity == [0, 0, -9.81])
  }
}
