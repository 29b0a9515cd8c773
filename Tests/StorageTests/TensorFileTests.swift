import Environments
import Storage
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct TensorFileTests {
  private static func sample() -> TensorFile {
    var file = TensorFile()
    file.set("weights", .float32([1, -0.0, .pi, .infinity, 0x1p-149, .nan]), shape: [2, 3])
    file.set("sums", .float64([0.1, -1e300]))
    file.set("bytes", .uint8([1, 2, 3]))
    file.set("counts", .int64([-1, .max]))
    file.set("empty", .float32([]), shape: [0, 4])
    file.metadata["name"] = "Zoë said \"hi\"\n\u{1} 🤖 \\ /"
    return file
  }

  /// A safetensors file with any header.
  private static func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let count = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) } + Array(header.utf8) + data
  }

  @Test func comesBackAsItWas() throws {
    let file = Self.sample()
    let bytes = file.encoded()
    let back = try TensorFile(decoding: bytes)
    #expect(back.encoded() == bytes && back.metadata == file.metadata)
    #expect(try back.floats("weights", shape: [2, 3])[2] == .pi)
    #expect(try back.doubles("sums", shape: [2]) == [0.1, -1e300])
    #expect(try back.bytes("bytes") == [1, 2, 3])
    #expect(try back.integers("counts", shape: [2]) == [-1, .max])
    #expect(throws: StorageError.self) { try back.floats("weights", shape: [3, 2]) }
    #expect(throws: StorageError.self) { try back.floats("sums", shape: [2]) }
    #expect(throws: StorageError.self) { try back.floats("nothing", shape: [2]) }
  }

  @Test func everyMutationIsSeenOrHarmless() throws {
    let bytes = Self.sample().encoded()
    var random = Random(seed: 1)
    var survived = 0
    for _ in 0..<3000 {
      var mutated = bytes
      for _ in 0...random.index(below: 3) {
        let position = random.index(below: mutated.count)
        switch random.index(below: 5) {
        case 0: mutated[position] = UInt8(truncatingIfNeeded: random.next())
        case 1: mutated[position] ^= 1 << UInt8(random.index(below: 8))
        case 2: mutated.remove(at: position)
        case 3: mutated.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
        default: mutated.removeLast(min(mutated.count - 1, random.index(below: 40)))
        }
      }
      guard let back = try? TensorFile(decoding: mutated) else { continue }
      survived += 1
      #expect(back.encoded() == bytes)
    }
    #expect(survived < 300)
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{\"a\":1}", "{\"a\":{}} x", "{\"a\":{\"dtype\":\"F32\"}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}}",
    "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
    "{\"__metadata__\":{\"k\":1}}", "{\"__metadata__\":{\"k\":\"a\",\"k\":\"b\"}}",
    "{\"__metadata__\":{\"k\":\"\\ud800\"}}",
    "{\"__metadata__\":{\"k\":\"\\u00\"}}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\" 1}", "{\"a\":tru", "{\"a\":-}",
    "{\"__metadata__\":{\"k\":\"v\"}}",
  ])
  func hostileHeadersThrow(header: String) {
    #expect(throws: StorageError.self) { try TensorFile(decoding: Self.file(header, data: [0, 0, 0, 0, 0, 0, 0, 0])) }
  }

  @Test func hostileLengthsThrow() {
    for bytes: [UInt8] in [[], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255], [9, 0, 0, 0, 0, 0, 0, 0, 123]] {
      #expect(throws: StorageError.self) { try TensorFile(decoding: bytes) }
    }
    // Text that is not UTF-8.
    var bytes = Self.file("{\"__metadata__\":{\"k\":\"x\"}}")
    for i in bytes.indices where bytes[i] == UInt8(ascii: "x") { bytes[i] = 0xFF }
    #expect(throws: StorageError.self) { try TensorFile(decoding: bytes) }
  }

  /// Text takes many times its bytes in memory.
  @Test func anEndlessHeaderIsNotRead() {
    let header =
      Array("{\"__metadata__\":{\"k\":[".utf8) + Array(repeating: UInt8(ascii: "1"), count: TensorFile.longestHeader)
    let length = UInt64(header.count)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + header
    #expect(throws: StorageError("its header has \(length) bytes; 8388608 are possible")) {
      try TensorFile(decoding: bytes)
    }
  }

  @Test func aFileThatNeverEndsIsNotRead() {
    #expect(throws: StorageError("/dev/zero cannot be read: it is a device, not a file")) {
      try TensorFile(contentsOf: "/dev/zero", limit: 100_000)
    }
    // Some are files of no length that have contents all the same.
    #if os(Linux)
      #expect(throws: StorageError("/proc/self/status has more than 100 bytes")) {
        try TensorFile(contentsOf: "/proc/self/status", limit: 100)
      }
    #endif
  }

  @Test func filesAreReplacedWhole() throws {
    let folder = "/tmp/ppo-robot-test-\(getpid())"
    unsafe mkdir(folder, 0o755)
    defer { unsafe rmdir(folder) }
    let path = folder + "/file"
    for contents: [UInt8] in [[1, 2, 3], Array(repeating: 9, count: 100_000), []] {
      try AtomicFile.write(contents, to: path)
      #expect(try AtomicFile.read(path) == contents)
    }
    let partial = unsafe access(path + ".partial", F_OK)
    #expect(partial != 0)
    unsafe unlink(path)
  }

  @Test func fileErrorsNamePathAndReason() {
    for (path, reason) in [
      ("/nowhere/file", "No such file"), ("/dev/null", "not a file"), ("/tmp", "not a file"),
    ] {
      do {
        try AtomicFile.write([1], to: path)
        Issue.record("\(path) was written")
      } catch {
        #expect(error.description.contains(path) && error.description.contains(reason))
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(throws: StorageError.self) { try AtomicFile.read("/nowhere/file") }
    #expect(throws: StorageError.self) { try AtomicFile.read("/tmp") }
  }
}
