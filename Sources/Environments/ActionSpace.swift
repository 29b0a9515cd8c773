/// One choice among named alternatives; an action's component is the index of the one chosen.
public struct ChoiceChannel: Sendable, Equatable {
  public var name: String
  /// What the alternatives are called, in the order of their indices; at least two.
  public var choices: [String]

  public init(_ name: String, choices: [String]) {
    self.name = name
    self.choices = choices
  }
}

/// What an env takes from a policy.
public enum ActionSpace: Sendable, Equatable {
  /// Numbers within limits.
  case continuous([ActionChannel])
  /// Choices; an action's components are indices.
  case discrete([ChoiceChannel])

  /// The components of an action with their limits; those of a choice are its first and last index.
  var channels: [ActionChannel] {
    switch self {
    case .continuous(let channels): channels
    case .discrete(let channels):
      channels.map { ActionChannel($0.name, low: 0, high: Float($0.choices.count - 1)) }
    }
  }

  /// Throws unless every component can be.
  func validate() throws(EnvError) {
    switch self {
    case .continuous(let channels): for channel in channels { try channel.validate() }
    case .discrete(let channels):
      for channel in channels {
        guard (2...Self.mostChoices).contains(channel.choices.count) else {
          throw EnvError(
            "action '\(channel.name)' has \(channel.choices.count) choices; 2 to \(Self.mostChoices) are possible")
        }
        try EnvSpec.validate(channel.choices, of: "choice")
      }
    }
  }

  /// As many as fit a network's layer.
  private static let mostChoices = 4096
}

extension EnvSpec {
  /// Whether actions are choices.
  public var isDiscrete: Bool { if case .discrete = actionSpace { true } else { false } }

  /// How many alternatives each component of a discrete action has; empty for continuous actions.
  public var choiceCounts: [Int] {
    if case .discrete(let channels) = actionSpace { channels.map(\.choices.count) } else { [] }
  }
}
