import Environments
import Foundation
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// Which episodes a replay shows, and how it is written.
@Suite struct ReplayTests {
  @Test func theChoiceIsBestMedianWorst() {
    func numbers(_ returns: [Double]) -> [String] {
      EvaluationReport.highlights(among: returns).map { "\($0.label) \($0.number)" }
    }
    #expect(numbers([3, 1, 5, 4, 2]) == ["best 2", "median 0", "worst 1"])
    #expect(numbers([3, 1]) == ["best 0", "worst 1"])
    #expect(numbers([7]) == ["best 0"])
    #expect(numbers([]) == [])
    // The first of equals is the best.
    #expect(numbers([2, 2, 2]) == ["best 0", "median 1", "worst 2"])
  }

  /// Each robot that comes with a policy, in less than 2 MiB for what `evaluate` shows, and needing nothing else.
  @Test(arguments: Catalog.standard.entries.filter { $0.trainedPolicy != nil && $0.robot != nil }.map(\.name))
  func everyRobotFits(_ name: String) throws {
    let subject = try PolicySource.find(robot: name, policy: nil, in: .standard, stochastic: false)
    let evaluator = Evaluator(entry: subject.entry, workers: Workers(threads: 1))
    let recording = try #require(try evaluator.record(subject.policy, episode: 0, seed: 0, for: .evaluation))
    #expect(recording.frames.count > 1)
    let episodes = ["best", "median", "worst"].map { EpisodeDocument.Episode($0, number: 0, recording) }
    let page = WebPage.replay(
      title: name, heading: name, subtitle: "",
      document: EpisodeDocument(episodes, spec: try subject.entry.spec()))
    // Sixty seconds at the least for three episodes of 20 s.
    let perMinute = Double(page.utf8.count) / max(1, 3 * recording.seconds / 60)
    #expect(perMinute < 2 * 1024 * 1024)
    #expect(page.contains("default-src 'none'"))
    for word in ["https://", "src=", "import("] { #expect(!page.contains(word)) }
    #expect(page.ranges(of: "http://").count == page.ranges(of: "\"http://www.w3.org/2000/svg\"").count)
  }

  @Test func whatIsPutIntoAPageStaysText() {
    #expect(WebPage.escaped("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;")
    #expect(WebPage.embedded(.text("</script><b>")) == "\"\\u003c/script>\\u003cb>\"")
    #expect(WebPage.filled("<{{a}}|{{b}}>", ["a": "{{b}}", "b": "1"]) == "<{{b}}|1>")
  }

  @Test func aTrainingEndsWithAReplay() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["train", "--robot", "cartpole", "--steps", "4096", "--run-dir", "run", "--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\nReplay: run/replay.html (open it in a browser)\n"))
    #expect(try folder.text("run/replay.html").contains("<h1>cartpole</h1>"))
    // The same bytes from a run that is its twin.
    _ = try Command.run(
      ["train", "--robot", "cartpole", "--steps", "4096", "--run-dir", "twin", "--threads", "1", "--quiet"], in: folder)
    #expect(try folder.data("run/replay.html") == folder.data("twin/replay.html"))
  }

  @Test(
    "Bad input gets one line",
    arguments: [
      (["--robot", "arm", "--episodes", "1", "--replay", "no/such/p.html"], "no/such/p.html"),
      (["--robot", "arm", "--replay"], "Missing value"),
    ])
  func badInput(_ arguments: [String], _ words: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(["evaluate"] + arguments, in: folder)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(folder.contents == [])
  }
}
