/// Warnings that may hold for many elements: each kind is said once, with how many elements it holds for.
struct MJCFNotes {
  private var notes: [(text: String, element: XMLElement, attribute: String?, count: Int)] = []
  private var indices: [String: Int] = [:]

  mutating func add(_ text: String, _ element: XMLElement, attribute: String? = nil) {
    if let index = indices[text] {
      notes[index].count += 1
    } else {
      indices[text] = notes.count
      notes.append((text, element, attribute, 1))
    }
  }

  /// In the order in which they were first added.
  var warnings: [RobotFileWarning] {
    notes.map { note in
      let others = note.count > 1 ? ", here and in \(note.count - 1) more" : ""
      return note.element.warning(note.text + others, attribute: note.attribute)
    }
  }
}
