import Robotics

extension Catalog {
  /// The entry of that name.
  ///
  /// - Throws: `TrainingError` with the nearest name and all others.
  public func entry(named name: String) throws -> Entry {
    if let entry = self[name] { return entry }
    guard !names.isEmpty else { throw TrainingError("unknown robot \(quoted(name)); the catalog is empty") }
    // Other programs expect a file in this place of the command line.
    guard Files.kind(at: name) == .nothing else {
      throw TrainingError("unknown robot \(quoted(name)); a file or folder can only be given as a policy")
    }
    let hint = NearestName.suggestion(for: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw TrainingError("unknown robot \(quoted(name)); \(hint)the robots are \(names.joined(separator: ", "))")
  }
}
