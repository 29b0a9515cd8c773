import Foundation
import Reporting
import TestRuns
import Testing
import Training

struct CheckReportTests {
  private let note = Finding(id: "a", severity: .note, sentence: "it is so", hint: "let it be")
  private let error = Finding(id: "b", severity: .error, place: "axis 'x'", sentence: "it is not", hint: "fix it")

  @Test func wordsStandWorstFirst() {
    let report = CheckReport(robot: "arm", findings: [note, error, note])
    #expect(
      report.text == """
        error: axis 'x': it is not; fix it
        note: it is so; let it be
        note: it is so; let it be
        arm: not ok, 1 error, 2 notes
        """)
    #expect(CheckReport(robot: "arm", findings: []).text == "arm: ok")
    #expect(CheckReport(robot: "arm", findings: [note]).isSound && !report.isSound)
  }

  @Test func theCommandTellsWhatItFinds() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(["check", "pendulum", "--json"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let json = try #require(try outcome.json() as? [String: Any])
    #expect(json["robot"] as? String == "pendulum" && json["ok"] as? Bool == true)
    #expect((json["findings"] as? [Any])?.count == 0)
    let unknown = try Command.run(["check", "pendlum"], in: folder)
    #expect(unknown.status != 0 && unknown.errors.contains("did you mean 'pendulum'?") && unknown.output.isEmpty)
  }

  @Test func findingsAsJSON() throws {
    let text = CheckReport(robot: "arm", findings: [note, error]).json.line
    #expect(
      text == #"{"robot":"arm","ok":false,"half_step":null,"findings":["#
        + #"{"id":"a","severity":"note","what":"it is so","where":null,"hint":"let it be"},"#
        + #"{"id":"b","severity":"error","what":"it is not","where":"axis 'x'","hint":"fix it"}]}"#)
  }
}
