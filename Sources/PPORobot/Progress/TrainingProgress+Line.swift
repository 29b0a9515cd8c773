import Environments
import Training

extension TrainingProgress {
  /// The line for a log.
  package var plainLine: String {
    ([robot, percent, "\(NumberText.grouped(steps)) of \(NumberText.grouped(totalSteps)) steps"] + details)
      .joined(separator: "  ")
  }

  /// The line for a terminal of `width` columns: what matters least is left out first.
  package func liveLine(width: Int, hasColor: Bool) -> String {
    let barRange = 8...30
    let head = "\(robot) \(percent) "
    var details = details
    // Steps per second, length, return: in this order they give way to the rest.
    var dispensable = ["steps/s", "length", "return", "ETA"]
    let needed = { (details: [String]) in
      head.count + barRange.lowerBound + details.reduce(0) { $0 + 2 + $1.count }
    }
    while needed(details) > width, !dispensable.isEmpty {
      let word = dispensable.removeFirst()
      details.removeAll { $0.contains(word) }
    }
    guard needed(details) <= width else { return String(head.prefix(max(0, width))) }
    let columns = min(barRange.upperBound, barRange.lowerBound + width - needed(details))
    let full = Int(share * Double(columns))
    let bar = String(repeating: "━", count: full)
    let rest = String(repeating: hasColor ? "━" : "·", count: columns - full)
    let drawn = hasColor ? "\u{1B}[32m\(bar)\u{1B}[90m\(rest)\u{1B}[0m" : bar + rest
    return head + drawn + details.map { "  \($0)" }.joined()
  }

  private var percent: String {
    let text = "\(Int(share * 100))%"
    return String(repeating: " ", count: max(0, 4 - text.count)) + text
  }

  private var details: [String] {
    var parts: [String] = []
    if let episodeReturn { parts.append("return \(NumberText.short(episodeReturn))") }
    if let lengthSeconds { parts.append("length \(NumberText.short(lengthSeconds)) s") }
    parts.append("\(NumberText.grouped(stepsPerSecond.isFinite ? stepsPerSecond : 0)) steps/s")
    parts.append("ETA \(NumberText.clock(secondsLeft))")
    return parts
  }
}
