import Foundation
import PPORobot
import Testing

@Suite struct OutputTests {
  @Test func jsonEscapesAndKeepsOrder() {
    let json = JSON.object([("b", .text("a\"\\\n\u{1}é")), ("a", .array([.whole(1), .null, .flag(true)]))])
    #expect(json.line == #"{"b":"a\"\\\n\u0001é","a":[1,null,true]}"#)
  }

  @Test(arguments: [0.1, 1e-300, -123456.789, 1e22, .leastNonzeroMagnitude, 3.0])
  func jsonNumbersReadBack(_ value: Double) throws {
    let text = JSON.array([.number(value)]).line
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double]
    #expect(read == [value])
  }

  @Test func jsonHasNoNotANumber() {
    #expect(JSON.array([.number(.nan), .number(.infinity)]).line == "[null,null]")
  }

  @Test func jsonDocument() {
    let json = JSON.object([("a", .array([.whole(1), .whole(2)])), ("b", .object([]))])
    #expect(json.document == "{\n  \"a\": [1,2],\n  \"b\": {}\n}")
  }

  @Test(
    arguments: [
      (0, "0"), (20, "20"), (18.24, "18.2"), (0.9349, "0.93"), (0.01234, "0.012"), (1234.4, "1,234"), (-160.04, "-160"),
      (99.97, "100"), (9.996, "10"), (1.5e-7, "1.5e-7"), (-2e12, "-2e12"), (.nan, "–"), (-0.00001, "-1e-5"),
      (0.00024, "2.4e-4"), (0.001, "0.001"), (999.96, "1,000"),
      (12_345_678, "12,345,678"),
    ] as [(Double, String)])
  func shortNumbers(_ value: Double, _ text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test func otherNumbers() {
    #expect(NumberText.grouped(1_234_567) == "1,234,567")
    #expect(NumberText.grouped(-999) == "-999")
    #expect(NumberText.grouped(1234.5) == "1,235" || NumberText.grouped(1234.5) == "1,234")
    #expect(NumberText.grouped(-1e15) == "-1,000,000,000,000,000")
    for value in [Double.nan, .infinity, -.infinity, 1e19, 1e300] { #expect(NumberText.grouped(value) == "–") }
    for places in [12, 18, 19, 400] { #expect(NumberText.fixed(9.99e11, places: places) == "–") }
    #expect(NumberText.fixed(0.5, places: 17) == "0.50000000000000000")
    #expect(NumberText.fixed(-0.004, places: 2) == "0.00")
    #expect(NumberText.clock(53.4) == "0:53")
    #expect(NumberText.clock(3723) == "1:02:03")
    #expect(NumberText.clock(.infinity) == "–")
    #expect(NumberText.duration(0.47) == "0.47 s")
  }

  @Test func quantities() {
    #expect(Quantity("speed_m_s").phrase(for: 0.934) == "speed 0.93 m/s")
    #expect(Quantity("roll_deg").phrase(for: 3) == "roll 3°")
    #expect(Quantity("double_support").phrase(for: 0.25) == "double support 0.25")
    #expect(Quantity("distance_m").title == "distance (m)")
    #expect(Quantity("_m").title == "m")
  }

  @Test func table() {
    #expect(TextTable([["a", "bb"], ["ccc", "d"]]).text == "a    bb\nccc   d")
  }

  @Test func record() {
    var record = Record()
    record.add("a,b", 1)
    record.add("c", 0.5)
    record.add("d", .nan)
    #expect(record.header == "\"a,b\",c,d")
    #expect(record.line == "1,0.5,")
  }

  @Test func shellWords() {
    #expect(Shell.quoted("runs/biped/2026-07-29_14-03-22") == "runs/biped/2026-07-29_14-03-22")
    #expect(Shell.quoted("it's here") == #"'it'\''s here'"#)
    #expect(Shell.quoted("") == "''")
  }

  @Test func nearestName() {
    #expect(NearestName.distance("kitten", "sitting") == 3)
    #expect(NearestName.suggestion(for: "bipde", among: ["arm", "biped"]) == "biped")
    #expect(NearestName.suggestion(for: "helicopter", among: ["arm", "biped"]) == nil)
    #expect(NearestName.suggestion(for: "x", among: []) == nil)
  }

  @Test func textInJSONHasNothingThatATerminalObeys() throws {
    let text = "a\u{1B}[2J\u{7F}\u{9B}1m\u{202E}\u{2028}\u{E0001}é\u{1F600}\n"
    let line = JSON.text(text).line
    #expect(line == #""a\u001b[2J\u007f\u009b1m\u202e\u2028\udb40\udc01é"# + "\u{1F600}" + #"\n""#)
    #expect(try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed) as? String == text)
  }

  @Test func textFromOutsideStaysOnOneLine() {
    #expect(quoted("a\nb\u{1B}c") == #"'a\u{A}b\u{1B}c'"#)
    #expect(quoted(String(repeating: "x", count: 1000)).count == 83)
  }

  @Test func checkpointsWaitWhereTheyAreDear() {
    var rhythm = SavingRhythm(interval: 4)
    #expect(!rhythm.isDue(after: 3.9))
    #expect(rhythm.isDue(after: 4))
    rhythm.saved(after: 4, taking: 0.01)
    #expect(!rhythm.isDue(after: 7.9))
    #expect(rhythm.isDue(after: 8))
    rhythm.saved(after: 8, taking: 1)
    #expect(!rhythm.isDue(after: 27))
    #expect(rhythm.isDue(after: 28))
  }

  @Test func checkpointsAfterEveryIterationCostWhatTheyMay() {
    var rhythm = SavingRhythm(interval: 0, start: 10)
    rhythm.saved(after: 10, taking: 5)
    #expect(rhythm.isDue(after: 10))
  }

  @Test func aResumedTrainingCountsFromItsCheckpoint() {
    let rhythm = SavingRhythm(interval: 4, start: 100)
    #expect(!rhythm.isDue(after: 103.9))
    #expect(rhythm.isDue(after: 104))
  }
}

@Suite struct ProgressLineTests {
  private let line = ProgressLine(
    robot: "biped", steps: 845_000, totalSteps: 2_000_000, episodeReturn: 123.4, lengthSeconds: 14.2,
    stepsPerSecond: 21_300, secondsLeft: 53)

  @Test func plain() {
    #expect(
      line.plain
        == "biped   42%  845,000 of 2,000,000 steps  return 123.4  length 14.2 s  21,300 steps/s  ETA 0:53")
  }

  @Test(arguments: 0...200)
  func fitsEveryWidth(_ width: Int) {
    #expect(line.live(width: width, hasColor: false).count <= width)
  }

  @Test func leavesOutWhatMattersLeast() {
    #expect(line.live(width: 90, hasColor: false).contains("steps/s"))
    let narrow = line.live(width: 50, hasColor: false)
    #expect(!narrow.contains("steps/s"))
    #expect(narrow.contains("ETA 0:53"))
  }

  @Test func colorTakesNoRoom() {
    let plain = line.live(width: 80, hasColor: false)
    let colored = line.live(width: 80, hasColor: true)
    let escapes = colored.split(separator: "\u{1B}[").count - 1
    #expect(escapes == 3)
    #expect(!plain.contains("\u{1B}"))
  }

  @Test func nothingIsKnownAtFirst() {
    let first = ProgressLine(
      robot: "arm", steps: 0, totalSteps: 10, episodeReturn: nil, lengthSeconds: nil, stepsPerSecond: .nan,
      secondsLeft: .nan)
    #expect(first.plain == "arm    0%  0 of 10 steps  0 steps/s  ETA –")
  }
}
