import PPORobot
import TestRuns

#if Watch
  import Foundation
  import PPORobot
  import Robots
  import Testing

  /// The page of `train --watch` in a real browser.
  @Suite(.serialized, .enabled(if: Browser.isInstalled, "needs Chromium; './setup --tests' installs it"))
  struct WatchPageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expectGood(_ browser: Browser) throws {
      for look in Browser.Look.all {
        try browser.take(look)
        #expect(try browser.number("return document.documentElement.scrollWidth - innerWidth") <= 0, "\(look)")
        #expect(try browser.faults() == [], "\(look)")
      }
      #expect(try browser.complaints() == [])
    }

    @Test func aTrainingGrowsAndItsPolicyMoves() throws {
      let training = try ServingCommand([
        "train", "--robot", "biped", "--steps", "100000000", "--threads", "1", "--quiet", "--run-dir",
        folder.path + "/run", "--watch", "0",
      ])
      let steps = "document.querySelectorAll('#figures dd')[3]?.textContent"
      let (one, two) = (try Browser(), try Browser())
      for browser in [one, two] {
        try browser.open(training.address)
        try browser.wait(until: "document.querySelectorAll('.panels svg[role=img]').length > 9")
        #expect(try browser.text("return document.getElementById('name').textContent") == "biped")
      }
      // What matters most is in the window, whatever its page holds further down.
      try one.wait(until: "document.querySelectorAll('#key svg').length >= 2")
      let names =
        try one.run("return [...document.querySelectorAll('#figures dt')].map(e => e.textContent)") as? [String]
      #expect(names?.prefix(3) == ["Return", "Success", "Episode length"])
      let bottoms = "[...document.querySelectorAll('#key svg, #figures dd')].map(e => e.getBoundingClientRect().bottom)"
      #expect(try one.number("return Math.max(...\(bottoms)) - innerHeight") < 0)
      let before = try one.text("return \(steps)")
      // The policy of the last checkpoint walks of its own accord.
      try one.wait(until: "!document.getElementById('robot').hidden")
      try one.wait(until: "parseFloat(document.getElementById('clock').textContent) > 0.1")
      // The sky and the floor alone have some hundred colors.
      let picture = try one.picture(of: "#view")
      #expect(Browser.colors(picture) > 1_000)
      for browser in [one, two] { try browser.wait(until: "\(steps) !== '\(before)'") }
      try expectGood(one)
      #expect(training.stop() == 130)
      // A page that is still open says so.
      try two.wait(until: "document.getElementById('status').textContent.startsWith('No answer')")
    }

    /// The pendulum has no physics engine; it draws itself.
    @Test func anEnvThatDrawsItselfIsShown() throws {
      let train = ["train", "--robot", "pendulum", "--steps", "20000", "--quiet", "--run-dir", "run"]
      #expect(try Command.run(train, in: folder).status == 0)
      let server = try WatchServer(at: ServerAddress(host: nil, port: "0", option: "--port"))
      defer { server.close() }
      let browser = try Browser()
      try browser.open("http://127.0.0.1:\(server.port)/")
      try browser.wait(until: "document.getElementById('status').textContent === 'The training is starting.'")
      server.show(folder.path + "/run", in: .standard)
      try browser.wait(until: "document.getElementById('status').textContent === 'The training is complete.'")
      try browser.wait(until: "document.querySelectorAll('.panels svg[role=img]').length > 9")
      try browser.wait(until: "!document.getElementById('robot').hidden")
      try expectGood(browser)
    }
  }
#endif
