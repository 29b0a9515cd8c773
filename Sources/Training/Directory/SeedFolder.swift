/// The folder in which `train --seeds` puts the run directory of each seed.
package enum SeedFolder {
  /// Names of the run directories begin with this; the seed follows.
  package static let prefix = "seed-"

  /// Whether a folder holds runs with several seeds, one of which has begun.
  package static func isSet(_ folder: String) throws -> Bool {
    try runs(in: folder).contains { $0 != folder && RunDirectory(path: $0).isBegun }
  }

  /// The run directories in a folder of `train --seeds`, by seed; `text` itself where it is something else.
  package static func runs(in text: String) throws -> [String] {
    guard Files.kind(at: text) == .folder else { return [text] }
    let seeds = try Files.names(in: text).filter { $0.hasPrefix(prefix) }
      .compactMap { UInt64($0.dropFirst(prefix.count)) }
    let folder = Files.withoutTrailingSlash(text)
    return seeds.isEmpty ? [text] : seeds.sorted().map { "\(folder)/\(prefix)\($0)" }
  }
}
