import Environments
import Testing

struct StateTests {
  @Test func numbersComeBackBitForBit() throws {
    let integers: [Int] = [0, 1, -1, 42, .min, .max]
    let doubles: [Double] = [
      0, -0.0, 1.5, -.pi, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan,
      Double(bitPattern: 0xFFF8_0000_DEAD_BEEF), Double(bitPattern: 0x7FF0_0000_0000_0001),
    ]
    let floats: [Float] = [
      0, -0.0, 1.5, -.pi, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan,
      Float(bitPattern: 0xFFC0_1234), Float(bitPattern: 0x7F80_0001),
    ]
    var writer = StateWriter()
    for value in integers { writer.write(value) }
    for value in doubles { writer.write(value) }
    for value in floats { writer.write(value) }
    writer.write(true)
    writer.write(false)
    writer.write(UInt64.max)
    writer.write(doubles)
    writer.write(floats)
    writer.write([Double]())

    var reader = StateReader(writer.bytes)
    for value in integers { #expect(try reader.readInt() == value) }
    for value in doubles { #expect(try reader.readDouble().bitPattern == value.bitPattern) }
    for value in floats { #expect(try reader.readFloat().bitPattern == value.bitPattern) }
    #expect(try reader.readBool())
    #expect(try !reader.readBool())
    #expect(try reader.readUInt64() == .max)
    #expect(try reader.readDoubles(count: doubles.count).map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(try reader.readFloats(count: floats.count).map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(!reader.isAtEnd)
    #expect(try reader.readDoubles(count: 0).isEmpty)
    #expect(reader.isAtEnd)
  }

  @Test func bytesAreLittleEndian() {
    var writer = StateWriter()
    writer.write(UInt64(0x0102_0304_0506_0708))
    writer.write(Float(1))
    writer.write(true)
    #expect(writer.bytes == [8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0x80, 0x3F, 1])
  }

  @Test func everyReadPastTheEndThrows() {
    for count in 0..<8 {
      let bytes = Array(repeating: UInt8(1), count: count)
      #expect(throws: StateError.truncated) {
        var reader = StateReader(bytes); _ = try reader.readUInt64()
      }
      #expect(throws: StateError.truncated) {
        var reader = StateReader(bytes); _ = try reader.readInt()
      }
      #expect(throws: StateError.truncated) {
        var reader = StateReader(bytes); _ = try reader.readDouble()
      }
      #expect(throws: StateError.truncated) {
        var reader = StateReader(bytes); _ = try reader.readFloats(count: 1)
      }
      #expect(throws: StateError.truncated) {
        var reader = StateReader(bytes); _ = try reader.readDoubles(count: 1)
      }
    }
    #expect(throws: StateError.truncated) {
      var reader = StateReader([1, 2, 3]); _ = try reader.readFloat()
    }
    #expect(throws: StateError.truncated) {
      var reader = StateReader([]); _ = try reader.readBool()
    }
  }

  @Test func aFailedReadConsumesNothing() throws {
    var reader = StateReader([1, 0, 0, 0])
    #expect(throws: StateError.truncated) { try reader.readUInt64() }
    #expect(try reader.readFloat() == Float(bitPattern: 1))
    #expect(reader.isAtEnd)
  }

  @Test func arraysMustHaveTheExpectedCount() {
    var writer = StateWriter()
    writer.write([1.0, 2.0])
    let bytes = writer.bytes
    for count in [-1, 0, 1, 3, .max, .min] {
      #expect(throws: StateError.mismatch("2 values where \(count) belong")) {
        var reader = StateReader(bytes)
        _ = try reader.readDoubles(count: count)
      }
    }
  }

  /// A count from the same damaged bytes must not be trusted.
  @Test(arguments: [Int.max, .min, -1, 1 << 40, 3])
  func hostileCountsThrow(_ count: Int) {
    var writer = StateWriter()
    writer.write(count)
    writer.write(1.0)
    let bytes = writer.bytes
    #expect(throws: StateError.self) {
      var reader = StateReader(bytes); _ = try reader.readDoubles(count: count)
    }
    #expect(throws: StateError.self) {
      var reader = StateReader(bytes); _ = try reader.readFloats(count: count)
    }
  }

  @Test func checkedIntegersKeepToTheirRange() throws {
    var writer = StateWriter()
    for value in [0, 9, 10, -1, .max] { writer.write(value) }
    var reader = StateReader(writer.bytes)
    #expect(try reader.readInt(in: 0...9) == 0)
    #expect(try reader.readInt(in: 0...9) == 9)
    for _ in 0..<3 { #expect(throws: StateError.self) { try reader.readInt(in: 0...9) } }
    #expect(reader.isAtEnd)
  }

  @Test func checkedNumbersKeepToTheirRange() throws {
    let odd: [Double] = [.nan, .infinity, -.infinity, 1.0.nextUp, -.leastNonzeroMagnitude, .greatestFiniteMagnitude]
    var writer = StateWriter()
    for value in [0, 0.5, 1] + odd { writer.write(value) }
    var reader = StateReader(writer.bytes)
    for value in [0, 0.5, 1] { #expect(try reader.readDouble(in: 0...1) == value) }
    for value in odd {
      #expect(throws: StateError.mismatch("\(value) where 0.0...1.0 is possible")) { try reader.readDouble(in: 0...1) }
    }
    #expect(reader.isAtEnd)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func finiteReadsTakeNothingElse(_ odd: Double) throws {
    var writer = StateWriter()
    writer.write(-1.5)
    writer.write([1.0, -1e300])
    writer.write([Float(1), 2])
    writer.write(odd)
    writer.write([1, odd])
    writer.write([Float(odd), 2])
    var reader = StateReader(writer.bytes)
    #expect(try reader.readFiniteDouble() == -1.5)
    #expect(try reader.readFiniteDoubles(count: 2) == [1, -1e300])
    #expect(try reader.readFiniteFloats(count: 2) == [1, 2])
    var other = reader
    let error = StateError.mismatch("\(odd) where a finite number belongs")
    #expect(throws: error) { try reader.readFiniteDouble() }
    #expect(throws: error) { try reader.readFiniteDoubles(count: 2) }
    #expect(throws: error) { try reader.readFiniteFloats(count: 2) }
    // What a fault has left behind may be anything.
    other.permitsNonFinite = true
    #expect(try other.readFiniteDouble().bitPattern == odd.bitPattern)
    #expect(try other.readFiniteDoubles(count: 2)[1].bitPattern == odd.bitPattern)
    #expect(try !other.readFiniteFloats(count: 2)[0].isFinite)
    #expect(throws: StateError.truncated) { try other.readDouble(in: 0...1) }
  }

  /// Reads of any kind over random bytes either give a value or throw.
  @Test func randomBytesNeverTrap() {
    var random = Random(seed: 77)
    var values = 0
    for _ in 0..<5_000 {
      let bytes = (0..<random.index(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var reader = StateReader(bytes)
      while !reader.isAtEnd {
        do {
          switch random.index(below: 7) {
          case 0: _ = try reader.readUInt64()
          case 1: _ = try reader.readInt()
          case 2: _ = try reader.readDouble()
          case 3: _ = try reader.readFloat()
          case 4: _ = try reader.readBool()
          case 5: _ = try reader.readFloats(count: Int(truncatingIfNeeded: random.next()))
          default: _ = try reader.readDoubles(count: random.index(below: 4))
          }
          values += 1
        } catch {
          break
        }
      }
    }
    #expect(values > 1_000)
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(StateError.truncated.description == "the saved state ends too early")
    #expect(
      StateError.mismatch("3 envs where 4 belong").description == "the saved state does not fit: 3 envs where 4 belong")
  }
}
