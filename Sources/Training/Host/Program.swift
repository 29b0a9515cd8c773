/// The program that runs, by the names under which its user can run it again.
package enum Program {
  /// The version of the framework.
  package static let version = "0.1.0"

  /// Its name alone, such as `ppo-robot`: what help and errors call it.
  package static let name = name(ofFileAt: CommandLine.arguments.first ?? "")

  /// What precedes a subcommand in a line for a shell, in the folder in which the program was started.
  package static let command = command(
    startedAs: CommandLine.arguments.first ?? "", in: Files.canonical(".") ?? "/",
    searching: (Host.variable("PATH") ?? "").split(separator: ":").map(String.init))

  private static let usualName = "ppo-robot"

  package static func name(ofFileAt path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? usualName
  }

  /// - Parameters:
  ///   - path: what the program was started as, its first argument.
  ///   - folder: the working directory, from the root on.
  ///   - searchPath: the folders in which a shell looks for a name without a slash.
  package static func command(startedAs path: String, in folder: String, searching searchPath: [String]) -> String {
    let name = Shell.quoted(name(ofFileAt: path))
    guard path.contains("/") else { return name }
    let file = path.hasPrefix("/") ? path : "\(folder)/\(path.hasPrefix("./") ? String(path.dropFirst(2)) : path)"
    let place = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    if !place.isEmpty, searchPath.contains(where: { isSame($0, place) }) { return name }
    // What `swift run` starts is in a folder of the package's own, and works in all of the package.
    if let build = file.ranges(of: "/.build/").last {
      let package = String(file[..<build.lowerBound])
      if folder == package || folder.hasPrefix(package + "/") {
        let isRelease = file[build.upperBound...].split(separator: "/").contains("release")
        return "swift run \(isRelease ? "-c release " : "")\(name)"
      }
    }
    return Shell.quoted(path)
  }

  /// Whether two paths lead to the same folder.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    a == b || Files.canonical(a).map { $0 == Files.canonical(b) } ?? false
  }
}
