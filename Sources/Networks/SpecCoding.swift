import Environments
import Storage

extension EnvSpec {
  /// What a file may claim.
  private static let (mostColumns, longestEpisode) = (1 << 20, 1_000_000_000)

  /// The spec as text, to the bit.
  package var json: JSON {
    let observations = observations.map { slice in
      JSON.sorted([
        "name": .text(slice.name), "count": .whole(slice.count), "audience": .text(slice.audience.name),
        "unit": .text(slice.unit), "scale": .number(slice.scale),
        "columns": .array(slice.columns.map { .text($0) }),
      ])
    }
    return .sorted([
      "observations": .array(observations), actionSpace.key: actionSpace.json,
      "control_interval": .number(controlInterval), "episode_steps": .whole(episodeSteps),
      "reward_terms": .array(rewardTerms.map { .text($0) }), "endings": .array(endings.map { .text($0) }),
      "metrics": .array(metrics.map { .text($0) }),
    ])
  }

  package init(_ json: JSON) throws(NetworkError) {
    guard let members = json.object else { throw NetworkError("the env's description is not an object") }
    func values(_ key: String) throws(NetworkError) -> [JSON] {
      guard let values = members[key]?.array else { throw NetworkError("the env's description lacks \(key)") }
      return values
    }
    func strings(_ key: String) throws(NetworkError) -> [String] {
      let values = try values(key)
      let strings = values.compactMap(\.string)
      guard strings.count == values.count else { throw NetworkError("the env's \(key) are not names") }
      return strings
    }
    let slices = try values("observations")
    let observations = slices.compactMap { ObservationSlice($0) }
    let actionSpace: ActionSpace
    if members["choices"] != nil {
      let channels = try values("choices")
      let choices = channels.compactMap { ChoiceChannel($0) }
      guard choices.count == channels.count else { throw NetworkError("the env's choices are incomplete") }
      actionSpace = .discrete(choices)
    } else {
      let channels = try values("actions")
      let actions = channels.compactMap { ActionChannel($0) }
      guard actions.count == channels.count else { throw NetworkError("the env's description is incomplete") }
      actionSpace = .continuous(actions)
    }
    guard observations.count == slices.count,
      let controlInterval = members["control_interval"]?.double, let episodeSteps = members["episode_steps"]?.int
    else { throw NetworkError("the env's description is incomplete") }
    // A few bytes can claim a row that no memory holds.
    var columns = 0
    for slice in observations {
      guard slice.count > 0, slice.count <= Self.mostColumns - columns else {
        throw NetworkError("the env's observations are out of range")
      }
      columns += slice.count
    }
    guard (1...Self.longestEpisode).contains(episodeSteps) else {
      throw NetworkError("the env's episodes have \(episodeSteps) steps")
    }
    let (terms, metrics) = (try strings("reward_terms"), try strings("metrics"))
    let endings = try strings("endings")
    do {
      try self.init(
        observations: observations, actionSpace: actionSpace, controlInterval: controlInterval,
        episodeSteps: episodeSteps,
        rewardTerms: terms, endings: endings, metrics: metrics)
    } catch {
      throw NetworkError(error.description)
    }
  }
}

extension Audience {
  fileprivate var name: String {
    switch self {
    case .policy: "policy"
    case .both: "both"
    case .critic: "critic"
    }
  }

  fileprivate init?(name: String) {
    switch name {
    case "policy": self = .policy
    case "both": self = .both
    case "critic": self = .critic
    default: return nil
    }
  }
}

extension ActionSpace {
  fileprivate var key: String {
    switch self {
    case .continuous: "actions"
    case .discrete: "choices"
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .continuous(let channels): .array(channels.map(\.json))
    case .discrete(let channels):
      .array(
        channels.map { channel in
          .sorted(["name": .text(channel.name), "choices": .array(channel.choices.map { .text($0) })])
        })
    }
  }
}

extension ChoiceChannel {
  fileprivate init?(_ json: JSON) {
    guard let members = json.object, let name = members["name"]?.string, let texts = members["choices"]?.array else {
      return nil
    }
    let choices = texts.compactMap(\.string)
    guard choices.count == texts.count else { return nil }
    self.init(name, choices: choices)
  }
}

extension ObservationSlice {
  fileprivate init?(_ json: JSON) {
    guard let members = json.object, let name = members["name"]?.string, let count = members["count"]?.int,
      let audience = members["audience"]?.string.flatMap({ Audience(name: $0) }),
      let unit = members.text("unit", or: ""), let scale = members.number("scale", or: 1),
      let names = (members["columns"] ?? .array([])).array
    else { return nil }
    let columns = names.compactMap(\.string)
    guard columns.count == names.count else { return nil }
    self.init(name, count: count, unit: unit, scale: scale, columns: columns, for: audience)
  }
}

extension ActionChannel {
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "name": .text(name), "low": .number(Double(low)), "high": .number(Double(high)), "unit": .text(unit),
      "scale": .number(scale), "rest": .number(rest),
    ]
    members["actuator"] = actuator?.json
    return .sorted(members)
  }

  fileprivate init?(_ json: JSON) {
    guard let members = json.object, let name = members["name"]?.string,
      let low = members["low"]?.double, let high = members["high"]?.double,
      let unit = members.text("unit", or: ""), let scale = members.number("scale", or: 1),
      let rest = members.number("rest", or: 0)
    else { return nil }
    self.init(name, low: Float(low), high: Float(high), unit: unit, scale: scale, rest: rest)
    guard let description = members["actuator"] else { return }
    guard let actuator = Actuator(description) else { return nil }
    self.actuator = actuator
  }
}

extension ActionChannel.Actuator {
  /// What is infinite is left out.
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "command": .text(command.rawValue), "slides": .flag(isSliding), "neutral": .number(neutral),
    ]
    let figures = [
      ("stiffness", stiffness), ("damping", damping), ("limit", limit), ("speed_limit", speedLimit),
      ("lower_stop", stops.lowerBound),
      ("upper_stop", stops.upperBound),
    ]
    for (key, value) in figures where value.isFinite { members[key] = .number(value) }
    return .sorted(members)
  }

  fileprivate init?(_ json: JSON) {
    guard let members = json.object, let command = members["command"]?.string.flatMap({ Command(rawValue: $0) }),
      let isSliding = members["slides"]?.bool, let neutral = members["neutral"]?.double,
      let stiffness = members["stiffness"]?.double, let damping = members.number("damping", or: .infinity),
      let limit = members.number("limit", or: .infinity),
      let speedLimit = members.number("speed_limit", or: .infinity),
      let lower = members.number("lower_stop", or: -.infinity),
      let upper = members.number("upper_stop", or: .infinity), lower <= upper
    else { return nil }
    self.init(
      command: command, stiffness: stiffness, damping: damping, limit: limit, neutral: neutral, stops: lower...upper,
      isSliding: isSliding, speedLimit: speedLimit)
  }
}

/// What files of before units lack; nil where something else stands.
extension [String: JSON] {
  fileprivate func text(_ key: String, or missing: String) -> String? {
    self[key].map(\.string) ?? missing
  }

  fileprivate func number(_ key: String, or missing: Double) -> Double? {
    self[key].map(\.double) ?? missing
  }
}
