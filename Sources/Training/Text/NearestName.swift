/// Suggests names for one that is unknown.
package enum NearestName {
  /// The candidate that takes the fewest edits to reach from `name`, if it is anywhere near.
  package static func suggestion(for name: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (candidate: $0, distance: distance(name.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.candidate.count / 2) ? best.candidate : nil
  }

  /// "; did you mean 'x'?", or nothing where no candidate is near.
  package static func hint(for name: String, among candidates: [String]) -> String {
    suggestion(for: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Levenshtein's distance: insertions, deletions and replacements of one character. Only the first 100 characters
  /// of `a` count, so that a hostile name costs nothing.
  package static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.prefix(100)), Array(b))
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
