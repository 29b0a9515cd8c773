/// Which sources a training was made with, as far as a git repository around them shows.
///
/// Its files are only read. `git` itself would run what a repository's own configuration names, such as filters and
/// file-system monitors, and the repository in the working directory need not be trusted.
package enum SourceState {
  /// The commit that is checked out in the working directory; nil without a repository.
  package static var description: String? { commit(in: ".").map { "git \($0)" } }

  /// The commit that is checked out in the repository that holds `folder`, as hexadecimal digits; nil without one, or if
  /// it has no commit yet.
  package static func commit(in folder: String) -> String? {
    guard let start = Files.canonical(folder), let state = repository(around: start) else { return nil }
    // Branches are kept in the repository that a linked worktree belongs to.
    let shared = line(of: "\(state)/commondir").map { path($0, in: state) }
    var name = "HEAD"
    // A reference may name another one.
    for _ in 0..<mostReferences {
      let folders = [state, shared].compactMap(\.self)
      guard let text = folders.lazy.compactMap({ line(of: "\($0)/\(name)") }).first else {
        return folders.lazy.compactMap { packed(name, in: $0) }.first
      }
      guard text.hasPrefix(referenceMark) else { return isCommit(text) ? text : nil }
      name = String(text.dropFirst(referenceMark.count))
      guard isReference(name) else { return nil }
    }
    return nil
  }

  private static let referenceMark = "ref: "
  private static let mostReferences = 5
  /// Bytes that a reference and the list of packed references may have.
  private static let (longestLine, longestList) = (1 << 12, 1 << 24)

  /// The `.git` of the nearest folder from `start` upward that has one; in a linked worktree, where its file points.
  private static func repository(around start: String) -> String? {
    var folder = start
    while true {
      let place = folder.hasSuffix("/") ? "\(folder).git" : "\(folder)/.git"
      switch Files.kind(at: place) {
      case .folder: return place
      case .other:
        let mark = "gitdir: "
        guard let text = line(of: place), text.hasPrefix(mark) else { return nil }
        return path(String(text.dropFirst(mark.count)), in: folder)
      case .nothing:
        guard folder != "/", let slash = folder.lastIndex(of: "/") else { return nil }
        folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
      }
    }
  }

  private static func path(_ text: String, in folder: String) -> String {
    text.hasPrefix("/") ? text : "\(folder)/\(text)"
  }

  /// The commit of reference `name` in the list of those that have no file of their own.
  private static func packed(_ name: String, in folder: String) -> String? {
    guard let bytes = try? Files.read("\(folder)/packed-refs", limit: longestList) else { return nil }
    let ending = Array(" \(name)".utf8)
    guard let line = bytes.split(separator: UInt8(ascii: "\n")).first(where: { $0.ends(with: ending) }) else {
      return nil
    }
    let commit = String(decoding: line.dropLast(ending.count), as: UTF8.self)
    return isCommit(commit) ? commit : nil
  }

  /// The first line of a file.
  private static func line(of path: String) -> String? {
    guard let bytes = try? Files.read(path, limit: longestLine) else { return nil }
    return String(validating: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }

  /// A SHA-1 or a SHA-256.
  private static func isCommit(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Whether `name` leads to a file below `refs`.
  private static func isReference(_ name: String) -> Bool {
    name.hasPrefix("refs/") && !name.contains("\0") && !name.split(separator: "/").contains("..")
  }
}

extension Collection<UInt8> {
  fileprivate func ends(with bytes: [UInt8]) -> Bool {
    count >= bytes.count && suffix(bytes.count).elementsEqual(bytes)
  }
}
