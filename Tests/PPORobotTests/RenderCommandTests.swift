import Environments
import Foundation
import PPORobot
import Robotics
import Robots
import TestRuns
import TestSupport
import Testing
import Training

/// What a user of `ppo-robot render` sees.
@Suite struct RenderCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func render(_ arguments: String..., environment: [String: String] = [:]) throws -> Command.Outcome {
    try Command.run(["render"] + arguments, in: folder, environment: environment)
  }

  /// The size of a PNG file, if it is a sound one.
  private func size(of name: String) throws -> [UInt32] {
    let file = [UInt8](try folder.data(name))
    var (width, height): (UInt32, UInt32) = (0, 0)
    try #require(unsafe test_png_read(file, file.count, &width, &height, nil) == 1)
    var pixels = [UInt8](repeating: 0, count: Int(3 * width * height))
    try #require(unsafe test_png_read(file, file.count, &width, &height, &pixels) == 1)
    #expect(Set(pixels).count > 20)
    return [width, height]
  }

  @Test func aStillIsTheSameEveryTime() throws {
    for (name, threads) in [("a.png", "1"), ("b.png", "2")] {
      let outcome = try render("--robot", "biped", "--size", "120x80", "--threads", threads, "--out", name)
      #expect(outcome.status == 0 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("\(name): 1 picture of an episode of "))
    }
    #expect(try size(of: "a.png") == [120, 80])
    #expect(try folder.data("a.png") == folder.data("b.png"))
    _ = try render("--robot", "biped", "--size", "120x80", "--episode", "1", "--out", "c.png")
    #expect(try folder.data("a.png") != folder.data("c.png"))
    #expect(folder.contents == ["a.png", "b.png", "c.png"])
  }

  @Test func aStripStandsSideBySide() throws {
    let outcome = try render("--robot", "arm", "--policy", "zero", "--strip", "3", "--size", "40x50", "--out", "s.PNG")
    #expect(outcome.status == 0)
    #expect(try size(of: "s.PNG") == [3 * 40 + 2 * 4, 50])
  }

  @Test func anAnimationIsTheSameEveryTime() throws {
    for (name, threads) in [("a.gif", "1"), ("b.gif", "2")] {
      let outcome = try render(
        "--robot", "arm", "--policy", "random", "--size", "80x60", "--seconds", "0.5", "--fps", "20", "--threads",
        threads, "--out", name)
      #expect(outcome.status == 0)
      #expect(outcome.errors.hasPrefix("\(name): 10 pictures"))
    }
    let file = [UInt8](try folder.data("a.gif"))
    #expect(file.starts(with: Array("GIF89a".utf8)) && file.last == 0x3B)
    #expect(file == [UInt8](try folder.data("b.gif")))
  }

  @Test func aFallEndsTheFilm() throws {
    let outcome = try render("--robot", "biped", "--policy", "zero", "--size", "32x32", "--out", "a.gif", "--fps", "5")
    #expect(outcome.status == 0)
    let words = outcome.errors.split(separator: " ")
    #expect(Int(words[1]).map { (1..<20).contains($0) } == true)
    let late = try render("--robot", "biped", "--policy", "zero", "--from", "19", "--out", "b.gif")
    #expect(late.status != 0)
    #expect(late.errors.hasPrefix("Error: the episode lasts "))
  }

  /// A stand-in for ffmpeg, which the machine may not have: it keeps what it is given.
  @Test func aFilmGoesThroughFFmpeg() throws {
    let script = try folder.write("#!/bin/sh\nfor last; do :; done\ncat >\"${last#file:}\"\n", to: "ffmpeg")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let path = folder.path + ":/usr/bin:/bin"
    let arguments = ["--robot", "arm", "--policy", "zero", "--size", "40x30", "--seconds", "0.2", "--out"]
    let outcome = try Command.run(["render"] + arguments + ["a.mp4"], in: folder, environment: ["PATH": path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.data("a.mp4").count == 10 * 40 * 30 * 3)

    _ = try folder.write("#!/bin/sh\necho no such luck >&2\nexit 3\n", to: "ffmpeg")
    let failure = try Command.run(["render"] + arguments + ["b.mp4"], in: folder, environment: ["PATH": path])
    #expect(failure.status != 0)
    #expect(
      failure.errors
        == "no such luck\nError: ffmpeg could not write 'b.mp4'; its message above may say why\n")

    let missing = try Command.run(["render"] + arguments + ["c.mp4"], in: folder, environment: ["PATH": "/nowhere"])
    #expect(missing.status != 0)
    #expect(
      missing.errors
        == "Error: .mp4 needs ffmpeg, which is not installed; install it, or give --out a name that ends in .gif\n")
    #expect(folder.contents == ["a.mp4", "ffmpeg"])
  }

  @Test(arguments: [
    (["--out", "a.png"], "nothing to show; give --robot NAME, --policy PATH or both"),
    (["--robot", "biped", "--out", "a.jpg"], "--out is 'a.jpg'; it must end in .png, .gif or .mp4"),
    (["--robot", "biped", "--out", "none/a.png"], "there is no folder 'none'"),
    (["--robot", "biped", "--strip", "3", "--out", "a.gif"], "--strip makes a .png, and --out is 'a.gif'"),
    (
      ["--robot", "biped", "--strip", "1", "--out", "a.png"], "--strip is '1'; it must be a whole number from 2 to 32"
    ),
    (
      ["--robot", "biped", "--size", "100", "--out", "a.png"],
      "--size is '100'; it must be two whole numbers from 16 to 4096, as in --size 640x400"
    ),
    (
      ["--robot", "biped", "--size", "5000x10", "--out", "a.png"],
      "--size is '5000x10'; it must be two whole numbers from 16 to 4096, as in --size 640x400"
    ),
    (
      ["--robot", "biped", "--size", "101x100", "--out", "a.mp4"],
      "--size is '101x100'; both numbers must be even for .mp4, as in --size 640x400"
    ),
    (["--robot", "biped", "--fps", "60", "--out", "a.gif"], "--fps is '60'; it must be a number from 1 to 50"),
    (["--robot", "biped", "--fps", "10", "--out", "a.png"], "--fps is for .gif and .mp4; a .png is a single picture"),
    (
      ["--robot", "biped", "--seconds", "2", "--out", "a.png"],
      "--seconds is the length of a film or a strip; a single picture only takes --from"
    ),
    (["--robot", "biped", "--loop", "--out", "a.png"], "--loop is for .gif and .mp4; a .png is a single picture"),
    (["--robot", "biped", "--zoom", "0", "--out", "a.png"], "--zoom is '0'; it must be a number from 0.1 to 10"),
    (["--robot", "biped", "--seed", "-1", "--out", "a.png"], "--seed is '-1'; it must be"),
    (["--robot", "arm", "--policy", "zer", "--out", "a.png"], "no policy 'zer'; did you mean 'zero'?"),
  ])
  func mistakesGetOneLine(_ arguments: [String], _ message: String) throws {
    let outcome = try Command.run(["render"] + arguments, in: folder)
    #expect(outcome.status > 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: \(message)"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(folder.contents.isEmpty)
  }

  @Test func aFolderIsNoPicture() throws {
    try FileManager.default.createDirectory(atPath: folder.path + "/a.png", withIntermediateDirectories: true)
    let outcome = try render("--robot", "arm", "--out", "a.png")
    #expect(outcome.status > 0 && outcome.errors == "Error: 'a.png' is a folder\n")
  }

  /// What is shown is what `evaluate` counts.
  @Test(arguments: [0, 1, 5]) func theEpisodeIsTheEvaluations(_ number: Int) throws {
    let entry = try #require(Catalog.standard["arm"])
    let policy = try PolicySource.find(robot: "arm", policy: nil, in: .standard, stochastic: false).policy
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: 1))
    let evaluation = try #require(try evaluator.evaluate(policy, episodes: 6, seed: 3, for: .evaluation))
    let recording = try #require(try evaluator.record(policy, episode: number, seed: 3, for: .evaluation))
    let record = evaluation.episodes[number]
    #expect(recording.frames.count == record.length + 1)
    #expect(recording.ending == record.ending)
    #expect(recording.episodeReturn == record.episodeReturn)
  }

  @Test func laterBatchesAreTheEvaluationsToo() throws {
    let entry = try #require(Catalog.standard["biped"])
    let policy = ZeroPolicy(spec: try entry.spec())
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: 2))
    let last = Evaluator.batch + 2
    let evaluation = try #require(try evaluator.evaluate(policy, episodes: last + 1, seed: 1, for: .evaluation))
    let recording = try #require(try evaluator.record(policy, episode: last, seed: 1, for: .evaluation))
    #expect(recording.episodeReturn == evaluation.episodes[last].episodeReturn)
    #expect(recording.frames.count == evaluation.episodes[last].length + 1)
  }
}
