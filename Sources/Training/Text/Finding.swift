import Storage

/// Something that is not as it should be, about a robot, an env or a training, in words.
public struct Finding: Sendable, Equatable {
  public enum Severity: String, Sendable, CaseIterable {
    /// Worth a look; all may be well.
    case note
    /// It is unlikely to come to much as it is.
    case warning
    /// It is wrong, whatever it is for.
    case error
  }

  /// What it is about, for programs.
  public let id: String
  public let severity: Severity
  /// Which part it concerns, such as "axis 'left knee'"; nil where it concerns the whole.
  public let place: String?
  /// What was seen, with the figures.
  public let sentence: String
  /// What to do: what to change, and a value to try where there is one.
  public let hint: String

  package init(id: String, severity: Severity, place: String? = nil, sentence: String, hint: String) {
    self.id = id
    self.severity = severity
    self.place = place
    self.sentence = sentence
    self.hint = hint
  }

  /// All of it on one line.
  public var text: String { "\(place.map { "\($0): " } ?? "")\(sentence); \(hint)" }

  /// Its members in a training's JSON lines.
  package var members: [(key: String, value: JSON)] {
    [
      ("id", .text(id)), ("severity", .text(severity.rawValue)), ("sentence", .text(sentence)), ("hint", .text(hint)),
    ]
  }

  package var json: JSON { .object(members) }
}
