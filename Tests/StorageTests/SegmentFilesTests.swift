import Storage
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct SegmentFilesTests {
  /// A new folder for `body`, removed afterwards with the files in it.
  private func withFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/segments-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
    }
    guard made else {
      throw StorageError("no folder for a test")
    }
    let folder = template.dropLast().map { UInt8(bitPattern: $0) }
    let path = String(decoding: folder, as: UTF8.self)
    defer {
      for number in 0..<20 { unsafe unlink("\(path)/part-\(number).f32") }
      unsafe rmdir(path)
    }
    try body(path)
  }

  @Test func whatIsAppendedComesBack() throws {
    try withFolder { folder in
      let files = try SegmentFiles(folder: folder, name: "part")
      let first: [Float] = [1, -0.0, .pi]
      let second: [Float] = [0x1p-149, 5]
      try files.write(first.span, to: 3, from: 0)
      try files.write(second.span, to: 3, from: 3)
      let all = try SegmentFiles(folder: folder, name: "part").read(3, count: 5)
      #expect(all.map(\.bitPattern) == (first + second).map(\.bitPattern))
      // What follows what was noted down is no matter, and is lost when something is written there.
      #expect(try files.read(3, count: 2) == [1, -0.0])
      try files.write([9].span, to: 3, from: 1)
      #expect(try files.read(3, count: 2) == [1, 9])
      #expect(throws: StorageError.self) { try files.read(3, count: 3) }
    }
  }

  @Test func damageIsToldInOneLine() throws {
    try withFolder { folder in
      let files = try SegmentFiles(folder: folder, name: "part")
      try files.write([1, 2].span, to: 0, from: 0)
      #expect(throws: StorageError("\(folder)/part-0.f32 is cut short: it holds 2 numbers of 1099511627776")) {
        try files.read(0, count: 1 << 40)
      }
      #expect(throws: StorageError("\(folder)/part-0.f32 has become shorter while it was in use")) {
        try files.write([1].span, to: 0, from: 3)
      }
      #expect(throws: StorageError("\(folder)/part-1.f32 cannot be read: No such file or directory")) {
        try files.read(1, count: 1)
      }
      #expect(throws: StorageError("\(folder)/part-0.f32 is not a folder")) {
        try SegmentFiles(folder: "\(folder)/part-0.f32", name: "part")
      }
      #expect(throws: StorageError("\(folder)/a/b cannot be made: No such file or directory")) {
        try SegmentFiles(folder: "\(folder)/a/b", name: "part")
      }
    }
  }

  @Test func onlyOldSegmentsAreRemoved() throws {
    try withFolder { folder in
      let files = try SegmentFiles(folder: folder, name: "part")
      for number in 0..<6 { try files.write([Float(number)].span, to: number, from: 0) }
      files.removeSegments(outside: 2...4)
      for number in 0..<6 { #expect(unsafe (access(files.path(of: number), F_OK) == 0) == (2...4).contains(number)) }
    }
  }
}
