import Environments
import Physics
import Storage

/// Lists what a value is made of, by the names of its stored properties: numbers, flags, text, ranges, enumerations,
/// optionals, collections, and structures of these.
///
/// Objects, functions and random streams are left out: they are no values that a declaration sets. The order is that of the
/// declarations, whatever process it is, and deep or long values are cut off.
package struct Reflection {
  package private(set) var entries: [Fingerprint.Entry] = []

  private static let deepest = 16
  private static let mostEntries = 4_096
  /// Longer lists of numbers or names are kept as a digest.
  private static let longestList = 64

  /// Adds a value under a name.
  package mutating func add(_ value: Any, as name: String) { add(value, as: [name], depth: 0) }

  /// Adds the stored properties of a structure, except some.
  package mutating func add(propertiesOf value: Any, except left: Set<String> = []) {
    for child in Mirror(reflecting: value).children {
      guard let label = child.label, !left.contains(label) else { continue }
      add(child.value, as: [label], depth: 0)
    }
  }

  private mutating func add(_ value: Any, as path: [String], depth: Int) {
    guard depth < Self.deepest, entries.count < Self.mostEntries, !(value is Random) else { return }
    if let plain = Self.plain(value) { return append(plain, as: path) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      guard let wrapped = mirror.children.first?.value else { return append(.text("none"), as: path) }
      if Self.plain(wrapped) == nil { append(.text("given"), as: path) }
      add(wrapped, as: path, depth: depth + 1)
    case .enum:
      guard let payload = mirror.children.first else { return append(.text("\(value)"), as: path) }
      let name = payload.label ?? ""
      append(.text(name), as: path)
      let isTuple = Mirror(reflecting: payload.value).displayStyle == .tuple
      add(payload.value, as: isTuple ? path : path + [name], depth: depth + 1)
    case .struct, .tuple:
      for child in mirror.children { add(child.value, as: path + [child.label ?? ""], depth: depth + 1) }
    case .collection: add(Array(mirror.children.prefix(Self.mostEntries).map(\.value)), as: path, depth)
    case .set, .dictionary:
      // Their order differs from process to process.
      let elements = mirror.children.map { (order: Self.order(of: $0.value, depth), value: $0.value) }
        .sorted { $0.order < $1.order }
      add(Array(elements.prefix(Self.mostEntries).map(\.value)), as: path, depth)
    default: break
    }
  }

  /// Text by which elements without an order are sorted: what they are made of, for a description holds the parts of a set
  /// or a dictionary in whatever order they lie.
  private static func order(of element: Any, _ depth: Int) -> String {
    var parts = Reflection()
    parts.add(element, as: [], depth: depth + 1)
    return parts.entries.map { "\($0.name) \($0.value)" }.joined(separator: "\n")
  }

  private mutating func add(_ elements: [Any], as path: [String], _ depth: Int) {
    let plain = elements.map(Self.plain)
    let numbers = plain.compactMap { value -> [Double]? in
      if case .numbers(let numbers) = value { numbers } else { nil }
    }
    let texts = plain.compactMap { value -> String? in if case .text(let text) = value { text } else { nil } }
    if numbers.count == elements.count {
      append(Self.list(numbers.flatMap(\.self)), as: path)
    } else if texts.count == elements.count {
      append(Self.short(texts.joined(separator: ", ")), as: path)
    } else {
      append(.numbers([Double(elements.count)]), as: path)
      for (i, element) in elements.enumerated() { add(element, as: path + ["\(i)"], depth: depth + 1) }
    }
  }

  private mutating func append(_ value: Fingerprint.Value, as path: [String]) {
    entries.append(
      Fingerprint.Entry(name: path.map(Self.words).filter { !$0.isEmpty }.joined(separator: " "), value: value))
  }

  /// What is written down as it is; nil for what consists of parts.
  private static func plain(_ value: Any) -> Fingerprint.Value? {
    switch value {
    case let flag as Bool: .text(flag ? "true" : "false")
    case let number as Double: .numbers([number])
    case let number as Float: .numbers([Double(number)])
    case let number as any BinaryInteger: .numbers([Double(number)])
    case let text as String: short(text)
    case let vector as SIMD2<Double>: .numbers([vector.x, vector.y])
    case let vector as SIMD3<Double>: .numbers([vector.x, vector.y, vector.z])
    case let vector as SIMD4<Double>: .numbers([vector.x, vector.y, vector.z, vector.w])
    case let vector as SIMD2<Float>: .numbers([vector.x, vector.y].map(Double.init))
    case let vector as SIMD3<Float>: .numbers([vector.x, vector.y, vector.z].map(Double.init))
    case let vector as SIMD4<Float>: .numbers([vector.x, vector.y, vector.z, vector.w].map(Double.init))
    case let turn as Quaternion: .numbers([turn.w, turn.x, turn.y, turn.z])
    case let range as ClosedRange<Double>: .numbers([range.lowerBound, range.upperBound])
    case let range as Range<Double>: .numbers([range.lowerBound, range.upperBound])
    case let range as ClosedRange<Float>: .numbers([range.lowerBound, range.upperBound].map(Double.init))
    case let range as ClosedRange<Int>: .numbers([range.lowerBound, range.upperBound].map(Double.init))
    case let range as Range<Int>: .numbers([range.lowerBound, range.upperBound].map(Double.init))
    default: nil
    }
  }

  private static func list(_ numbers: [Double]) -> Fingerprint.Value {
    guard numbers.count > longestList else { return .numbers(numbers) }
    let bytes = numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: Float(number).bitPattern >> ($0 * 8)) }
    }
    return .text("\(numbers.count) numbers with the digest \(Digest(bytes).text)")
  }

  private static func short(_ text: String) -> Fingerprint.Value {
    guard text.count > 4 * longestList else { return .text(text) }
    return .text("\(text.count) characters with the digest \(Digest(Array(text.utf8)).text)")
  }

  /// `maxTorque` as "max torque"; what property wrappers and tuples put before a name goes.
  private static func words(_ label: String) -> String {
    var words = ""
    for character in label.drop(while: { "._$".contains($0) }) {
      if character.isUppercase, words.last?.isLowercase == true { words += " " }
      words += character.lowercased()
    }
    return words
  }
}
