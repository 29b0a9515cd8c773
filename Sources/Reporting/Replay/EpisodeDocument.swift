import Environments
import Physics
import Rendering
import Robotics
import Storage
import Training

/// Episodes as pages play them: a JSON document with what the robot looks like, and for every frame its poses
/// and readings.
package struct EpisodeDocument {
  /// A recorded episode with what it is called.
  package struct Episode {
    package var label: String
    /// Which of the evaluation's, from 0.
    package var number: Int
    package var recording: Recording

    package init(_ label: String, number: Int, _ recording: Recording) {
      self.label = label
      self.number = number
      self.recording = recording
    }
  }

  private let episodes: [Episode]
  private let spec: EnvSpec

  /// - Parameter episodes: of one robot, each with a frame.
  package init(_ episodes: [Episode], spec: EnvSpec) {
    self.episodes = episodes
    self.spec = spec
  }

  package var json: JSON {
    guard let first = episodes.first?.recording else { return .null }
    return .object(
      Self.outline(of: first) + [
        ("rewards", .array(first.rewardTerms.map { .object([("name", .text($0)), ("unit", .text(""))]) })),
        ("axes", .array(first.axes.map(Self.channel))),
        ("efforts", .array(first.actuators.map(Self.channel))),
        ("contacts", .array(first.parts.map { .object([("name", .text($0.name)), ("unit", .text(""))]) })),
        ("episodes", .array(episodes.map(episode))),
      ])
  }

  /// What a picture needs besides poses: the robot's parts, the floor, and the tracked quantities.
  ///
  /// - Parameter recording: with a frame.
  static func outline(of recording: Recording) -> [(key: String, value: JSON)] {
    let figure = Figure(recording)
    return [
      ("robot", .text(recording.robot)), ("interval", .number(recording.interval)),
      ("ground", .number(ifAny: recording.ground?.height)),
      ("parts", .array(zip(recording.parts, figure.pieces).map(part))),
      ("scenery", .array(figure.scenery.map(shape))), ("floats", .flag(recording.isFloating)),
      ("quantities", .array(recording.frames[0].readings.quantities.map(quantity))),
    ]
  }

  private static func quantity(_ quantity: TrackedQuantity) -> JSON {
    .object([
      ("name", .text(quantity.name)), ("unit", .text(quantity.unit)), ("has_target", .flag(quantity.target != nil)),
      ("direction", quantity.direction.map { .text($0.rawValue) } ?? .null),
    ])
  }

  private static func channel(_ channel: Recording.Channel) -> JSON {
    .object([
      ("name", .text(channel.name)), ("unit", .text(channel.unit)), ("range", .interval(channel.range)),
    ])
  }

  private static func part(_ part: Recording.Part, _ pieces: [Figure.Piece]) -> JSON {
    .object([("name", .text(part.name)), ("shapes", .array(pieces.map(shape)))])
  }

  private static func shape(_ piece: Figure.Piece) -> JSON {
    let (kind, size): (String, [Double]) =
      switch piece.shape {
      case .box(let size): ("box", [size.x, size.y, size.z])
      case .sphere(let radius): ("sphere", [radius])
      case .capsule(let radius, let length): ("capsule", [radius, length])
      case .cylinder(let radius, let length): ("cylinder", [radius, length])
      }
    return .object([
      ("kind", .text(kind)), ("size", .array(size.map(JSON.number))),
      ("at", .array(numbers(of: piece.pose).map(JSON.number))), ("color", .text(piece.color.webColor)),
    ])
  }

  /// Place and quaternion.
  package static func numbers(of pose: Pose) -> [Double] {
    let (position, turn) = (pose.position, pose.orientation)
    return [position.x, position.y, position.z, turn.w, turn.x, turn.y, turn.z]
  }

  private func episode(_ episode: Episode) -> JSON {
    let recording = episode.recording
    let frames = recording.frames
    var coding = ChannelCoding()
    for part in recording.parts.indices {
      let poses = frames.map { Self.numbers(of: $0.poses[part]) }
      for number in 0..<7 { coding.append(poses.lazy.map { $0[number] }, quantum: ChannelCoding.fine) }
    }
    for marker in frames[0].markers.indices {
      for axis in 0..<3 {
        coding.append(frames.lazy.map { $0.markers[marker].position[axis] }, quantum: ChannelCoding.fine)
      }
    }
    let readings = frames.map(\.readings)
    for term in recording.rewardTerms.indices {
      coding.append(readings.lazy.map { $0.rewards.isEmpty ? 0 : Double($0.rewards[term]) })
    }
    for axis in recording.axes.indices {
      coding.append(readings.lazy.map { $0.positions[axis] }, quantum: ChannelCoding.fine)
    }
    for actuator in recording.actuators.indices { coding.append(readings.lazy.map { $0.efforts[actuator] }) }
    for (i, quantity) in readings[0].quantities.enumerated() {
      coding.append(readings.lazy.map { $0.quantities[i].actual })
      if quantity.target != nil { coding.append(readings.lazy.map { $0.quantities[i].target ?? 0 }) }
    }
    for part in recording.parts.indices { coding.append(readings.lazy.map { $0.contacts[part] ? 1 : 0 }, quantum: 1) }
    return .object([
      ("label", .text(episode.label)), ("number", .whole(episode.number)), ("return", .number(recording.episodeReturn)),
      ("ending", .text(spec.name(of: recording.ending) ?? "unfinished")), ("frames", .whole(frames.count)),
      ("markers", .array(frames[0].markers.map { .number($0.radius) })),
      ("quanta", .array(coding.quanta.map(JSON.number))), ("data", .text(coding.base64)),
    ])
  }
}
