import Environments
import Foundation
import Physics
import Robotics
import Testing

struct MeasuresTests {
  @Test func closenessFallsToOneOverEAtItsWidth() {
    #expect(closeness(1.5, to: 1.5, width: 0.2) == 1)
    #expect(abs(closeness(1.3, to: 1.5, width: 0.2) - 0.36787944117144233) < 1e-12)
    #expect(abs(closeness(1.7, to: 1.5, width: 0.2) - 0.36787944117144233) < 1e-12)
  }

  @Test func uprightnessFallsWithTheTilt() {
    #expect(uprightness(.identity) == 1)
    #expect(uprightness(Pose(orientation: Quaternion(angle: 2, axis: .unitZ))) == 1)
    let tilt = Pose(orientation: Quaternion(angle: 0.3, axis: .unitY))
    #expect(abs(uprightness(tilt, width: sin(0.3)) - exp(-1)) < 1e-12)
    #expect(abs(uprightness(tilt) - exp(-pow(sin(0.3) / 0.12, 2))) < 1e-12)
  }

  @Test func toleranceIsOneInsideAndATenthAtTheMargin() {
    #expect(tolerance(0.3, in: 0.2...0.4, margin: 0.5) == 1)
    #expect(abs(tolerance(0.9, in: 0.2...0.4, margin: 0.5) - 0.1) < 1e-12)
    #expect(abs(tolerance(-0.3, in: 0.2...0.4, margin: 0.5) - 0.1) < 1e-12)
    #expect(abs(tolerance(0.65, in: 0.2...0.4, margin: 0.5) - 0.5623413251903491) < 1e-12)
    #expect(tolerance(0.4001, in: 0.2...0.4) == 0)
    #expect(tolerance(.infinity, in: 1 ... .infinity) == 1)
  }

  /// Axes: lift −2…2, extension −0.1…0.3, tilt and pan −1.5…1.5; all rest at 0.
  @Test func axesAreMeasuredAgainstTheirRestAndTheirStops() throws {
    var sim = try Simulation(RobotModel(Chain()))
    sim.place(at: sim.rootPose, positions: [0.5, 0.28, -0.3, 1.45])
    #expect(abs(sim.deviation(ofAxes: [0, 2]) - (0.25 + 0.09)) < 1e-6)
    #expect(sim.deviation(ofAxes: []) == 0 && sim.deviation(ofAxes: [4]).isNaN && sim.deviation(ofAxes: [-1]).isNaN)
    // 2 cm and 0.05 rad before their stops.
    #expect(abs(sim.nearnessToStops() - (0.8 + 0.5)) < 1e-6)
    #expect(abs(sim.nearnessToStops(margin: 0.04) - 0.5) < 1e-6)
    sim.place(at: sim.rootPose, positions: [-2.05, 0.1, 0, 0])
    #expect(abs(sim.nearnessToStops() - 1.5) < 1e-6)
  }

  @Test func actionsAreRememberedAndCompared() throws {
    var memory = ActionMemory(count: 2)
    #expect(memory.change(to: [3, -4] as [Float]) == 25)
    #expect(memory.change(to: [2, -4] as [Float]) == 1)
    #expect(memory.size == 20)
    #expect((memory[0], memory[1]) == (2, -4))
    var writer = StateWriter()
    memory.save(to: &writer)
    var other = ActionMemory(count: 2)
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(other.size == 20)
    memory.begin()
    #expect(memory.size == 0 && memory.count == 2)
  }
}

extension ActionMemory {
  fileprivate mutating func change(to action: [Float]) -> Double { change(to: action.span) }
}
