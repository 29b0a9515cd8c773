import Foundation
import TestSupport
import Testing

/// A real browser without a display, by the W3C's WebDriver protocol: Chromium, as `./setup --tests` installs it.
package final class Browser {
  package struct Look: Sendable, CustomStringConvertible {
    package var width = 1440
    package var height = 900
    package var isDark = false

    /// A desktop's window and a phone's, by day and by night.
    package static let all = [
      Look(), Look(isDark: true), Look(width: 390, height: 844), Look(width: 390, height: 844, isDark: true),
    ]

    package var description: String { "\(width) × \(height), \(isDark ? "dark" : "light")" }
  }

  package struct Failure: Error, CustomStringConvertible { package let description: String }

  /// Whether there is one. Where all tests must run, its absence shows as a failure.
  package static var isInstalled: Bool {
    let environment = ProcessInfo.processInfo.environment
    return environment["CI"] != nil
      || (environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/chromedriver")
      }
  }

  private let driver: Process
  private let address: String
  private let session: String

  /// - Parameter hasWebGL: whether pages can draw in three dimensions.
  package init(hasWebGL: Bool = true) throws {
    (driver, address) = try Self.startDriver()
    var arguments = [
      "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1",
    ]
    arguments += hasWebGL ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-3d-apis"]
    let capabilities: [String: Any] = [
      "capabilities": [
        "alwaysMatch": [
          "browserName": "chrome", "goog:chromeOptions": ["args": arguments],
          "goog:loggingPrefs": ["browser": "ALL"],
          // A machine that has other work as well may take this long; what never comes is a failure all the same.
          "timeouts": ["script": 300_000, "pageLoad": 300_000],
        ] as [String: Any]
      ]
    ]
    let answer = try Self.send("POST", "\(address)/session", capabilities)
    guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
      throw Failure(description: "no browser: \(answer)")
    }
    session = "\(address)/session/\(id)"
    try take(Look())
  }

  /// Makes pages see a screen of this kind.
  package func take(_ look: Look) throws {
    try tell(
      "Emulation.setDeviceMetricsOverride",
      ["width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.width < 500])
    try tell(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": look.isDark ? "dark" : "light"]]])
  }

  deinit {
    // The browser goes with its session; the driver takes no signal for an answer.
    _ = try? Self.send("DELETE", session)
    _ = try? Self.send("GET", "\(address)/shutdown")
    driver.waitUntilExit()
  }

  private static func startDriver() throws -> (Process, String) {
    // The port it finds free may be taken before it takes it.
    for _ in 0..<4 { if let found = try? startDriverOnce() { return found } }
    return try startDriverOnce()
  }

  private static func startDriverOnce() throws -> (Process, String) {
    let driver = Process()
    driver.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    driver.arguments = ["chromedriver", "--port=0"]
    let output = Pipe()
    driver.standardOutput = output
    driver.standardError = FileHandle.nullDevice
    try driver.run()
    var said = ""
    while true {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw Failure(description: "chromedriver left: \(said)") }
      said += String(decoding: piece, as: UTF8.self)
      if let port = try /on port (\d+)\./.firstMatch(in: said) { return (driver, "http://127.0.0.1:\(port.1)") }
    }
  }

  /// Asks the driver, by curl: Foundation's own client does not take this server's answers.
  private static func send(_ method: String, _ url: String, _ body: [String: Any]? = nil) throws -> Any {
    let curl = Process()
    curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    curl.arguments = ["curl", "--silent", "--show-error", "--request", method, "--data-binary", "@-", url]
    let (input, output) = (Pipe(), Pipe())
    (curl.standardInput, curl.standardOutput) = (input, output)
    try curl.run()
    input.fileHandleForWriting.write(try body.map { try JSONSerialization.data(withJSONObject: $0) } ?? Data())
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    curl.waitUntilExit()
    let answer = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    guard let value = answer?["value"] else { throw Failure(description: String(decoding: data, as: UTF8.self)) }
    if let failure = value as? [String: Any], let error = failure["error"] {
      throw Failure(description: "\(error): \(failure["message"] ?? "")")
    }
    return value
  }

  private func tell(_ command: String, _ parameters: [String: Any]) throws {
    _ = try Self.send("POST", "\(session)/goog/cdp/execute", ["cmd": command, "params": parameters])
  }

  /// Goes to a page.
  package func open(_ url: String) throws { _ = try Self.send("POST", "\(session)/url", ["url": url]) }

  /// What a function with this body returns in the page; a promise is waited for.
  @discardableResult
  package func run(_ script: String) throws -> Any {
    try Self.send("POST", "\(session)/execute/sync", ["script": script, "args": [Any]()])
  }

  package func number(_ script: String) throws -> Double {
    guard let value = try run(script) as? Double else { throw Failure(description: "no number: \(script)") }
    return value
  }

  package func text(_ script: String) throws -> String {
    guard let value = try run(script) as? String else { throw Failure(description: "no text: \(script)") }
    return value
  }

  /// Waits until `script` gives true; fails if it fails.
  package func wait(until script: String) throws {
    let look = "try { (\(script)) ? done(1) : setTimeout(look, 20) } catch (error) { fail(error) }"
    try run("return new Promise((done, fail) => { const look = () => { \(look) }; look() })")
  }

  /// Presses a key: a character, or a name such as "Tab" of the protocol's table.
  package func press(_ key: String) throws {
    try hold(key)
    try release(key)
  }

  package func hold(_ key: String) throws { try act("key", [["type": "keyDown", "value": Self.code(of: key)]]) }
  package func release(_ key: String) throws { try act("key", [["type": "keyUp", "value": Self.code(of: key)]]) }

  private static func code(of key: String) -> String {
    let codes = [
      "Tab": "\u{E004}", "End": "\u{E010}", "Home": "\u{E011}", "ArrowLeft": "\u{E012}", "ArrowRight": "\u{E014}",
    ]
    return codes[key] ?? key
  }

  /// Moves the mouse to a point of the page.
  package func point(_ x: Int, _ y: Int) throws {
    try act("pointer", [["type": "pointerMove", "duration": 0, "x": x, "y": y]])
  }

  /// Drags the mouse from where it is to a point of the page.
  package func drag(_ x: Int, _ y: Int) throws {
    try act(
      "pointer",
      [
        ["type": "pointerDown", "button": 0], ["type": "pointerMove", "duration": 100, "x": x, "y": y],
        ["type": "pointerUp", "button": 0],
      ])
  }

  private func act(_ kind: String, _ actions: [[String: Any]]) throws {
    let source: [String: Any] = ["type": kind, "id": kind, "actions": actions]
    _ = try Self.send("POST", "\(session)/actions", ["actions": [source]])
  }

  /// What an element looks like, all of it: its pixels, red, green and blue.
  ///
  /// The picture shows the state after earlier commands.
  package func picture(of selector: String) throws -> [UInt8] {
    let found = try Self.send("POST", "\(session)/element", ["using": "css selector", "value": selector])
    guard let element = (found as? [String: String])?.values.first else {
      throw Failure(description: "no \(selector)")
    }
    // The driver takes what the window shows of the element, be it a strip of it. A page that grows meanwhile moves it, and
    // a machine with other work can be too slow for the driver's patience.
    var failure = "it moves"
    for _ in 0..<10 {
      let box = try bringIntoView(selector)
      do {
        let text = try Self.send("GET", "\(session)/element/\(element)/screenshot") as? String
        guard let text, let data = Data(base64Encoded: text) else {
          throw Failure(description: "no picture of \(selector)")
        }
        let (pixels, size) = try Self.pixels(of: [UInt8](data))
        if try bringIntoView(selector) == box, abs(size[0] - box[2]) < 2, abs(size[1] - box[3]) < 2 { return pixels }
      } catch let error as Failure where error.description.hasPrefix("timeout") { failure = error.description }
    }
    throw Failure(description: "no picture of all of \(selector): \(failure)")
  }

  /// Moves an element to the middle of the window and waits until the page is drawn so.
  ///
  /// - Returns: left, top, width and height of what can be seen of it.
  private func bringIntoView(_ selector: String) throws -> [Double] {
    let box = try run(
      """
      const element = document.querySelector("\(selector)");
      element.scrollIntoView({block: "center", behavior: "instant"});
      // A request is drawn at the next frame, which is shown when the one after it begins.
      return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
        const {left, top, right, bottom} = element.getBoundingClientRect();
        const [x, y] = [Math.max(left, 0), Math.max(top, 0)];
        done([x, y, Math.min(right, innerWidth) - x, Math.min(bottom, innerHeight) - y]);
      })))
      """)
    // Whole numbers are not distinguished from others.
    guard let box = box as? [Any] else { throw Failure(description: "no place of \(selector): \(box)") }
    return box.compactMap { ($0 as? NSNumber)?.doubleValue }
  }

  private static func pixels(of file: [UInt8]) throws -> ([UInt8], size: [Double]) {
    var (width, height): (UInt32, UInt32) = (0, 0)
    try #require(unsafe test_png_read(file, file.count, &width, &height, nil) == 1)
    var pixels = [UInt8](repeating: 0, count: Int(3 * width * height))
    try #require(unsafe test_png_read(file, file.count, &width, &height, &pixels) == 1)
    return (pixels, [Double(width), Double(height)])
  }

  /// How many colors a picture has.
  package static func colors(_ pixels: [UInt8]) -> Int {
    Set(stride(from: 0, to: pixels.count, by: 3).map { pixels[$0..<$0 + 3] }).count
  }

  /// What the page and the browser complained of.
  package func complaints() throws -> [String] {
    let entries = try Self.send("POST", "\(session)/se/log", ["type": "browser"]) as? [[String: Any]]
    return (entries ?? []).compactMap { $0["message"] as? String }
  }

  /// What the accessibility checker axe finds wrong with the page.
  package func faults() throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let file = root.appendingPathComponent(".build/browser/axe.min.js").standardized
    try run(String(contentsOf: file, encoding: .utf8))
    let found = try run(
      """
      return axe.run().then(result => result.violations.map(
        fault => fault.id + ": " + fault.help + " at " + fault.nodes.map(node => node.target.join(" ")).join(", ")))
      """)
    return found as? [String] ?? ["axe gave no answer: \(found)"]
  }
}
