import ArgumentParser
import Environments
import Learning
import Networks
import Rendering
import Reporting
import Robotics
import Storage
import Training

/// Shows a policy's gait as a picture or a film.
struct RenderCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draws a picture, a strip of pictures or a film of a policy.",
    discussion: """
      Name the robot, a policy or both, as for evaluate, and --out. The ending of its name selects the format: .png, a \
      picture, or with --strip several side by side; .gif, an animation that loops; .mp4, a film, which needs ffmpeg. No \
      display or GPU is needed, and the same options give the same file.

      The episode is that of '\(Program.name) evaluate' with the same --seed: the first, or number --episode. Left limbs are \
      orange, right ones blue; a target of the task is a red ball.

      A GIF for a README:      \(Program.name) render --robot biped --from 3 --loop --out biped.gif
      A strip for a paper:     \(Program.name) render --robot biped --from 3 --strip 6 --out biped.png
      """)

  @OptionGroup var robot: RobotChoice

  @Option(help: "A policy file, a run directory (its best policy), or a policy the robot comes with, such as zero.")
  var policy: String?

  @Option(help: ArgumentHelp("The file to write; its name ends in .png, .gif or .mp4.", valueName: "file"))
  var out: String

  @Option(parsing: .unconditional, help: "Seed of the start. (default: 0)")
  var seed: String?

  @Option(parsing: .unconditional, help: "Number of the episode, from 0. (default: 0)")
  var episode: String?

  @Flag(help: "Sample actions as in training; without it a trained policy takes the mean action.")
  var stochastic = false

  @Option(
    parsing: .unconditional,
    help: "Seconds of the episode to skip at its start. (default: 0; half of the episode for a single picture)")
  var from: String?

  @Option(
    parsing: .unconditional,
    help: "Seconds to show, at most to the end of the episode. (default: 4 for .gif, 1 for a strip, all for .mp4)")
  var seconds: String?

  @Option(parsing: .unconditional, help: "Pictures per second. (default: 25 for .gif, 50 for .mp4)")
  var fps: String?

  @Flag(help: "Shorten the film, by up to half, so that its end matches its start and it repeats without a jump.")
  var loop = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pixels; of each picture for a strip. (default: 960x600 for .png, 480x300 for .gif, 1280x720 for .mp4, "
        + "240x320 for a strip)", valueName: "WxH"))
  var size: String?

  @Option(parsing: .unconditional, help: "Number of pictures side by side, --seconds from the first to the last.")
  var strip: String?

  @Option(
    parsing: .unconditional,
    help: "Direction of the camera about the vertical, degrees: 0 ahead of the robot, 90 to its left. (default: -60)")
  var azimuth: String?

  @Option(parsing: .unconditional, help: "Height of the camera, degrees above the horizon. (default: 14)")
  var elevation: String?

  @Option(parsing: .unconditional, help: "Size of the robot in the picture; at 1 it just fits. (default: 1)")
  var zoom: String?

  @Option(parsing: .unconditional, help: "Threads to use. (default: all processors)")
  var threads: String?

  var subject: String? { policy }

  func run(with catalog: Catalog) throws {
    let robot = try robot.chosen()
    guard robot != nil || policy != nil else {
      throw CommandError("nothing to show; give --robot NAME, --policy PATH or both")
    }
    let format = try PictureFormat(
      of: out, strip: try strip.map { try OptionText.whole($0, for: "--strip", in: 2...32) })
    let settings = try settings(for: format)
    let seed = try OptionText.evaluationSeed(seed)
    let episode = try episode.map { try OptionText.whole($0, for: "--episode", in: 0...999_999) } ?? 0
    let workers = Workers(threads: try OptionText.threads(threads))
    let subject = try PolicySource.find(
      robot: robot, policy: policy, in: catalog, stochastic: stochastic, notify: Output.show)
    let recording = try Evaluator(entry: subject.entry, workers: workers)
      .record(subject.policy, episode: episode, seed: seed, for: .evaluation)
    guard let recording else {
      throw ReportingError.nothingToShow(of: subject.entry)
    }
    let (times, loop) = try settings.times(in: recording)
    let studio = Studio(
      recording, window: times[0]...times[times.count - 1], loop: loop, view: settings.view, width: settings.width,
      height: settings.height)
    let film = Film(studio: studio, times: times, workers: workers)
    switch format {
    case .still, .strip: try AtomicFile.write(try PNG.encode(film.strip()), to: out)
    case .animation: try AtomicFile.write(film.gif(framesPerSecond: settings.framesPerSecond), to: out)
    case .film:
      StopRequest.ignoreClosedPipes()
      try FilmWriter.write(film, settings, to: out)
    }
    Output.note(
      "\(out): \(times.count == 1 ? "1 picture" : "\(times.count) pictures") of an episode of "
        + "\(NumberText.short(recording.seconds)) s"
        + (recording.ground == nil ? "" : "; the floor's squares are \(NumberText.short(studio.cell)) m"))
  }

  private func settings(for format: PictureFormat) throws -> PictureSettings {
    var settings = PictureSettings(format)
    if let size { (settings.width, settings.height) = try PictureSettings.size(size, for: format) }
    if let from { settings.from = try OptionText.number(from, for: "--from", in: .from(0, to: 1e6)) }
    if let seconds {
      guard format != .still else {
        throw CommandError("--seconds is the length of a film or a strip; a single picture only takes --from")
      }
      settings.seconds = try OptionText.number(seconds, for: "--seconds", in: .from(0.01, to: 1e6))
    }
    if let fps {
      guard let range = format.framesPerSecond else {
        throw CommandError("--fps is for .gif and .mp4; a .png is a single picture")
      }
      settings.framesPerSecond = try OptionText.number(fps, for: "--fps", in: range)
    }
    guard !loop || format.framesPerSecond != nil else {
      throw CommandError("--loop is for .gif and .mp4; a .png is a single picture")
    }
    settings.repeats = loop
    if let azimuth {
      settings.view.azimuth = try OptionText.number(azimuth, for: "--azimuth", in: .from(-360, to: 360))
    }
    if let elevation {
      settings.view.elevation = try OptionText.number(elevation, for: "--elevation", in: .from(-80, to: 85))
    }
    if let zoom { settings.view.zoom = try OptionText.number(zoom, for: "--zoom", in: .from(0.1, to: 10)) }
    return settings
  }
}
