import Foundation
import RobotFiles
import Testing

/// What a robot's file may read.
struct RobotFolderTests {
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("RobotFolder.\(UUID().uuidString)")
    for folder in ["dog_description/urdf", "dog_description/meshes", "elsewhere"] {
      try FileManager.default.createDirectory(
        at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
    for file in ["dog_description/meshes/leg.stl", "dog_description/urdf/part.xml", "elsewhere/secret.stl"] {
      try Data(file.utf8).write(to: root.appendingPathComponent(file))
    }
  }

  private func read(_ path: String, _ packages: [String: String] = [:]) throws -> String {
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = RobotFolder(
      of: root.appendingPathComponent("dog_description/urdf/dog.urdf").path, packages: packages)
    let bytes = try folder.bytes(of: path, askedBy: SourcePosition(file: "dog.urdf", line: 3, column: 5))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("part.xml", "dog_description/urdf/part.xml"), ("../meshes/leg.stl", "dog_description/meshes/leg.stl"),
    ("package://dog_description/meshes/leg.stl", "dog_description/meshes/leg.stl"),
    ("model://dog_description/urdf/part.xml", "dog_description/urdf/part.xml"),
  ])
  func itsOwnFoldersAreRead(_ path: String, _ file: String) throws { #expect(try read(path) == file) }

  @Test func packagesAreWhereTheSidecarSays() throws {
    #expect(
      try read("package://other/secret.stl", ["other": root.appendingPathComponent("elsewhere").path])
        == "elsewhere/secret.stl")
  }

  @Test(arguments: ["../../elsewhere/secret.stl", "/etc/hostname", "file:///etc/hostname"])
  func nothingElseIs(_ path: String) throws {
    let error = #expect(throws: RobotFileError.self) { try read(path) }
    #expect(
      error?.description.hasSuffix("'\(path)' leads out of the robot's folders; copy it beside the robot's file")
        == true)
  }

  @Test func linksAreFollowedBeforeTheyAreJudged() throws {
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("dog_description/meshes/link.stl"),
      withDestinationURL: root.appendingPathComponent("elsewhere/secret.stl"))
    #expect(throws: RobotFileError.self) { try read("../meshes/link.stl") }
  }

  @Test func whatIsMissingSaysWhereItWasLookedFor() throws {
    let error = #expect(throws: RobotFileError.self) { try read("package://dog_description/meshes/arm.stl") }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("dog.urdf:3:5: there is no file 'package://dog_description/meshes/arm.stl'; looked for "))
    #expect(text.contains("dog_description/meshes/arm.stl'"))
  }
}
