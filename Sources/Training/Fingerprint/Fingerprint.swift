import Environments

/// The values that a policy depends on: of its robot, scene, task and spec, and what its env does with given actions.
///
/// Policy files, checkpoints and crash files keep the one of the env they were made with, so that a robot or a task that was
/// edited since is noticed, and the first value that differs can be named. What only affects a training, such as domain
/// randomization, is no part of it.
package struct Fingerprint: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case text(String)
    case numbers([Double])
  }

  package struct Entry: Sendable, Equatable {
    /// Such as `mass`; once in its group.
    package let name: String
    package let value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The values of one thing, such as a link.
  package struct Group: Sendable, Equatable {
    /// `robot`, `scene`, `spec`, `task`, `training` or `behavior`.
    package let subject: String
    /// Which thing of the subject, such as `'left thigh'`; empty for the subject itself.
    package let place: String
    package var entries: [Entry]

    package init(subject: String, place: String, entries: [Entry]) {
      self.subject = subject
      self.place = place
      self.entries = entries
    }
  }

  /// Which floating-point results the behavior was made with; see `EngineDigest`.
  package let engine: String
  package private(set) var groups: [Group]

  package init(engine: String, groups: [Group]) {
    self.engine = engine
    self.groups = groups
  }

  /// The subject whose values come from simulating, and are the same only where floating-point results are.
  package static let behavior = "behavior"
  /// The subject whose values matter to a training alone.
  package static let training = "training"

  /// How far two numbers may differ, relative to the larger one: other machines may compute a sine or a product otherwise.
  private static let tolerance = 1e-6

  // MARK: Comparing

  /// The first value that differs from an earlier fingerprint's, such as "robot: mass of 'left thigh' was 5, is 20"; nil if
  /// none does.
  ///
  /// Groups correspond by their number among those of their subject, so that a new name alone is no difference; how many
  /// there are of a kind is a value of its own. A value that only one of the two knows says nothing: another version of
  /// this program may compare more.
  ///
  /// - Parameter resumes: whether a training is to go on, so that what matters to a training alone counts as well.
  package func difference(from earlier: Fingerprint, resumes: Bool = false) -> String? {
    let before = earlier.bySubject
    for (subject, groups) in bySubject where resumes || subject != Self.training {
      guard subject != Self.behavior || engine == earlier.engine,
        let theirs = before.first(where: { $0.subject == subject })?.groups
      else { continue }
      for (group, other) in zip(groups, theirs) {
        if let words = Self.difference(of: group, from: other) { return "\(subject): \(words)" }
      }
    }
    return nil
  }

  private var bySubject: [(subject: String, groups: [Group])] {
    var subjects: [(subject: String, groups: [Group])] = []
    for group in groups {
      if let index = subjects.firstIndex(where: { $0.subject == group.subject }) {
        subjects[index].groups.append(group)
      } else {
        subjects.append((group.subject, [group]))
      }
    }
    return subjects
  }

  private static func difference(of group: Group, from other: Group) -> String? {
    let before = Dictionary(other.entries.map { ($0.name, $0.value) }) { first, _ in first }
    for entry in group.entries {
      guard let earlier = before[entry.name], let words = difference(of: entry.value, from: earlier) else { continue }
      let place = group.place.isEmpty ? "" : " of \(group.place)"
      return "\(entry.name)\(words.column)\(place) was \(words.was), is \(words.is)"
    }
    return nil
  }

  /// Lists of up to so many numbers are shown whole.
  private static let mostNumbersTold = 4

  private static func difference(
    of value: Value, from earlier: Value
  ) -> (column: String, was: String, is: String)? {
    guard case .numbers(let new) = value, case .numbers(let old) = earlier, new.count == old.count else {
      return value == earlier ? nil : ("", earlier.words, value.words)
    }
    guard let i = new.indices.first(where: { !isClose(new[$0], old[$0]) }) else { return nil }
    if new.count <= mostNumbersTold { return ("", earlier.words, value.words) }
    return (" (number \(i + 1))", Value.numbers([old[i]]).words, Value.numbers([new[i]]).words)
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(abs(a), abs(b)) + 1e-9
  }
}

extension Fingerprint.Value {
  /// For a sentence.
  fileprivate var words: String {
    switch self {
    case .text(let text): return text.isEmpty ? "''" : text
    case .numbers(let numbers):
      let words = numbers.map(Self.text)
      return words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
    }
  }

  /// A number with the digits of single precision, which is more than the tolerance asks for.
  fileprivate static func text(of number: Double) -> String {
    let short = Float(number)
    let text = short.isFinite && (short != 0 || number == 0) ? "\(short)" : "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

// MARK: Text

extension Fingerprint {
  /// All of it: a line for each group, the lines of its values below it, with tabs between the parts.
  package var text: String {
    var text = "engine\t\(engine)\n"
    for group in groups {
      text += "\(printable(group.subject))\t\(printable(group.place))\n"
      for entry in group.entries {
        text += "\t\(printable(entry.name))\t"
        switch entry.value {
        case .text(let words): text += "\"\(printable(words))\n"
        case .numbers(let numbers): text += numbers.map(Value.text).joined(separator: " ") + "\n"
        }
      }
    }
    return text
  }

  /// The fingerprint that `text` wrote; nil for other text.
  package init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popLast() == "", let first = lines.popFirst()?.split(separator: "\t"), first.count == 2,
      first[0] == "engine"
    else { return nil }
    engine = String(first[1])
    groups = []
    for line in lines {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      if parts.count == 2, !parts[0].isEmpty {
        groups.append(Group(subject: String(parts[0]), place: String(parts[1]), entries: []))
      } else if parts.count == 3, parts[0].isEmpty, !groups.isEmpty, let value = Value(parts[2]) {
        groups[groups.count - 1].entries.append(Entry(name: String(parts[1]), value: value))
      } else {
        return nil
      }
    }
  }
}

extension Fingerprint.Value {
  fileprivate init?(_ text: Substring) {
    if text.hasPrefix("\"") {
      self = .text(String(text.dropFirst()))
      return
    }
    let words = text.split(separator: " ")
    let numbers = words.compactMap { Double($0) }
    guard numbers.count == words.count else { return nil }
    self = .numbers(numbers)
  }
}
