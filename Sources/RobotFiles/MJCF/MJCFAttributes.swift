/// `true`, `false` or `auto`.
enum MJCFChoice {
  case yes, no, auto

  /// The choice as MuJoCo takes it: `auto` is yes where there is a range and the compiler goes by ranges.
  ///
  /// - Throws: where a range is given and nothing says whether it counts.
  func isLimited(
    by range: [Double], _ name: String, _ compiler: MJCFCompiler, _ element: XMLElement
  ) throws(RobotFileError) -> Bool {
    switch self {
    case .yes: return true
    case .no: return false
    case .auto:
      guard range != [0, 0] else { return false }
      guard compiler.limitsByRange else {
        throw element.error("autolimits is off, so a range also needs \(name)=\"true\" or \"false\"")
      }
      return range[0] < range[1]
    }
  }
}

extension XMLElement {
  /// One of some words; nil where there is no such attribute.
  func keyword(_ name: String, among words: [String]) throws(RobotFileError) -> String? {
    guard let value = self[name] else { return nil }
    guard words.contains(value) else {
      throw error("'\(name)' must be \(Self.list(words)), not '\(excerpt(value))'", attribute: name)
    }
    return value
  }

  func flag(_ name: String) throws(RobotFileError) -> Bool? {
    try keyword(name, among: ["true", "false"]).map { $0 == "true" }
  }

  func choice(_ name: String) throws(RobotFileError) -> MJCFChoice? {
    switch try keyword(name, among: ["true", "false", "auto"]) {
    case "true": .yes
    case "false": .no
    case "auto": .auto
    default: nil
    }
  }

  /// Whole numbers of 32 bits; nil where there is no such attribute.
  func integers(_ name: String, count: Int) throws(RobotFileError) -> [Int32]? {
    guard let numbers = try numbers(name, count: count) else { return nil }
    var result: [Int32] = []
    for number in numbers {
      guard let integer = Int32(exactly: number) else {
        throw error("'\(name)' must be whole and below 2³¹, not '\(excerpt(self[name] ?? ""))'", attribute: name)
      }
      result.append(integer)
    }
    return result
  }

  func integer(_ name: String) throws(RobotFileError) -> Int32? { try integers(name, count: 1)?.first }

  /// Numbers that replace the first of `values`; the rest of them stays.
  func read(_ name: String, into values: inout [Double]) throws(RobotFileError) {
    guard let numbers = try numbers(name, counts: 1...max(1, values.count)) else { return }
    for (index, number) in numbers.enumerated() { values[index] = number }
  }

  /// A number that may not be negative replaces `value`.
  func readPositive(_ name: String, into value: inout Double) throws(RobotFileError) {
    guard let number = try number(name) else { return }
    guard number >= 0 else { throw error("'\(name)' must not be negative, not \(number)", attribute: name) }
    value = number
  }

  /// Whether there is no such attribute, or only blanks in it.
  func isBlank(_ name: String) -> Bool { self[name]?.utf8.allSatisfy(XMLCursor.isBlank) ?? true }

  /// Whether an attribute says anything but `none` and zeros; nil where there is no such attribute.
  func acts(_ name: String) -> Bool? {
    guard let value = self[name] else { return nil }
    guard value != "none", !isBlank(name) else { return false }
    guard let numbers = try? numbers(name, counts: 1...16) else { return true }
    return numbers.contains { $0 != 0 }
  }

  private static func list(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }
}
