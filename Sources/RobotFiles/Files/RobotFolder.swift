import Storage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folders that belong to a robot's file: its own, the one above, where meshes often lie beside it, and those of the ROS
/// packages that it names. Nothing outside them is read.
package struct RobotFolder: FileSource {
  /// The file's own folder.
  private let folder: String
  /// Folders of packages by name, as the sidecar says.
  private let packages: [String: String]
  /// Folders that hold packages.
  private let packagePaths: [String]

  /// Bytes of a file that is read at most.
  package static let longestFile = 64 << 20

  /// - Parameters:
  ///   - file: the robot's file.
  ///   - packages: folders of ROS packages by name.
  ///   - packagePaths: folders that hold packages, such as those of `ROS_PACKAGE_PATH`.
  package init(of file: String, packages: [String: String] = [:], packagePaths: [String] = []) {
    folder = file.lastIndex(of: "/").map { file[..<$0].isEmpty ? "/" : String(file[..<$0]) } ?? "."
    self.packages = packages
    self.packagePaths = packagePaths
  }

  package func bytes(of path: String, askedBy position: SourcePosition) throws(RobotFileError) -> [UInt8] {
    let tries = try candidates(for: path, askedBy: position)
    guard let found = tries.first(where: { unsafe access($0.path, F_OK) == 0 }) else {
      throw RobotFileError(
        "there is no file '\(excerpt(path))'; looked for \(tries.map { "'\($0.path)'" }.joined(separator: ", "))",
        at: position)
    }
    guard Self.isInside(found.path, found.root) else {
      throw RobotFileError(
        "'\(excerpt(path))' leads out of the robot's folders; copy it beside the robot's file", at: position)
    }
    do {
      return try InputFile.read(found.path, limit: Self.longestFile)
    } catch {
      switch error {
      case .unreadable(let reason):
        throw RobotFileError("cannot read '\(excerpt(path))': \(reason)", at: position)
      case .tooLong:
        throw RobotFileError("'\(excerpt(path))' is larger than \(Self.longestFile >> 20) MiB", at: position)
      }
    }
  }

  /// Where a file may be, with the folder that it must not leave.
  private func candidates(
    for path: String, askedBy position: SourcePosition
  ) throws(RobotFileError) -> [(path: String, root: String)] {
    for scheme in ["package://", "model://"] where path.hasPrefix(scheme) {
      let rest = path.dropFirst(scheme.count)
      let package = String(rest.prefix { $0 != "/" })
      let tail = String(rest.dropFirst(package.count + 1))
      var tries: [(String, String)] = []
      if let place = packages[package] { tries.append(("\(place)/\(tail)", place)) }
      for place in packagePaths { tries.append(("\(place)/\(package)/\(tail)", "\(place)/\(package)")) }
      // Each folder upwards that is called like the package or holds it.
      var up = Self.resolved(folder) ?? folder
      while up.count > 1 {
        if up.hasSuffix("/\(package)") { tries.append(("\(up)/\(tail)", up)) }
        tries.append(("\(up)/\(package)/\(tail)", "\(up)/\(package)"))
        up = up.lastIndex(of: "/").map { String(up[..<$0]) } ?? ""
      }
      return tries
    }
    let plain = path.hasPrefix("file://") ? String(path.dropFirst("file://".count)) : path
    guard !plain.isEmpty, !plain.contains("\0") else { throw RobotFileError("a file's name is missing", at: position) }
    let above = "\(folder)/.."
    return [(plain.hasPrefix("/") ? plain : "\(folder)/\(plain)", above)]
  }

  /// A path without links and `..`; nil where nothing is.
  private static func resolved(_ path: String) -> String? {
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }

  private static func isInside(_ path: String, _ root: String) -> Bool {
    guard let path = resolved(path), let root = resolved(root) else { return false }
    return path.hasPrefix(root == "/" ? root : root + "/")
  }
}
