import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a new package gets the framework from.
package enum FrameworkSource: Sendable, Equatable {
  /// A folder with ppo-robot's package, from the file system's root on.
  case folder(String)
  /// A repository.
  case repository(url: String)

  /// - Parameter text: a folder or a URL; nil looks for the package that the program was built from, and then upwards from
  ///   the folder it runs in.
  package init(_ text: String?) throws {
    guard let text else {
      let starts = [CommandLine.arguments.first ?? "", "."]
      guard let folder = starts.lazy.compactMap(Self.packageFolder).first else {
        throw CommandError(
          "ppo-robot's own package cannot be found; --framework must name its folder, or the URL of its "
            + "repository")
      }
      self = .folder(folder)
      return
    }
    if text.hasPrefix("https://") || text.hasPrefix("ssh://") {
      guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
      else {
        throw CommandError("--framework is \(quoted(text)); a URL has no blanks, quotes or backslashes")
      }
      self = .repository(url: text)
      return
    }
    guard let folder = Self.absolute(text), Self.isFramework(folder) else {
      throw CommandError(
        "--framework is \(quoted(text)); it must name the folder of ppo-robot's package, or start with https://")
    }
    self = .folder(folder)
  }

  /// The dependency as a manifest writes it.
  var dependency: String {
    switch self {
    case .folder(let path): ".package(name: \"ppo-robot\", path: \(Self.literal(path)))"
    case .repository(let url): ".package(url: \(Self.literal(url)), branch: \"main\")"
    }
  }

  /// What products say their package is.
  var package: String {
    switch self {
    case .folder: return "ppo-robot"
    case .repository(let url):
      let last = url.split(separator: "/").last.map(String.init) ?? url
      return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }
  }

  /// Text as a Swift string literal.
  private static func literal(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
      }.joined() + "\""
  }

  /// The folder of ppo-robot's package at or above a path.
  private static func packageFolder(above path: String) -> String? {
    guard var folder = absolute(path) else { return nil }
    while !folder.isEmpty {
      if isFramework(folder) { return folder }
      folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    }
    return nil
  }

  private static func isFramework(_ folder: String) -> Bool {
    guard let bytes = try? Files.read("\(folder)/Package.swift", limit: 1 << 20) else { return false }
    return String(decoding: bytes, as: UTF8.self).contains("name: \"ppo-robot\",\n  platforms")
  }

  private static func absolute(_ path: String) -> String? {
    guard !path.isEmpty, let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
