/// Which elements and attributes MJCF knows, and where.
struct MJCFSchema: Sendable {
  private struct Node {
    var attributes: Set<String> = []
    var children: [String: Int] = [:]
  }

  static let standard = MJCFSchema()

  /// The first is `mujoco`.
  private var nodes = [Node(attributes: ["model"])]

  private init() {
    var open: [[Int]] = [[0]]
    for line in MJCFNames.elements.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count / 2
      let words = line.split(separator: " ").map(String.init)
      guard let names = words.first, depth < open.count else { continue }
      open.removeLast(open.count - depth - 1)
      var added: [Int] = []
      for name in names.split(separator: "|") {
        added.append(nodes.count)
        for parent in open[depth] { nodes[parent].children[String(name)] = nodes.count }
        nodes.append(Node(attributes: Self.attributes(words.dropFirst())))
      }
      open.append(added)
    }
    nest()
  }

  /// What a body holds may also be in the world and in frames; bodies, frames and classes hold their like.
  private mutating func nest() {
    guard let body = nodes[0].children["body"], let classes = nodes[0].children["default"] else { return }
    nodes[0].children["body"] = nil
    let frame = nodes.count
    nodes.append(Node(attributes: Self.attributes(["name", "childclass", "pos", "$turn"])))
    nodes[body].children["body"] = body
    nodes[body].children["frame"] = frame
    nodes[frame].children = nodes[body].children
    nodes[0].children["worldbody"] = nodes.count
    nodes.append(Node(children: nodes[body].children))
    nodes[classes].children["default"] = classes
  }

  private static func attributes(_ words: some Sequence<String>) -> Set<String> {
    var result: Set<String> = []
    for word in words {
      if word.first == "$", let group = MJCFNames.groups[String(word.dropFirst())] {
        result.formUnion(attributes(group.split { $0 == " " || $0 == "\n" }.map(String.init)))
      } else {
        result.insert(word)
      }
    }
    return result
  }

  /// Checks an element `mujoco` and all that it holds.
  ///
  /// - Throws: an error that names the closest known name, or says what is not supported.
  func check(_ root: XMLElement) throws(RobotFileError) {
    guard root.name == "mujoco" else {
      throw RobotFileError("the root of an MJCF is <mujoco>, not \(root.tag)", at: root.position)
    }
    try check(root, as: 0)
  }

  private func check(_ element: XMLElement, as index: Int) throws(RobotFileError) {
    let node = nodes[index]
    for attribute in element.attributes where !node.attributes.contains(attribute.name) {
      let known = Self.suggestion(for: attribute.name, among: node.attributes)
      throw element.error(
        "MJCF knows no attribute '\(excerpt(attribute.name))' here\(known)", attribute: attribute.name)
    }
    for child in element.children {
      if let reason = MJCFNames.refused[child.name],
        node.children[child.name] == nil || ["mesh", "geom"].contains(element.name)
      {
        throw child.error(reason)
      }
      guard let next = node.children[child.name] else {
        let known = Self.suggestion(for: child.name, among: Set(node.children.keys))
        throw child.error("MJCF knows no such element in <\(element.name)>\(known)")
      }
      try check(child, as: next)
    }
  }

  /// `; did you mean 'range'?`, or nothing where no name is close.
  private static func suggestion(for name: String, among known: Set<String>) -> String {
    let word = Array(name.unicodeScalars.prefix(40))
    let best = known.sorted().map { (name: $0, distance: distance(word, Array($0.unicodeScalars))) }
      .min { $0.distance < $1.distance }
    guard let best, best.distance <= max(2, word.count / 3) else { return "" }
    return "; did you mean '\(best.name)'?"
  }

  /// How many characters have to be put in, taken out, replaced or swapped with the next.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last.last ?? 0
  }
}
