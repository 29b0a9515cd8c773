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
    let view = attribute.value.utf8
    let bytes = view.span
    var offset = 0
    while let word = DecimalNumber.nextWord(in: bytes, from: &offset) {
      guard result.count < counts.upperBound, let number = DecimalNumber.value(bytes, word) else {
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
    let view = attribute.value.utf8
    func demand(_ adjective: String) -> String {
      if isOne { return adjective.isEmpty ? "a number" : "a \(adjective) number" }
      let count =
        counts.count == 1
        ? inWords(counts.lowerBound) : "\(inWords(counts.lowerBound)) to \(inWords(counts.upperBound))"
      return "\(count) \(adjective.isEmpty ? "" : adjective + " ")numbers"
    }
    let wanted =
      switch DecimalNumber.flaw(view.span) {
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
