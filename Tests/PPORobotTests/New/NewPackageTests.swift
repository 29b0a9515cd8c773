import Foundation
import PPORobot
import TestRuns
import Testing

struct NewPackageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func package(_ name: String, _ framework: FrameworkSource = .folder("/a \"b\\c")) throws -> NewPackage {
    NewPackage(name: try PackageName(name, besides: ["biped"]), framework: framework)
  }

  private func text(_ path: String, of package: NewPackage) throws -> String {
    try #require(package.files.first { $0.path == path }).text
  }

  @Test func namesFollowFromOne() throws {
    let package = try package("two-leg-2")
    #expect(
      package.files.map(\.path) == [
        "Package.swift", "Sources/two-leg-2/main.swift", "Sources/two-leg-2/TwoLeg2.swift",
        "Sources/two-leg-2/Balance.swift", ".gitignore", "README.md",
      ])
    #expect(try text("Package.swift", of: package).contains("  name: \"two-leg-2\",\n"))
    #expect(try text("Sources/two-leg-2/main.swift", of: package).contains(".init(\"two-leg-2\", TwoLeg2(), Balance()"))
    #expect(
      try text("Sources/two-leg-2/TwoLeg2.swift", of: package).contains(
        "struct TwoLeg2: Robot {\n  let name = \"two-leg-2\""))
    for file in package.files { #expect(file.text.hasSuffix("\n") && !file.text.contains("\\#(")) }
  }

  @Test(arguments: [
    "", "-", "a-", "-a", "a--b", "A", "my robot", "../x", "/", "ä", "1a", "a_b", "a\nb", "a\0b",
    String(repeating: "a", count: 51), "class", "robot", "ppo-robot", "main", "biped",
  ])
  func namesThatCannotBe(_ name: String) {
    let error = #expect(throws: CommandError.self) { try PackageName(name, besides: ["biped"]) }
    #expect(error?.description.contains("\n") == false)
  }

  @Test func pathsAreQuotedInTheManifest() throws {
    #expect(
      try text("Package.swift", of: try package("x")).contains(#".package(name: "ppo-robot", path: "/a \"b\\c")"#))
    let remote = try text("Package.swift", of: try package("x", .repository(url: "https://example.org/a/robots.git")))
    #expect(remote.contains(#".package(url: "https://example.org/a/robots.git", branch: "main")"#))
    #expect(remote.contains(#".product(name: "PPORobot", package: "robots")"#))
  }

  @Test func whereTheFrameworkIs() throws {
    #expect(throws: CommandError.self) { try FrameworkSource(folder.path) }
    #expect(throws: CommandError.self) { try FrameworkSource("") }
    #expect(throws: CommandError.self) { try FrameworkSource("https://example.org/\"") }
    _ = try folder.write("let package = Package(\n  name: \"ppo-robot\",\n  platforms: []", to: "Package.swift")
    #expect(
      try FrameworkSource(folder.path + "/.")
        == .folder(URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path))
  }

  @Test func aFolderThatIsThereStaysAsItIs() throws {
    let package = try package("mine")
    #expect(try package.write(into: folder.path) == "\(folder.path)/mine")
    let before = folder.contents
    #expect(before.count == 9)
    #expect(throws: CommandError.self) { try package.write(into: folder.path + "/") }
    #expect(throws: CommandError.self) { try package.write(into: folder.path + "/none") }
    #expect(throws: CommandError.self) { try package.write(into: folder.path + "/mine/README.md") }
    #expect(folder.contents == before)
  }

  @Test func theCommandSaysWhatItWrote() throws {
    let outcome = try Command.run(["new", "mine", "--framework", "https://example.org/ppo-robot"], in: folder)
    #expect(outcome.status == 0 && outcome.lines.count == 2)
    #expect(outcome.lines[1] == "Next: cd mine && swift run -c release mine check mine")
    #expect(try folder.text("mine/Package.swift").contains("https://example.org/ppo-robot"))
  }
}
