/// Puts included files where an MJCF names them.
struct MJCFIncludes {
  static let mostFiles = 64
  static let deepest = 16

  private let files: any FileSource
  private var taken: Set<String> = []
  private(set) var warnings: [RobotFileWarning] = []

  private init(_ files: any FileSource) { self.files = files }

  /// The same element, with what it includes in place of every `include`.
  static func expand(
    _ root: XMLElement, files: any FileSource, warnings: inout [RobotFileWarning]
  ) throws(RobotFileError) -> XMLElement {
    var includes = MJCFIncludes(files)
    let result = try includes.expand(root, folder: "", depth: 0, level: 1)
    warnings += includes.warnings
    return result
  }

  /// - Parameters:
  ///   - depth: how many files include each other here.
  ///   - level: how many elements hold the element and are it, included ones too.
  private mutating func expand(
    _ element: XMLElement, folder: String, depth: Int, level: Int
  ) throws(RobotFileError) -> XMLElement {
    guard level <= XMLReader.deepest else { throw element.error("more than \(XMLReader.deepest) levels of elements") }
    var result = element
    result.children = []
    for child in element.children {
      if child.name == "include" {
        result.children += try included(child, folder: folder, depth: depth, level: level)
      } else {
        result.children.append(try expand(child, folder: folder, depth: depth, level: level + 1))
      }
    }
    return result
  }

  private mutating func included(
    _ element: XMLElement, folder: String, depth: Int, level: Int
  ) throws(RobotFileError) -> [XMLElement] {
    guard let file = element["file"], !file.isEmpty else { throw element.error("'file' is missing") }
    guard depth < Self.deepest else {
      throw element.error("files may include each other \(Self.deepest) deep at most")
    }
    guard taken.count < Self.mostFiles else {
      throw element.error("a robot may include \(Self.mostFiles) files at most")
    }
    let (path, bytes) = try read(file, folder: folder, askedBy: element.position)
    guard taken.insert(path).inserted else {
      throw element.error("'\(excerpt(file))' is already included; MJCF includes each file once")
    }
    let root = try XMLReader.parse(bytes, file: path, warnings: &warnings)
    guard root.name == "mujoco" || root.name == "mujocoinclude" else {
      throw element.error("'\(excerpt(file))' is no MJCF: its root must be <mujoco> or <mujocoinclude>")
    }
    guard !root.children.isEmpty else { throw element.error("'\(excerpt(file))' is empty") }
    return try expand(root, folder: FilePath.folder(of: path), depth: depth + 1, level: level).children
  }

  /// Paths count from the main file's folder; as in MuJoCo, the folder of the including file is tried next.
  private func read(
    _ file: String, folder: String, askedBy position: SourcePosition
  ) throws(RobotFileError) -> (String, [UInt8]) {
    do throws(RobotFileError) {
      return (file, try files.bytes(of: file, askedBy: position))
    } catch {
      let path = FilePath.joined(folder, file)
      guard path != file, let bytes = try? files.bytes(of: path, askedBy: position) else { throw error }
      return (path, bytes)
    }
  }
}

/// Paths as robots' files write them.
enum FilePath {
  /// All before the last slash; empty where there is none.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[..<slash])
  }

  /// All after the last slash.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) else {
      return path
    }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The name without folders and ending.
  static func stem(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// A path below a folder; one that starts at the root of the file system stays as it is.
  static func joined(_ folder: String, _ path: String) -> String {
    if folder.isEmpty || path.utf8.first == UInt8(ascii: "/") { return path }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + path : folder + "/" + path
  }
}
