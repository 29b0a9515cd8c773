import Environments

/// A figure in a sentence.
package func figure(_ value: Double) -> String { NumberText.short(value) }

/// "'a', 'b' and 'c'".
package func list(_ names: [String]) -> String {
  let quoted = names.map { "'\($0)'" }
  guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "" }
  return quoted.dropLast().joined(separator: ", ") + " and " + last
}

/// N·m or N, for what turns or slides.
func effortUnit(sliding: Bool) -> String { sliding ? "N" : "N·m" }

/// rad or m, for what turns or slides.
func positionUnit(sliding: Bool) -> String { sliding ? "m" : "rad" }
