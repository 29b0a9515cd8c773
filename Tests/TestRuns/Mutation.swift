import Environments
import Foundation
import Learning
import Networks
import Storage

/// Files of tensors that were changed on purpose: their contents are invalid, and their digest fits.
package struct Mutation {
  private var random: Random

  package init(seed: UInt64) { random = Random(seed: seed) }

  private static let doubles: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 1.5, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, 1e300, -1e300, 1e18, 0x1p53, 0x1p62, 0x1p63, -0x1p63, 1e-9, 2,
  ]
  private static let integers: [Int64] = [
    .max, .max - 1, .min, .min + 1, -1, 0, 1, 2, 1 << 31, 1 << 32, 1 << 53, 1 << 60, (1 << 60) + 1, 1 << 62,
  ]
  private static let words = [
    "", "-1", "0", "1e999", "1e308", "nan", "{}", "[]", "x y z", "9223372036854775807", "-9223372036854775808",
    "18446744073709551615", "\u{1B}[2J", "a\nError: b", "\u{9B}31m\u{202E}", "robot: &a [*a]", "0x1p9999",
    "[4096,4096]", "null", String(repeating: "9", count: 400),
  ]

  package mutating func pick<T>(_ values: [T]) -> T { values[random.index(below: values.count)] }
  package mutating func index(below bound: Int) -> Int { random.index(below: bound) }

  package mutating func double() -> Double {
    random.index(below: 3) == 0 ? Double(bitPattern: random.next()) : pick(Self.doubles)
  }

  private mutating func integer() -> Int64 {
    random.index(below: 3) == 0 ? Int64(bitPattern: random.next()) : pick(Self.integers)
  }

  /// Eight bytes that a reader may take for a number of either kind.
  private mutating func word() -> UInt64 {
    random.index(below: 2) == 0 ? double().bitPattern : UInt64(bitPattern: integer())
  }

  /// Changes a file in one to three places.
  package mutating func change(_ file: inout TensorFile) {
    for _ in 0...random.index(below: 3) { changeOnce(&file) }
  }

  private mutating func changeOnce(_ file: inout TensorFile) {
    let names = file.tensors.keys.sorted()
    guard random.index(below: 3) > 0, !names.isEmpty else { return changeText(&file.metadata) }
    let name = pick(names)
    guard let tensor = file.tensors[name] else { return }
    if random.index(below: 12) == 0 { return changeShape(name, &file) }
    let place = tensor.values.count > 0 ? random.index(below: tensor.values.count) : 0
    switch tensor.values {
    case .float32(var values) where !values.isEmpty:
      values[place] =
        random.index(below: 3) == 0 ? Float(double()) : Float(bitPattern: UInt32(truncatingIfNeeded: word()))
      file.set(name, .float32(values), shape: tensor.shape)
    case .float64(var values) where !values.isEmpty:
      values[place] = double()
      file.set(name, .float64(values), shape: tensor.shape)
    case .int64(var values) where !values.isEmpty:
      values[place] = integer()
      file.set(name, .int64(values), shape: tensor.shape)
    case .uint8(let bytes):
      if name == "best", var inner = try? TensorFile(decoding: bytes) {
        change(&inner)
        file.set(name, .uint8(inner.encoded()))
      } else {
        file.set(name, .uint8(changed(bytes)))
      }
    default: file.set(name, .float64([double()]))
    }
  }

  private mutating func changeShape(_ name: String, _ file: inout TensorFile) {
    let value = double()
    switch random.index(below: 6) {
    case 0: file.set(name, .uint8([1, 2, 3]))
    case 1: file.set(name, .float64([]))
    case 2: file.set(name, .int64([integer()]))
    case 3: file.set(name, .float32([Float(value)]), shape: [1, 1, 1])
    case 4: file.set(name, .float64([value, value]), shape: [2, 1])
    default: file.set(name, .float32([]), shape: [1 << 40, 0])
    }
  }

  /// Saved state in which numbers of eight, four or one bytes are others, or some are missing or too many.
  package mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 8 else { return bytes + [UInt8(truncatingIfNeeded: random.next())] }
    var result = bytes
    let position = random.index(below: bytes.count - 8)
    let (number, single) = (word(), Float(double()).bitPattern)
    switch random.index(below: 12) {
    case 0: result[position] = UInt8(truncatingIfNeeded: random.next())
    case 1: result.removeSubrange(position..<position + 8)
    case 2: result.insert(contentsOf: bytes[position..<position + 8], at: position)
    case 3: result = Array(bytes[..<position])
    case 4: for i in 0..<4 { result[position + i] = UInt8(truncatingIfNeeded: single >> UInt32(8 * i)) }
    default: for i in 0..<8 { result[position + i] = UInt8(truncatingIfNeeded: number >> UInt64(8 * i)) }
    }
    return result
  }

  private mutating func changeText(_ metadata: inout [String: String]) {
    let key = pick(metadata.keys.sorted())
    guard let text = metadata[key] else { return }
    switch (key, random.index(below: 6)) {
    case (_, 0): metadata[key] = pick(Self.words)
    case (_, 1): metadata[key] = nil
    case ("run_doctor", _), ("machine_speed", _): metadata[key] = Self.hexadecimal(changed(Self.bytes(text)))
    default: metadata[key] = changed(text)
    }
  }

  /// Text in which a number or a quoted word is another one.
  package mutating func changed(_ text: String) -> String {
    let isNumber = random.index(below: 3) > 0
    let parts = isNumber ? text.ranges(of: /-?[0-9][0-9.eE+-]*/) : text.ranges(of: /[A-Za-z_]+/)
    guard !parts.isEmpty else { return text + pick(Self.words) }
    let value = random.index(below: 2) == 0 ? "\(integer())" : "\(double())"
    // JSON knows no control characters but escaped ones.
    let odd = pick([
      "", "\\u001b[2J", "\\u009b31m", "a\\nb", "\\ud800", "'", "\"", "x", "-", String(repeating: "w", count: 5_000),
    ])
    return text.replacingCharacters(in: pick(parts), with: isNumber ? value : odd)
  }

  private static func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// How many odd files of a kind are tried.
package enum FuzzCount {
  /// `few` in every test run, `many` in long tests.
  package static func of(_ few: Int, many: Int) -> Int {
    ProcessInfo.processInfo.environment["LONG_TESTS"] == "1" ? many : few
  }
}

/// Whether an error would be shown on one line that moves no cursor.
package func isCleanLine(_ error: any Error) -> Bool { isCleanLine("\(error)") }

package func isCleanLine(_ text: some StringProtocol) -> Bool {
  !text.isEmpty
    && text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
}

extension Command.Outcome {
  /// Whether the command ended as commands do: by itself, with one line about what was wrong if anything was, and without
  /// anything that a terminal obeys.
  package var isClean: Bool {
    let lines = errors.split(separator: "\n")
    let isTold = status == 0 || lines.filter { $0.hasPrefix("Error: ") }.count == 1
    return (0...1).contains(status) && isTold && lines.allSatisfy(isCleanLine)
      && output.split(separator: "\n").allSatisfy(isCleanLine)
  }
}
