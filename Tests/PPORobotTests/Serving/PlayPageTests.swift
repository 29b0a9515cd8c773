import Storage
import TestRuns
import Training

#if Watch
  import Foundation
  import Testing

  /// The page of `play` in a real browser.
  @Suite(.serialized, .enabled(if: Browser.isInstalled, "needs Chromium; './setup --tests' installs it"))
  struct PlayPageTests {
    /// Runs `play` and shows its page; the process ends as Ctrl-C ends it.
    private func play(_ robot: String, _ look: (Browser) throws -> Void) throws {
      let session = try ServingCommand(["play", "--robot", robot, "--port", "0"])
      defer { #expect(session.stop() == 0) }
      let browser = try Browser()
      try browser.open(session.address)
      try browser.wait(until: "parseFloat(document.querySelector('#facts dd')?.textContent) > 0.2")
      try look(browser)
      for look in Browser.Look.all {
        try browser.take(look)
        #expect(try browser.number("return document.documentElement.scrollWidth - innerWidth") <= 0, "\(look)")
        #expect(try browser.faults() == [], "\(look)")
      }
      #expect(try browser.complaints() == [])
    }

    /// What a gauge says: reached and wanted.
    private func gauge(_ number: Int) -> String {
      "document.querySelectorAll('.gauge output')[\(number)].textContent.replaceAll('−', '-').match(/-?[0-9.]+/g).map(Number)"
    }

    @Test func aRobotIsDrivenByKeys() throws {
      try play("quadruped") { browser in
        try browser.hold("w")
        try browser.wait(until: "\(gauge(0))[1] === 1 && \(gauge(0))[0] > 0.6")
        try browser.hold("e")
        try browser.wait(until: "\(gauge(2))[1] === -1 && \(gauge(2))[0] < -0.4")
        #expect(try browser.number("return document.querySelectorAll('kbd.held').length") == 2)
        try browser.release("e")
        try browser.release("w")
        try browser.wait(until: "\(gauge(0))[1] === 0 && Math.abs(\(gauge(0))[0]) < 0.3")
      }
    }

    @Test func aRobotIsPushedWithTheMouse() throws {
      try play("quadruped") { browser in
        let box = try browser.run(
          "const r = document.getElementById('view').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]"
        )
        let numbers = try #require(box as? [Double])
        let isOver = "return document.getElementById('view').classList.contains('pushes')"
        var found: (Int, Int)?
        for row in 3..<8 where found == nil {
          for column in 3..<8 where found == nil {
            let (x, y) = (
              Int(numbers[0] + numbers[2] * Double(column) / 10), Int(numbers[1] + numbers[3] * Double(row) / 10)
            )
            try browser.point(x, y)
            if try browser.run(isOver) as? Bool == true { found = (x, y) }
          }
        }
        let (x, y) = try #require(found)
        // The push is over within a second, in which a page that is drawn by software may not be drawn once. What the
        // simulation sends is all there.
        try browser.run(
          """
          window.fastest = null;
          const socket = new WebSocket(`ws://${location.host}/play`);
          socket.onmessage = ({data}) => {
            const {quantities} = JSON.parse(data);
            window.fastest = Math.max(window.fastest, Math.hypot(quantities[0][0], quantities[1][0]));
          };
          """)
        try browser.wait(until: "window.fastest !== null")
        let before = try browser.number("return window.fastest")
        #expect(before < 0.25)
        try browser.drag(x + 150, y)
        try browser.wait(until: "window.fastest > 0.4")
      }
    }

    @Test func aRobotWithoutCommandsIsOnlyPushed() throws {
      try play("cartpole") { browser in
        #expect(try browser.run("return document.getElementById('steering').hidden") as? Bool == true)
        let picture = try browser.picture(of: "#view")
        #expect(Browser.colors(picture) > 500)
      }
    }
  }
#endif
