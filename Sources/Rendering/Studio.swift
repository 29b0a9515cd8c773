import Physics
import Robotics

/// Films a recording: sets the robot on a floor, lights it, and moves a camera along with it.
public struct Studio: Sendable {
  /// From where the robot is seen.
  public struct View: Sendable, Equatable {
    /// Where the camera stands, degrees about the vertical: 0 ahead of a robot that faces x, 90 to its left.
    public var azimuth: Double
    /// Degrees above the horizon, −89…89.
    public var elevation: Double
    /// How large the robot is; at 1 all of it fits with a margin.
    public var zoom: Double

    public init(azimuth: Double = -60, elevation: Double = 14, zoom: Double = 1) {
      self.azimuth = azimuth
      self.elevation = elevation
      self.zoom = zoom
    }
  }

  private let recording: Recording
  private let view: View
  private let width: Int
  private let height: Int
  private let figure: Figure
  /// Where the camera looks at each recorded moment, m.
  private let path: CameraPath
  /// Edge of the floor's squares, m.
  public let cell: Double
  /// The unit direction in which they lie in rows.
  private let heading: Vector3

  /// - Parameters:
  ///   - window: the seconds of the recording that will be shown; the robot is to be in the picture during these.
  ///   - loop: the stretch that is to be shown again and again, if one is. The floor's pattern then follows the robot's way
  ///     and fits into it, so that it has no jump either.
  ///   - width: pixels.
  ///   - height: pixels.
  /// - Precondition: the recording has a frame.
  public init(
    _ recording: Recording, window: ClosedRange<Double>, loop: Loop? = nil, view: View, width: Int, height: Int
  ) {
    self.recording = recording
    self.view = view
    self.width = width
    self.height = height
    figure = Figure(recording)
    path = CameraPath(recording, window: window, loop: loop, view: view, aspect: Double(width) / Double(height))
    let round = Self.cell(for: path.size)
    if let loop, path.travels, loop.travel.length > round {
      heading = loop.travel.normalized
      cell = loop.travel.length / max(2, 2 * (loop.travel.length / (2 * round)).rounded())
    } else {
      heading = .unitX
      cell = round
    }
  }

  /// A round length of about two fifths of the robot's size, rounded down: 1, 2 or 5 times a power of ten, m.
  private static func cell(for size: Double) -> Double {
    var unit = 1e-3
    while unit * 10 <= 0.4 * size, unit < 1e3 { unit *= 10 }
    return [5, 2, 1].map { $0 * unit }.first { $0 <= 0.4 * size } ?? unit
  }

  /// The picture `time` seconds after the recording's start.
  public func picture(at time: Double) -> Image { Painter(scene(at: time)).draw() }

  package func scene(at time: Double) -> Scene {
    let frame = recording.frame(at: time)
    let origin = path.target(at: time)
    let degree = Float.pi / 180
    let camera = Camera(
      lookingAt: .zero, azimuth: Float(view.azimuth) * degree, elevation: Float(view.elevation) * degree,
      distance: Float(path.distance), width: width, height: height)
    var solids: [Solid] = []
    for (pose, pieces) in zip(frame.poses, figure.pieces) {
      for piece in pieces {
        solids.append(Solid(piece.shape, at: pose * piece.pose, origin: origin, color: piece.color))
      }
    }
    solids += figure.scenery.map { Solid($0.shape, at: $0.pose, origin: origin, color: $0.color) }
    let size = Float(path.size)
    let floor = recording.ground.map { ground in
      let period = 2 * cell
      let remainder = { (x: Double) in Float(x - (x / period).rounded(.down) * period) }
      return Scene.Floor(
        height: Float(ground.height - origin.z), cell: Float(cell), heading: SIMD2(Float(heading.x), Float(heading.y)),
        phase: SIMD2(
          remainder(origin.dot(heading)), remainder(origin.y * heading.x - origin.x * heading.y)),
        fade: 1.1 * size...3.6 * size)
    }
    return Scene(
      camera: camera, solids: solids,
      balls: frame.markers.map { Scene.Ball(center: Vector($0.position - origin), radius: Float($0.radius)) },
      floor: floor, occlusionReach: 0.14 * size)
  }
}
