import Environments
import Storage
import Training

extension Comparison {
  /// A table for reading: a row for each figure.
  package var table: String {
    let text = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    let rows = differences.map { row in
      [Quantity(row.name).title, text(row.a), text(row.b), text(row.difference), NumberText.interval(row.ci95)]
    }
    return TextTable([["", "A", "B", "B − A", "95 % interval"]] + rows).text
  }

  /// Whether B is better than A, in return and in success, a sentence each.
  package var sentence: String {
    ["return", "success"].compactMap { self[$0] }.map(Self.sentence).joined(separator: " ")
  }

  private static func sentence(_ row: Difference) -> String {
    guard let difference = row.difference, let ci95 = row.ci95 else {
      return "In \(row.name) it is undecided whether B is better than A: too few values."
    }
    let figures = "B − A is \(NumberText.short(difference)), 95 % interval \(NumberText.interval(ci95))"
    return switch row.verdict {
    case .better: "In \(row.name) B is better than A: \(figures)."
    case .worse: "In \(row.name) B is worse than A: \(figures)."
    case .cannotTell: "In \(row.name) it is undecided whether B is better than A: \(figures) holds 0."
    }
  }

  /// What `compare --json` prints of it.
  package var jsonMembers: [(key: String, value: JSON)] {
    return [
      ("interval_over", .text(isPaired ? "paired episodes" : "runs")),
      (
        "differences",
        .object(
          differences.map { row in
            (
              row.name,
              .object([
                ("a", .number(ifAny: row.a)), ("b", .number(ifAny: row.b)),
                ("difference", .number(ifAny: row.difference)),
                ("ci95", .interval(row.ci95)),
              ])
            )
          })
      ),
      (
        "verdict",
        .object(
          ["return", "success"].compactMap { self[$0] }.map { (key: $0.name, value: .text($0.verdict.rawValue)) })
      ),
      ("sentence", .text(sentence)),
    ]
  }
}
