import Training

/// A name that can be that of a package, a command, a module and a robot at once.
package struct PackageName: Sendable, Equatable {
  package let text: String

  /// What SwiftPM, or the new package itself, calls something else already; on some file systems capitals do not count.
  private static let taken: Set<String> = [
    "main", "swift", "foundation", "glibc", "darwin", "musl", "testing", "synchronization", "package", "ppo-robot",
    "pporobot", "training", "reporting", "rendering", "robots", "robotics", "physics", "environments", "learning",
    "networks", "storage", "live", "pages",
    "models", "yams", "argumentparser", "balance",
    "robot", "robot-task", "link", "axis", "physics", "simulation", "catalog", "random", "ending", "vector3",
    "observation-cursor", "reward-cursor", "state-writer", "state-reader", "robot-model", "mutable-span", "span",
    "double",
    "float", "int", "string", "bool",
  ]
  private static let keywords: Set<String> = [
    "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case", "catch", "class",
    "consuming",
    "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "precedencegroup",
    "private", "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static", "struct", "subscript",
    "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]
  private static let longest = 50

  /// - Parameter robots: names that robots have already.
  /// - Throws: `CommandError` with what would be right.
  package init(_ text: String, besides robots: [String]) throws {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    let isSound =
      text.first.map { ("a"..."z").contains($0) } == true
      && words.allSatisfy { word in
        !word.isEmpty && word.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
      }
    guard isSound, text.utf8.count <= Self.longest else {
      throw CommandError(
        "the name is \(quoted(text)); it must begin with a small letter, be words of small letters and digits with '-' "
          + "between them, such as my-robot, and at most \(Self.longest) characters long")
    }
    guard !Self.taken.contains(text), !Self.keywords.contains(text) else {
      throw CommandError(
        "the name '\(text)' means something else to Swift or to ppo-robot; choose another, such as my-\(text)")
    }
    guard !robots.contains(text) else {
      throw CommandError("there is a robot '\(text)' already; choose another name, such as my-\(text)")
    }
    self.text = text
  }

  /// The name as that of a type: "my-robot" gives "MyRobot".
  package var typeName: String {
    text.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
