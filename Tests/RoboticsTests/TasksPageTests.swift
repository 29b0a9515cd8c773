import Environments
import Foundation
import Robotics
import Testing

/// Four legs, each of which has a hip and ends in a foot.
private struct Dog: Robot {
  let name = "dog"
  var randomization: DomainRandomization { PatrolEntry.randomization }

  var body: Link {
    Link("trunk", .box(size: [0.5, 0.25, 0.1]), mass: 6, at: [0, 0, 0.33]) {
      for (x, end) in [(0.2, "front"), (-0.2, "rear")] {
        for (y, side) in [(0.12, "left"), (-0.12, "right")] {
          Link(
            "\(end) \(side) foot", .capsule(radius: 0.03, length: 0.22), mass: 0.5, center: [0, 0, -0.14],
            at: [x, y, -0.05],
            joint: .hinge(
              Axis(
                "\(end) \(side) hip", [0, 1, 0], range: -0.8...0.8,
                actuator: .position(stiffness: 60, damping: 2, limit: 20, reach: 0.5))))
        }
      }
    }
  }
}

@Suite struct TasksPageTests {
  private func file(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private func trimmed(_ line: some StringProtocol) -> String { line.trimmingCharacters(in: .whitespaces) }

  /// All Swift on the page is to be found, but for its indentation, in code that compiles.
  @Test func thePageShowsCodeThatCompiles() throws {
    let source = try file("Tests/RoboticsTests/TasksPage.swift").split(separator: "\n").map(trimmed)
      .filter { !$0.isEmpty }.joined(separator: "\n")
    var pieces: [String] = []
    var lines: [String]?
    func finishPiece() {
      if let piece = lines, !piece.isEmpty { pieces.append(piece.joined(separator: "\n")) }
    }
    for line in try file("Documentation/Tasks.md").split(separator: "\n") {
      if line == "```swift" || (lines != nil && (line.hasPrefix("// in ") || line == "// …")) {
        // Such a line says where the next ones are.
        finishPiece()
        lines = []
      } else if line == "```" {
        finishPiece()
        lines = nil
      } else {
        lines?.append(trimmed(line))
      }
    }
    #expect(pieces.count > 40)
    for piece in pieces { #expect(source.contains(piece), "not in TasksPage.swift:\n\(piece)") }
  }

  /// And it runs: the task is played, mirrored, saved and restored.
  @Test func itsTaskPlays() throws {
    var driver = try Driver(Dog(), Patrol())
    #expect(driver.env.symmetry != nil)
    for seed in 0..<3 {
      driver.reset(seed: UInt64(seed))
      for step in 0..<100 {
        let action = Float(step % 20) / 20 - 0.5
        let ending = driver.step(action, -action, -action, action).ending
        #expect(ending != .faulted, "\(driver.env.faultReason ?? "")")
        if ending.isOver { break }
      }
    }
    #expect(driver.env.defect == nil)
    var writer = StateWriter()
    driver.env.save(to: &writer)
    var other = try Driver(Dog(), Patrol())
    other.reset(seed: 9)
    var reader = StateReader(writer.bytes)
    try other.env.restore(from: &reader)
    _ = driver.step(0.1, 0.2, 0.3, 0.4)
    _ = other.step(0.1, 0.2, 0.3, 0.4)
    #expect(driver.observation == other.observation)
  }

  /// Every observation, term and ending comes out of the mirror as the page says.
  @Test func itsMirrorIsRight() throws {
    let play = try #require(try MirroredSteps(Dog(), Patrol(), episodes: 3, length: 20, seed: 4))
    #expect(play.isMemoryMirrored && play.steps.count > 20)
  }
}
