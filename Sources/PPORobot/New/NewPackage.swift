import Learning
import Networks
import Storage
import Training

/// A package of its own with a robot, a task and a command that trains it, as a starting point.
package struct NewPackage: Sendable {
  /// The name of the package, its command and its robot, such as "my-robot".
  package let name: PackageName
  package let framework: FrameworkSource

  package init(name: PackageName, framework: FrameworkSource) {
    self.name = name
    self.framework = framework
  }

  /// What the package consists of, by path.
  package var files: [(path: String, text: String)] {
    let sources = "Sources/\(name.text)"
    return [
      ("Package.swift", manifest), ("\(sources)/main.swift", main), ("\(sources)/\(name.typeName).swift", robot),
      ("\(sources)/Balance.swift", Self.task), (".gitignore", Self.ignored), ("README.md", readme),
    ]
  }

  /// Writes the package as a folder of its name.
  ///
  /// - Parameter parent: the folder that it goes into; it must be there.
  /// - Returns: the package's folder.
  /// - Throws: `CommandError` or `LearningError` where it cannot be written, with nothing left behind, and if something of
  ///   that name is there already.
  package func write(into parent: String) throws -> String {
    guard Files.kind(at: parent) == .folder else {
      throw CommandError("\(quoted(parent)) is not a folder; --at must name one that the package can go into")
    }
    let prefix = parent == "." ? "" : parent.hasSuffix("/") ? parent : "\(parent)/"
    let folder = prefix + name.text
    guard try Files.createNewFolder(folder) else {
      throw CommandError("\(quoted(folder)) is there already; choose another name, or another folder with --at")
    }
    do {
      try Files.createFolder("\(folder)/Sources/\(name.text)")
      for file in files { try AtomicFile.write(Array(file.text.utf8), to: "\(folder)/\(file.path)") }
    } catch {
      for file in files { try? Files.remove("\(folder)/\(file.path)") }
      for part in ["/Sources/\(name.text)", "/Sources", ""] { Files.removeEmptyFolder(folder + part) }
      throw error
    }
    return folder
  }
}
