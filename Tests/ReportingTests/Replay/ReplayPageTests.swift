import Environments
import Foundation
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// The replay page in a real browser.
@Suite(.serialized, .enabled(if: Browser.isInstalled, "needs Chromium; './setup --tests' installs it"))
struct ReplayPageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func page(of robot: String, episodes: Int = 5) throws -> String {
    let outcome = try Command.run(
      ["evaluate", "--robot", robot, "--episodes", "\(episodes)", "--replay", "\(robot).html"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors == "\(robot).html: the best, the median and the worst episode; open it in a browser\n")
    return "file://\(folder.path)/\(robot).html"
  }

  @Test(arguments: ["biped", "arm", "quadruped"])
  func itLooksAsItShould(_ robot: String) throws {
    let browser = try Browser()
    let page = try page(of: robot)
    for look in Browser.Look.all {
      try browser.take(look)
      try browser.open(page)
      #expect(try browser.text("return document.title") == "\(robot) · replay")
      // Many shades, so neither blank nor flat, and the robot's own among them.
      let picture = try browser.picture(of: "#view")
      #expect(Browser.colors(picture) > 1_000)
      #expect(try browser.number("return document.documentElement.scrollWidth - innerWidth") <= 0, "\(look)")
      for name in ["contacts", "rewards", "axes", "efforts", "quantities"] where name != "contacts" || robot != "arm" {
        #expect(
          try browser.run(
            "return [player.charts.\(name)].flatMap(c => c.charts ?? c).some(c => !c.section.hidden && c.series.length > 0)"
          )
            as? Bool == true, "\(robot) \(name)")
      }
      // No more curves than can be distinguished, each in a style of its own.
      let styles = "group.charts.map(c => c.styles.map(s => s.color + s.dash))"
      #expect(
        try browser.run(
          "return Object.values(player.charts).filter(group => group.charts).flatMap(group => \(styles))"
            + ".every(all => all.length <= 8 && new Set(all).size === all.length)") as? Bool == true)
      #expect(try browser.run("return player.charts.contacts.section.hidden") as? Bool == (robot == "arm"))
      #expect(try browser.faults() == [], "\(look)")
      #expect(try browser.complaints() == [], "\(look)")
    }
  }

  @Test func itPlaysAndSeeks() throws {
    let browser = try Browser()
    try browser.open(page(of: "biped"))
    let seconds = try browser.number("return player.state.episode.seconds")
    #expect(abs(seconds - 20) < 1e-9)

    // It plays by itself.
    try browser.wait(until: "player.state.time > 0.7")
    try browser.run("document.getElementById('play').click()")
    #expect(try browser.run("return player.state.isPlaying") as? Bool == false)
    let after = try browser.picture(of: "#view")
    // The first moment already tells how things are.
    try browser.run("player.seek(0)")
    try browser.wait(until: "document.getElementById('clock').textContent === '0.00 / 20.00 s'")
    let texts = try browser.run(
      "return [player.charts.contacts, ...player.charts.rewards.charts].map(c => [...c.legend.querySelectorAll('output')]"
        + ".map(e => e.textContent).join(' '))")
    let shown = try #require(texts as? [String])
    #expect(shown[0].contains("down"))
    #expect(shown.dropFirst().allSatisfy { $0.contains { ("1"..."9").contains($0) } })
    #expect(try browser.picture(of: "#view") != after)
    try browser.run("player.seek(0.7)")
    // Standing still, nothing moves.
    let still = try browser.picture(of: "#view")
    #expect(try browser.picture(of: "#view") == still)

    // The slider takes the keys that sliders take, and says where it stands.
    try browser.run("document.getElementById('time').focus()")
    try browser.press("End")
    try browser.wait(until: "player.state.time === player.state.episode.seconds")
    try browser.wait(until: "document.getElementById('clock').textContent === '20.00 / 20.00 s'")
    #expect(try browser.picture(of: "#view") != still)
    try browser.press("Home")
    try browser.wait(until: "player.state.time === 0")

    // The view turns by keys.
    try browser.run("document.getElementById('view').focus()")
    let straight = try browser.picture(of: "#view")
    try browser.press("ArrowRight")
    #expect(try browser.picture(of: "#view") != straight)
    try browser.press("0")
    #expect(try browser.picture(of: "#view") == straight)

    // Playing at the end starts again.
    try browser.run("player.seek(20); player.toggle()")
    try browser.wait(until: "player.state.isPlaying && player.state.time < 5")

    // A click on a chart goes there.
    try browser.run("player.toggle(); player.seek(0)")
    try browser.run(
      """
      const plot = document.querySelector(".plot"), box = plot.getBoundingClientRect();
      plot.dispatchEvent(new PointerEvent("pointerdown", {buttons: 1, clientX: box.right - 10, clientY: box.top + 9}));
      """)
    try browser.wait(until: "player.state.time === 5")
    #expect(try browser.complaints() == [])
  }

  /// Everything in the page is what the recording holds, to half a quantum.
  @Test func itHoldsTheEpisode() throws {
    let browser = try Browser()
    try browser.open(page(of: "quadruped"))
    let entry = try #require(Catalog.standard["quadruped"])
    let subject = try PolicySource.find(robot: "quadruped", policy: nil, in: .standard, stochastic: false)
    let number = Int(try browser.number("return player.state.episode.number"))
    let recording = try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1))
        .record(subject.policy, episode: number, seed: 0, for: .evaluation))

    func expect(_ script: String, _ wanted: (Recording.Frame) -> Double, within tolerance: Double) throws {
      let values = try #require(try browser.run("return Array.from(player.state.episode.\(script))") as? [Double])
      #expect(values.count == recording.frames.count)
      for (value, frame) in zip(values, recording.frames) {
        guard abs(value - wanted(frame)) > tolerance else { continue }
        Issue.record("\(script): \(value) for \(wanted(frame))")
        return
      }
    }
    for part in recording.parts.indices {
      try expect("poses[\(7 * part)]", { $0.poses[part].position.x }, within: 0x1p-15)
      try expect("poses[\(7 * part + 6)]", { $0.poses[part].orientation.z }, within: 0x1p-15)
      try expect("contacts[\(part)].values", { $0.readings.contacts[part] ? 1 : 0 }, within: 0)
    }
    for (i, name) in recording.rewardTerms.enumerated() {
      #expect(try browser.text("return player.state.episode.rewards[\(i)].name") == name)
      let greatest = recording.frames.map { abs(Double($0.readings.rewards.isEmpty ? 0 : $0.readings.rewards[i])) }
        .max()
      try expect(
        "rewards[\(i)].values", { $0.readings.rewards.isEmpty ? 0 : Double($0.readings.rewards[i]) },
        within: max(greatest ?? 0, 1e-300) / 4096)
    }
    for axis in recording.axes.indices {
      try expect("axes[\(axis)].values", { $0.readings.positions[axis] }, within: 0x1p-15)
      try expect("efforts[\(axis)].values", { $0.readings.efforts[axis] }, within: 40.0 / 4096)
    }
    for index in 0..<3 {
      try expect("quantities[\(index)].values", { $0.readings.quantities[index].actual }, within: 10.0 / 4096)
      try expect("quantities[\(index)].target", { $0.readings.quantities[index].target ?? .nan }, within: 1.0 / 4096)
    }
  }

  @Test func withoutWebGLTheCurvesTellTheEpisode() throws {
    let browser = try Browser(hasWebGL: false)
    try browser.open(page(of: "arm"))
    #expect(
      try browser.text("return document.getElementById('no-picture').innerText")
        == "There is no picture: this browser has no WebGL 2. The curves tell the episode.")
    #expect(try browser.run("return document.getElementById('view').hidden") as? Bool == true)
    try browser.wait(until: "player.state.time > 0.5")
    let picture = try browser.picture(of: "#charts")
    #expect(Browser.colors(picture) > 20)
    #expect(try browser.faults() == [])
  }
}
