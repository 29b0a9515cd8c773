import Foundation
import TestRuns
import Testing
import Training

@Suite struct SourceStateTests {
  private let folder: TemporaryFolder
  private static let commit = String(repeating: "0123456789", count: 4)
  private static let other = String(repeating: "abcdef0123", count: 4)

  init() throws {
    folder = try TemporaryFolder()
    try make("repository/.git/refs/heads/feature")
    try make("repository/sources/deep")
  }

  private func make(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/\(path)", withIntermediateDirectories: true)
  }

  private func commit(in path: String) -> String? { SourceState.commit(in: "\(folder.path)/\(path)") }

  private func head(_ text: String) throws { _ = try folder.write(text, to: "repository/.git/HEAD") }

  @Test func aBranchIsFollowed() throws {
    try head("ref: refs/heads/feature/new\n")
    #expect(commit(in: "repository") == nil)
    _ = try folder.write("\(Self.commit)\n", to: "repository/.git/refs/heads/feature/new")
    #expect(commit(in: "repository") == Self.commit)
    #expect(commit(in: "repository/sources/deep") == Self.commit)
    #expect(commit(in: "repository/none") == nil)
    try head("\(Self.other)\n")
    #expect(commit(in: "repository") == Self.other)
    // A SHA-256.
    try head(Self.commit + Self.commit.prefix(24))
    #expect(commit(in: "repository")?.count == 64)
  }

  @Test func packedReferencesAreFound() throws {
    try head("ref: refs/heads/main\n")
    _ = try folder.write(
      """
      # pack-refs with: peeled fully-peeled sorted
      \(Self.other) refs/heads/feature/main
      \(Self.other) refs/remotes/origin/refs/heads/main
      \(Self.commit) refs/heads/main
      \(Self.other) refs/tags/1
      ^\(Self.other)

      """, to: "repository/.git/packed-refs")
    #expect(commit(in: "repository/sources") == Self.commit)
    // The file is newer than the list.
    _ = try folder.write(Self.other, to: "repository/.git/refs/heads/main")
    #expect(commit(in: "repository/sources") == Self.other)
  }

  @Test func aLinkedWorktreeHasAHeadOfItsOwn() throws {
    try make("repository/.git/worktrees/one")
    try make("one/sources")
    _ = try folder.write("gitdir: ../repository/.git/worktrees/one\n", to: "one/.git")
    _ = try folder.write("../..\n", to: "repository/.git/worktrees/one/commondir")
    _ = try folder.write("ref: refs/heads/one\n", to: "repository/.git/worktrees/one/HEAD")
    _ = try folder.write("\(Self.commit) refs/heads/one\n", to: "repository/.git/packed-refs")
    #expect(commit(in: "one/sources") == Self.commit)
    _ = try folder.write(Self.other, to: "repository/.git/refs/heads/one")
    #expect(commit(in: "one") == Self.other)
    _ = try folder.write("gitdir: \(folder.path)/repository/.git/worktrees/one", to: "one/.git")
    #expect(commit(in: "one") == Self.other)
  }

  @Test(arguments: [
    "", "ref: ", "ref: refs/heads/../../HEAD", "ref: /etc/passwd", "ref: ../secret", "ref: refs/heads", "0123",
    "ref: HEAD",
    "\u{1B}[2J0123456789012345678901234567890123456789", "ref: refs/heads/a\0b", "ref: refs/heads/loop",
  ])
  func whatNamesNoCommitIsLeftOut(_ text: String) throws {
    try head(text)
    _ = try folder.write(Self.commit, to: "repository/secret")
    _ = try folder.write("ref: refs/heads/loop", to: "repository/.git/refs/heads/loop")
    #expect(commit(in: "repository") == nil)
  }

  /// Neither pipes nor endless files are waited for, and broken links lead nowhere.
  @Test func whatIsNoOrdinaryFileIsLeftOut() throws {
    let head = "\(folder.path)/repository/.git/HEAD"
    #expect(unsafe mkfifo(head, 0o600) == 0)
    #expect(commit(in: "repository") == nil)
    try FileManager.default.removeItem(atPath: head)
    for place in ["/dev/zero", "/none", folder.path] {
      try FileManager.default.createSymbolicLink(atPath: head, withDestinationPath: place)
      #expect(commit(in: "repository") == nil)
      try FileManager.default.removeItem(atPath: head)
    }
    try make("elsewhere")
    #expect(unsafe mkfifo("\(folder.path)/elsewhere/.git", 0o600) == 0)
    #expect(commit(in: "elsewhere") == nil)
  }

  /// What the repository's own configuration names is not run.
  @Test func nothingOfTheRepositoryRuns() throws {
    let script = try folder.write("#!/bin/sh\ntouch '\(folder.path)/ran'\n", to: "script")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    try make("repository/.git/objects")
    _ = try folder.write(
      """
      [core]
      \trepositoryformatversion = 0
      \tfsmonitor = \(script)
      [filter "odd"]
      \tclean = \(script)
      \tprocess = \(script)

      """, to: "repository/.git/config")
    _ = try folder.write("* filter=odd\n", to: "repository/.gitattributes")
    try head("ref: refs/heads/main\n")
    _ = try folder.write(Self.commit, to: "repository/.git/refs/heads/main")
    let command = try Command.binary().path
    let outcome = try Command.run(
      "/bin/sh",
      ["-c", "cd repository && exec '\(command)' train --robot pendulum --steps 1000 --run-dir run --quiet"], in: folder
    )
    #expect(outcome.status == 0)
    #expect(try folder.text("repository/run/command.txt").contains(", git \(Self.commit)\n"))
    #expect(!folder.contents.contains("ran"))
  }
}
