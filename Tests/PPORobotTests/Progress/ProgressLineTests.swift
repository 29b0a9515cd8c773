import PPORobot
import Testing
import Training

@Suite struct ProgressLineTests {
  private let line = TrainingProgress(
    robot: "biped", steps: 845_000, totalSteps: 2_000_000, episodeReturn: 123.4, lengthSeconds: 14.2,
    stepsPerSecond: 21_300, secondsLeft: 53)

  @Test func plain() {
    #expect(
      line.plainLine
        == "biped   42%  845,000 of 2,000,000 steps  return 123.4  length 14.2 s  21,300 steps/s  ETA 0:53")
  }

  @Test(arguments: 0...200)
  func fitsEveryWidth(_ width: Int) {
    #expect(line.liveLine(width: width, hasColor: false).count <= width)
  }

  @Test func leavesOutWhatMattersLeast() {
    #expect(line.liveLine(width: 90, hasColor: false).contains("steps/s"))
    let narrow = line.liveLine(width: 50, hasColor: false)
    #expect(!narrow.contains("steps/s"))
    #expect(narrow.contains("ETA 0:53"))
  }

  @Test func colorTakesNoRoom() {
    let plain = line.liveLine(width: 80, hasColor: false)
    let colored = line.liveLine(width: 80, hasColor: true)
    let escapes = colored.split(separator: "\u{1B}[").count - 1
    #expect(escapes == 3)
    #expect(!plain.contains("\u{1B}"))
  }

  @Test func nothingIsKnownAtFirst() {
    let first = TrainingProgress(
      robot: "arm", steps: 0, totalSteps: 10, episodeReturn: nil, lengthSeconds: nil, stepsPerSecond: .nan,
      secondsLeft: .nan)
    #expect(first.plainLine == "arm    0%  0 of 10 steps  0 steps/s  ETA –")
  }
}
