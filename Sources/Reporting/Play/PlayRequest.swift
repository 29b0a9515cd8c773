import Physics
import Robotics

/// What a page of `ppo-robot play` asks for.
package enum PlayRequest: Sendable, Equatable {
  /// Keep this velocity.
  case steer(Steering)
  /// Push a part, by its number in the document, by a change of the whole robot's velocity, m/s.
  case push(part: Int, change: Vector3)
  /// Restart the episode.
  case restart

  /// Reads a page's text: `steer FORWARD SIDEWAYS TURNING` (m/s, m/s, rad/s), `push PART X Y Z` (m/s in world axes) or
  /// `restart`. Nil for other texts.
  package init?(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
    let numbers = words.dropFirst().compactMap { Double($0) }
    guard numbers.count == words.count - 1, numbers.allSatisfy(\.isFinite) else { return nil }
    switch (words[0], numbers.count) {
    case ("steer", 3): self = .steer(Steering(forward: numbers[0], sideways: numbers[1], turning: numbers[2]))
    case ("push", 4):
      guard let part = Int(words[1]), part >= 0 else { return nil }
      self = .push(part: part, change: Vector3(numbers[1], numbers[2], numbers[3]))
    case ("restart", 0): self = .restart
    default: return nil
    }
  }
}
