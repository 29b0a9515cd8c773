import Environments
import Physics

/// An env without simulated bodies that says what it looks like, so that pictures, replay pages, `watch` and `play` show it.
public protocol DrawnEnv: Env, ~Copyable {
  /// Draws the present state. It is called after `reset` and after each step, only for pictures, and must change
  /// nothing.
  ///
  /// Every call draws the same shapes in the same order: names, kinds and sizes stay as they were after the first `reset`, and
  /// only places and directions change.
  func draw(into drawing: inout Drawing)
}

/// What an env looks like at a moment: named shapes in space, in meters.
///
/// z points up. What happens in a vertical plane is drawn in that of x and z (y = 0), which the camera sees from the side of
/// negative y.
public struct Drawing: Sendable {
  /// The height of a floor, m; nil, and so at first, for none.
  public var floor: Double?
  private(set) var parts: [Recording.Part] = []
  private(set) var poses: [Pose] = []
  private(set) var markers: [Marker] = []
  private(set) var quantities: [TrackedQuantity] = []
  /// The first thing that cannot be drawn, in words.
  private(set) var mistake: String?

  init() {}

  /// A straight rod with round ends.
  ///
  /// - Parameters:
  ///   - name: one with "left" or "right" in it has the color of that side.
  ///   - start: m.
  ///   - end: m. The distance from `start` must be the same in every drawing.
  ///   - radius: m.
  public mutating func line(
    _ name: String, from start: Vector3, to end: Vector3, radius: Double = 0.02, tone: Decoration.Tone = .link
  ) {
    let way = end - start
    let turn = way.length > 0 ? Quaternion(from: .unitZ, to: way) : .identity
    shape(
      name, .capsule(radius: radius, length: way.length), at: Pose(position: (start + end) / 2, orientation: turn),
      tone: tone)
  }

  /// A ball, which is also a disk in a plane.
  ///
  /// - Parameters:
  ///   - center: m.
  ///   - radius: m.
  public mutating func ball(_ name: String, at center: Vector3, radius: Double, tone: Decoration.Tone = .link) {
    shape(name, .sphere(radius: radius), at: Pose(position: center), tone: tone)
  }

  /// A cuboid.
  ///
  /// - Parameters:
  ///   - center: m.
  ///   - size: full edge lengths along x, y and z, m.
  ///   - tilt: rad about the y axis: a positive one turns the upper side towards x.
  public mutating func box(
    _ name: String, at center: Vector3, size: Vector3, tilt: Double = 0, tone: Decoration.Tone = .link
  ) {
    shape(
      name, .box(size: size), at: Pose(position: center, orientation: Quaternion(angle: tilt, axis: .unitY)), tone: tone
    )
  }

  /// Any shape.
  ///
  /// - Parameter pose: of the shape's own frame: its center, and where its z axis (the length of a capsule or a cylinder)
  ///   points.
  public mutating func shape(_ name: String, _ shape: Shape, at pose: Pose, tone: Decoration.Tone = .link) {
    let decoration = Decoration(shape, pose: .identity, tone: tone)
    if mistake == nil, let problem = Self.problem(of: decoration, at: pose) {
      mistake = "'\(printable(name))' \(problem)"
    }
    parts.append(Recording.Part(name: name, parent: nil, colliders: [], decorations: [decoration]))
    poses.append(pose)
  }

  /// A point to reach, such as a goal; the number of them must be the same in every drawing.
  public mutating func mark(_ point: Vector3, radius: Double) {
    if mistake == nil, !point.isFinite || !(radius.isFinite && radius > 0) {
      mistake = "a mark is at \(point) with a radius of \(radius); both must be finite, the radius above 0"
    }
    markers.append(Marker(at: point, radius: radius))
  }

  /// A quantity to be shown beside the picture, with what is asked of it, if anything; the same ones in every drawing.
  public mutating func show(_ quantity: TrackedQuantity) { quantities.append(quantity) }

  private static func problem(of decoration: Decoration, at pose: Pose) -> String? {
    guard decoration.isDrawable else { return "is \(decoration.shape); every dimension must be finite and above 0" }
    return pose.isFinite ? nil : "is at \(pose.position), which is not finite, or has no direction"
  }

  /// How the shapes differ from those of `first`, in words; nil if they do not.
  func difference(from first: Drawing) -> String? {
    for (now, then) in zip(parts, first.parts) {
      guard now.name == then.name else { return "'\(now.name)' is drawn where '\(then.name)' was at first" }
      let (shape, shapeThen) = (now.decorations[0].shape, then.decorations[0].shape)
      guard shape.isSame(as: shapeThen) else { return "'\(now.name)' is \(shape) and was \(shapeThen) at first" }
    }
    let counts = [
      ("shapes", parts.count, first.parts.count), ("marks", markers.count, first.markers.count),
      ("quantities", quantities.count, first.quantities.count),
    ]
    for (things, now, then) in counts where now != then { return "\(now) \(things) are drawn; \(then) were at first" }
    return nil
  }
}

extension Shape {
  /// Whether kind and sizes are the same, except rounding.
  fileprivate func isSame(as other: Shape) -> Bool {
    let isNear = { (a: Double, b: Double) in abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-3) }
    return switch (self, other) {
    case (.box(let a), .box(let b)): isNear(a.x, b.x) && isNear(a.y, b.y) && isNear(a.z, b.z)
    case (.sphere(let a), .sphere(let b)): isNear(a, b)
    case (.capsule(let a, let m), .capsule(let b, let n)), (.cylinder(let a, let m), .cylinder(let b, let n)):
      isNear(a, b) && isNear(m, n)
    default: false
    }
  }
}
