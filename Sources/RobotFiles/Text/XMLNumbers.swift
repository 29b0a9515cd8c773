import Physics

extension XMLElement {
  /// The numbers of an attribute, separated by blanks; nil where there is no such attribute.
  ///
  /// - Throws: unless there are exactly `count`, all finite.
  package func numbers(_ name: String, count: Int) throws(RobotFileError) -> [Double]? {
    try numbers(name, counts: count...count)
  }

  /// The numbers of an attribute, separated by blanks; nil where there is no such attribute.
  ///
  /// - Throws: unless there are as many as `counts` says, all finite.
  package func numbers(_ name: String, counts: ClosedRange<Int>) throws(RobotFileError) -> [Double]? {
    guard let attribute = attribute(name) else { return nil }
    var result: [Double] = []
    var rest = attribute.value[...].utf8
    while let word = DecimalNumber.takeWord(&rest) {
      guard result.count < counts.upperBound, let number = DecimalNumber.value(word) else {
        throw numberError(attribute, counts)
      }
      result.append(number)
    }
    guard result.count >= counts.lowerBound else { throw numberError(attribute, counts) }
    return result
  }

  /// The number of an attribute; nil where there is no such attribute.
  package func number(_ name: String) throws(RobotFileError) -> Double? {
    try numbers(name, count: 1)?.first
  }

  /// The three numbers of an attribute; nil where there is no such attribute.
  package func vector(_ name: String) throws(RobotFileError) -> Vector3? {
    try numbers(name, count: 3).map { Vector3($0[0], $0[1], $0[2]) }
  }

  private func numberError(_ attribute: XMLAttribute, _ counts: ClosedRange<Int>) -> RobotFileError {
    let isOne = counts == 1...1
    func demand(_ adjective: String) -> String {
      if isOne { return adjective.isEmpty ? "a number" : "a \(adjective) number" }
      let count =
        counts.count == 1
        ? inWords(counts.lowerBound) : "\(inWords(counts.lowerBound)) to \(inWords(counts.upperBound))"
      return "\(count) \(adjective.isEmpty ? "" : adjective + " ")numbers"
    }
    let wanted =
      switch DecimalNumber.flaw(attribute.value) {
      case .comma: "\(demand("")) with decimal points\(isOne ? "" : " and blanks between them"), without commas"
      case .notFinite: demand("finite")
      case .hexadecimal: demand("decimal")
      case nil: demand("")
      }
    return error(
      "'\(excerpt(attribute.name))' must be \(wanted), not '\(excerpt(attribute.value))'", attribute: attribute.name)
  }

  private func inWords(_ count: Int) -> String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ]
    return words.indices.contains(count) ? words[count] : String(count)
  }
}

/// Numbers as robots' files write them: `strtod`'s decimal grammar, whatever the locale.
enum DecimalNumber {
  /// Why a text holds no numbers, where there is more to say than that.
  enum Flaw { case comma, notFinite, hexadecimal }

  /// More than the digits of any number, and few enough to be read quickly.
  private static let longest = 1200

  /// The next of the words that blanks separate; nil where there is none.
  static func takeWord(_ rest: inout Substring.UTF8View) -> Substring.UTF8View? {
    rest = rest.drop(while: XMLCursor.isBlank)
    guard !rest.isEmpty else { return nil }
    let word = rest.prefix { !XMLCursor.isBlank($0) }
    rest = rest[word.endIndex...]
    return word
  }

  /// A finite number; nil where the word is none.
  static func value(_ word: Substring.UTF8View) -> Double? {
    guard word.count <= longest, isDecimal(word), let value = Double(Substring(word)), value.isFinite else {
      return nil
    }
    return value
  }

  static func flaw(_ text: String) -> Flaw? {
    if text.utf8.contains(UInt8(ascii: ",")) { return .comma }
    var rest = text[...].utf8
    var count = 0
    // What is wrong in the hundredth word of one attribute needs no hint.
    while count < 100, let word = takeWord(&rest) {
      count += 1
      guard value(word) == nil else { continue }
      if isDecimal(word) { return word.count <= longest ? .notFinite : nil }
      let bare = Substring(word).prefix(12).lowercased().drop { $0 == "+" || $0 == "-" }
      if ["nan", "inf", "infinity"].contains(bare) { return .notFinite }
      if bare.hasPrefix("0x") { return .hexadecimal }
    }
    return nil
  }

  private static func isDecimal(_ word: Substring.UTF8View) -> Bool {
    var rest = word[...]
    func skipSign() {
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
    }
    func skipDigits() -> Int {
      let before = rest.count
      rest = rest.drop { (0x30...0x39).contains($0) }
      return before - rest.count
    }
    skipSign()
    var digits = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest.removeFirst()
      skipSign()
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
