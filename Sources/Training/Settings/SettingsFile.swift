import Storage
import Yams

/// Settings as a YAML file: a mapping of keys, some of them grouped in a section.
///
/// ```yaml
/// steps: 2000000
/// ppo:
///   clip: 0.2
/// ```
package enum SettingsFile {
  package struct Contents: Equatable {
    /// The robot the settings are for, if the file says so.
    package var robot: String?
    package var assignments: [TrainingSettings.Assignment]
  }

  /// Bytes a settings file may have.
  package static let limit = 1 << 16

  /// - Parameter path: a file, or a pipe that the shell made for this process, as in `--config <(make-settings)`.
  package static func read(_ path: String) throws -> Contents {
    let bytes = try Files.read(path, limit: limit, takesPipes: true)
    do {
      return try parse(bytes)
    } catch { throw TrainingError("'\(path)': \(error)") }
  }

  /// The mapping that a YAML file consists of; nil for an empty file.
  ///
  /// - Parameter allowsPatterns: whether names may be patterns, such as `".*_knee"`.
  static func mapping(of bytes: [UInt8], allowsPatterns: Bool = false) throws -> Node.Mapping? {
    guard bytes.count <= limit else {
      throw TrainingError("not a settings file: it has \(bytes.count) bytes; \(limit) are possible")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
      throw TrainingError("not a settings file: it is not UTF-8 text")
    }
    try refuseExpansion(text, allowsPatterns: allowsPatterns)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch { throw TrainingError("not valid YAML: \(oneLine(error))") }
    guard let root, root != Node("") else { return nil }
    guard case .mapping(let mapping) = root else {
      throw TrainingError("a settings file must be a mapping of keys to values, as in 'steps: 2000000'")
    }
    return mapping
  }

  package static func parse(_ bytes: [UInt8]) throws -> Contents {
    guard let mapping = try mapping(of: bytes) else { return Contents(robot: nil, assignments: []) }
    var contents = Contents(robot: nil, assignments: [])
    // One key can be written in two ways: `ppo.clip` and `clip` under `ppo`.
    var keys: Set<String> = []
    func add(_ key: String, _ text: String) throws {
      let assignment = TrainingSettings.Assignment(key: key, text: text)
      guard keys.insert(assignment.key).inserted else { throw TrainingError("a key is given twice: \(quoted(key))") }
      contents.assignments.append(assignment)
    }
    for (key, value) in mapping {
      let name = try scalar(key, for: "a key")
      if name == "robot" {
        contents.robot = try scalar(value, for: "'robot'")
      } else if case .mapping(let section) = value {
        for (key, value) in section {
          let full = "\(name).\(try scalar(key, for: "a key in '\(name)'"))"
          try add(full, try self.value(value, for: full))
        }
      } else {
        try add(name, try self.value(value, for: name))
      }
    }
    return contents
  }

  /// `settings` as a file that reads back to the same values, with what each means and may be beside it.
  package static func text(of settings: TrainingSettings, robot: String) -> String {
    text(of: settings, robot: robot, keys: settings.keys) { "  # \($0.summary); \($0.kind.expectation)" }
  }

  /// All that a result depends on, for the file of a policy.
  package static func essentials(of settings: TrainingSettings, robot: String) -> String {
    text(of: settings, robot: robot, keys: settings.keys.filter(\.affectsResult)) { _ in "" }
  }

  private static func text(
    of settings: TrainingSettings, robot: String, keys: [TrainingKey], comment: (TrainingKey) -> String
  ) -> String {
    let isPlain = robot.first?.isLetter == true && robot.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
    // A string of JSON is one of YAML; what `parse` refuses is written as a number.
    let quoted = JSON.text(robot).line.replacing("&", with: "\\u0026").replacing("*", with: "\\u002a")
    var text = "robot: \(isPlain ? robot : quoted)\n"
    var section = ""
    for key in keys {
      var name = key.name[...]
      var indent = ""
      if let dot = key.name.firstIndex(of: ".") {
        if section != key.name[..<dot] {
          section = String(key.name[..<dot])
          text += "\(section):\n"
        }
        name = key.name[key.name.index(after: dot)...]
        indent = "  "
      }
      guard !settings.ofInitialPolicy.contains(key.name) else {
        text += "\(indent)# \(name): that of the initial policy\n"
        continue
      }
      text += "\(indent)\(name): \(key.read(settings))\(comment(key))\n"
    }
    return text
  }

  private static func value(_ node: Node, for name: String) throws -> String {
    guard case .sequence(let items) = node else { return try scalar(node, for: "setting \(quoted(name))") }
    return "[\(try items.map { try scalar($0, for: "setting \(quoted(name))") }.joined(separator: ","))]"
  }

  private static func scalar(_ node: Node, for what: String) throws -> String {
    guard case .scalar(let scalar) = node else {
      throw TrainingError("\(what) must be a single value, or for layers a list of values")
    }
    return scalar.string
  }

  /// Brackets, question marks and dashes before a space that a file may have outside its comments: no more levels can be
  /// nested.
  private static let mostMarks = 64

  /// Refuses what lets a short file stand for an enormous one, or take as long to read as one, and what settings have no
  /// use for: anchors, aliases, and mappings or lists as keys, one in the other.
  ///
  /// The library that reads YAML expands aliases and compares keys before it returns, so this reads the text alone, and
  /// refuses too much rather than too little: `&` and `*` may only be in comments. Whether a `#` begins one is unknown
  /// without reading all quotes as YAML does. It does if there was no quote before it outside comments. Where there was,
  /// it may be part of a quoted text, but that text must then end before an anchor can follow: until the next quote in the
  /// line nothing counts.
  ///
  /// - Parameter allowsPatterns: whether `*` may follow what is neither blank nor a mark, where it cannot begin an alias.
  private static func refuseExpansion(_ text: String, allowsPatterns: Bool) throws {
    var last: Unicode.Scalar = "\n"
    var isComment = false
    var hasQuotes = false
    var marks = 0
    for scalar in text.unicodeScalars {
      defer { last = scalar }
      switch scalar {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": isComment = false
      case "#" where !isComment: isComment = [" ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(last)
      case "\"", "'":
        if isComment, !hasQuotes { continue }
        isComment = false
        hasQuotes = true
      case "*" where allowsPatterns && !isComment && !aliasMarks.contains(last): continue
      case "&" where !isComment, "*" where !isComment:
        throw TrainingError("a settings file must have no anchors or aliases (& or *)")
      case "[" where !isComment, "{" where !isComment, "?" where !isComment: marks += 1
      case " " where !isComment && last == "-", "\t" where !isComment && last == "-": marks += 1
      default: break
      }
      guard marks <= mostMarks else {
        throw TrainingError("a settings file must have no more than \(mostMarks) of the marks [, {, ? and -")
      }
    }
  }

  /// What may stand before an alias.
  private static let aliasMarks: Set<Unicode.Scalar> = [
    " ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "[", "{", ",", ":", "-", "?", "\"", "'",
  ]

  private static func oneLine(_ error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line), column \(mark.column): \(problem)"
    case .duplicatedKeysInMapping(let keys, _):
      "a key is given twice: \(keys.sorted().prefix(3).map(quoted).joined(separator: ", "))"
    case .reader(let problem, _, _, _): problem
    default: String("\(error)".prefix { !$0.isNewline })
    }
  }
}
