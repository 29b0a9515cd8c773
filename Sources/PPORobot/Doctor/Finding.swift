/// Something about a training that is not as it should be, in words.
package struct Finding: Sendable, Equatable {
  package enum Severity: String, Sendable, CaseIterable {
    /// Worth a look; the training may be well.
    case note
    /// The training is unlikely to come to much as it is.
    case warning
  }

  /// What it is about, for programs; see `Symptom.all`.
  package let id: String
  package let severity: Severity
  /// What was seen, with the figures.
  package let sentence: String
  /// What to do: the setting to change and a value to try, where it is a setting.
  package let hint: String

  /// All of it on one line.
  package var text: String { "\(sentence); \(hint)" }

  package var members: [(key: String, value: JSON)] {
    [
      ("id", .text(id)), ("severity", .text(severity.rawValue)), ("sentence", .text(sentence)), ("hint", .text(hint)),
    ]
  }

  package var json: JSON { .object(members) }
}
