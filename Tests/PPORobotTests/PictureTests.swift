import Environments
import PPORobot
import Reporting
import Robotics
import Robots
import TestRuns
import Testing

/// Which envs can be shown.
@Suite struct PictureTests {
  private let catalog =
    Catalog.standard + [
      Catalog.Entry("walker", summary: "a point on a line", env: { try Walker() })
    ]

  @Test(arguments: [
    ["render", "walker", "--policy", "zero", "--out", "a.png"], ["play", "walker", "--policy", "zero"],
    ["evaluate", "walker", "--policy", "zero", "--episodes", "1", "--replay", "a.html"],
  ])
  func anEnvThatDrawsNothingHasNoPicture(_ arguments: [String]) {
    let error = #expect(throws: ReportingError.self) { try PPORobot.run(arguments, with: catalog) }
    #expect(
      error?.description == "robot 'walker' has no picture: its env has no simulated body and is no DrawnEnv")
  }

  @Test func thePendulumDrawsItself() throws {
    let folder = try TemporaryFolder()
    let arguments = ["pendulum", "--policy", "swing-up"]
    let picture = try Command.run(["render"] + arguments + ["--out", "a.png", "--size", "64x64"], in: folder)
    #expect(picture.status == 0 && picture.errors == "a.png: 1 picture of an episode of 10 s\n")
    let page = try Command.run(["evaluate"] + arguments + ["--episodes", "3", "--replay", "a.html"], in: folder)
    #expect(page.status == 0)
    let text = try folder.text("a.html")
    #expect(text.contains(#""name":"rod""#) && text.contains(#""name":"torque","unit":"N·m","range":[-2.0,2.0]"#))
  }
}
