#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which sources a training was made with, as far as `git` knows.
package enum SourceState {
  /// The commit of the repository that the working directory stands in, and whether its files have been changed since;
  /// nil without a repository or without git.
  static var description: String? { output(of: command).flatMap(describe) }

  /// One call for both; it writes nothing and starts no helper.
  private static let command =
    "git --no-optional-locks -c core.fsmonitor=false status --porcelain=v2 --branch --untracked-files=no 2>/dev/null"

  /// - Parameter status: what `command` prints: lines about the branch, then one for each changed file.
  package static func describe(_ status: String) -> String? {
    let lines = status.split(separator: "\n")
    let mark = "# branch.oid "
    guard let line = lines.first(where: { $0.hasPrefix(mark) }) else { return nil }
    let commit = line.dropFirst(mark.count)
    guard commit.count >= 40, commit.allSatisfy(\.isHexDigit) else { return nil }
    return "git \(commit)\(lines.allSatisfy { $0.hasPrefix("#") } ? "" : ", modified")"
  }

  /// What a shell's command prints, if it succeeds.
  private static func output(of command: String) -> String? {
    guard let pipe = unsafe popen(command, "r") else { return nil }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, pipe) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return unsafe pclose(pipe) == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
