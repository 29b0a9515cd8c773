import Environments
import Learning
import Rendering
import Robotics
import Training

/// What kind of file shows the robot.
package enum PictureFormat: Equatable {
  case still
  case strip(count: Int)
  case animation
  case film

  /// - Parameters:
  ///   - path: the file's name, whose ending decides.
  ///   - count: how many stills, where a strip is wanted.
  package init(of path: String, strip count: Int?) throws {
    let name = path.lowercased()
    guard let ending = ["png", "gif", "mp4"].first(where: { name.hasSuffix(".\($0)") }) else {
      throw ReportingError("--out is \(quoted(path)); it must end in .png, .gif or .mp4")
    }
    guard count == nil || ending == "png" else {
      throw ReportingError("--strip makes a .png, and --out is \(quoted(path))")
    }
    // Checked first, as drawing takes a while.
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      let folder = String(path[..<slash])
      guard Files.kind(at: folder) == .folder else { throw ReportingError("there is no folder \(quoted(folder))") }
    }
    guard Files.kind(at: path) != .folder else { throw ReportingError("\(quoted(path)) is a folder") }
    self =
      switch ending {
      case "gif": .animation
      case "mp4": .film
      default: count.map { .strip(count: $0) } ?? .still
      }
  }

  /// Possible rates of pictures; nil for a still picture. Viewers of GIFs slow down what is faster.
  package var framesPerSecond: NumberRange? {
    switch self {
    case .still, .strip: nil
    case .animation: .from(1, to: 50)
    case .film: .from(1, to: 120)
    }
  }
}

/// What is shown, and how large.
package struct PictureSettings {
  package let format: PictureFormat
  package var width: Int
  package var height: Int
  /// Seconds left out at the start; half of the episode if nil.
  package var from: Double?
  /// Seconds shown; all if infinite.
  package var seconds: Double
  package var framesPerSecond = 0.0
  /// Whether a film ends as it begins.
  package var repeats = false
  package var view = Studio.View()

  /// What is good for most.
  package init(_ format: PictureFormat) {
    self.format = format
    switch format {
    case .still: (width, height, from, seconds) = (960, 600, nil, 0)
    case .strip: (width, height, from, seconds) = (240, 320, 0, 1)
    case .animation: (width, height, from, seconds, framesPerSecond) = (480, 300, 0, 4, 25)
    case .film: (width, height, from, seconds, framesPerSecond) = (1280, 720, 0, .infinity, 50)
    }
  }

  /// Reads `--size`.
  package static func size(_ text: String, for format: PictureFormat) throws -> (width: Int, height: Int) {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { SettingKind.whole(String($0)) }
    guard numbers.count == 2, let width = numbers[0], let height = numbers[1], (16...4096).contains(width),
      (16...4096).contains(height)
    else {
      throw ReportingError(
        "--size is \(quoted(text)); it must be two whole numbers from 16 to 4096, as in --size 640x400")
    }
    // The usual form of color in films shares it between two pixels either way.
    guard format != .film || (width % 2 == 0 && height % 2 == 0) else {
      throw ReportingError("--size is \(quoted(text)); both numbers must be even for .mp4, as in --size 640x400")
    }
    return (width, height)
  }

  /// When pictures are taken, in seconds from the recording's start; and the stretch that they repeat, if they do.
  package func times(in recording: Recording) throws -> (times: [Double], loop: Loop?) {
    guard !recording.frames.isEmpty else { throw ReportingError("the episode failed at its very start") }
    let length = recording.seconds
    let start = from ?? length / 2
    guard start <= length else {
      throw ReportingError(
        "the episode lasts \(NumberText.short(length)) s; --from is \(NumberText.short(start)) and must not be later")
    }
    let span = min(seconds, length - start)
    switch format {
    case .still: return ([start], nil)
    case .strip(let count): return ((0..<count).map { start + span * Double($0) / Double(count - 1) }, nil)
    case .animation, .film:
      let loop = repeats ? Loop(in: recording, window: start...start + span) : nil
      let (start, span) = loop.map { ($0.start, $0.seconds) } ?? (start, span)
      let count = max(1, Int((span * framesPerSecond).rounded()))
      // The picture after a loop's last is its first.
      let step = loop == nil ? 1 / framesPerSecond : span / Double(count)
      return ((0..<count).map { start + step * Double($0) }, loop)
    }
  }
}
