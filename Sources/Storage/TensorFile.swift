/// Named tensors and text in the safetensors format, which the field's tools read as well.
///
/// The text holds a digest of all the rest, so that damage is seen. Tensors and keys are in a fixed order: equal
/// contents give equal bytes.
public struct TensorFile: Sendable {
  /// The numbers of a tensor, in row-major order.
  public enum Values: Sendable {
    case float32([Float])
    case float64([Double])
    case int64([Int64])
    case uint8([UInt8])

    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      }
    }

    fileprivate var type: ElementType {
      switch self {
      case .float32: .f32
      case .float64: .f64
      case .int64: .i64
      case .uint8: .u8
      }
    }
  }

  public struct Tensor: Sendable {
    public let shape: [Int]
    public let values: Values
  }

  /// The safetensors names of what we store.
  fileprivate enum ElementType: String {
    case f32 = "F32"
    case f64 = "F64"
    case i64 = "I64"
    case u8 = "U8"

    var size: Int {
      switch self {
      case .f64, .i64: 8
      case .f32: 4
      case .u8: 1
      }
    }
  }

  /// Bytes of text that a file may hold, names and shapes included. Reading it takes many times as much memory.
  package static let longestHeader = 1 << 23

  public private(set) var tensors: [String: Tensor] = [:]
  /// Text of any kind by name. `digest` is the file's own.
  public var metadata: [String: String] = [:]

  public init() {}

  /// Adds or replaces a tensor whose shape must hold as many numbers as there are; without a shape it is a vector.
  public mutating func set(_ name: String, _ values: Values, shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "\(name) has \(values.count) numbers for the shape \(shape)")
    tensors[name] = Tensor(shape: shape, values: values)
  }

  // MARK: Reading by name

  /// The single-precision tensor `name`, which must have the given shape.
  public func floats(_ name: String, shape: [Int]) throws(StorageError) -> [Float] {
    guard case .float32(let values) = try tensor(name, shape: shape, .f32).values else { throw wrongType(name, .f32) }
    return values
  }

  /// The double-precision tensor `name`, which must have the given shape, if one is given.
  public func doubles(_ name: String, shape: [Int]? = nil) throws(StorageError) -> [Double] {
    guard case .float64(let values) = try tensor(name, shape: shape, .f64).values else { throw wrongType(name, .f64) }
    return values
  }

  /// The tensor `name` of whole numbers, which must have the given shape.
  public func integers(_ name: String, shape: [Int]) throws(StorageError) -> [Int64] {
    guard case .int64(let values) = try tensor(name, shape: shape, .i64).values else { throw wrongType(name, .i64) }
    return values
  }

  /// The bytes of tensor `name`, a vector of any length.
  public func bytes(_ name: String) throws(StorageError) -> [UInt8] {
    guard case .uint8(let values) = try tensor(name, shape: nil, .u8).values else { throw wrongType(name, .u8) }
    return values
  }

  /// The text `name`.
  public func text(_ name: String) throws(StorageError) -> String {
    guard let text = metadata[name] else { throw StorageError("the text '\(name)' is missing") }
    return text
  }

  private func tensor(_ name: String, shape: [Int]?, _ type: ElementType) throws(StorageError) -> Tensor {
    guard let tensor = tensors[name] else { throw StorageError("the tensor '\(name)' is missing") }
    guard tensor.values.type == type else { throw wrongType(name, type) }
    if let shape, tensor.shape != shape {
      throw StorageError("the tensor '\(name)' has the shape \(tensor.shape), not \(shape)")
    }
    return tensor
  }

  private func wrongType(_ name: String, _ type: ElementType) -> StorageError {
    StorageError("the tensor '\(name)' does not hold \(type.rawValue) numbers")
  }

  // MARK: Bytes

  /// The file's bytes.
  public func encoded() -> [UInt8] {
    let data = encodedData()
    var metadata = metadata
    metadata["digest"] = Self.digest(header(metadata), data[...])
    var text = Array(header(metadata).utf8)
    // So that the numbers start on a multiple of 8.
    while text.count % 8 != 0 { text.append(0x20) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + data.count)
    bytes.append(littleEndian: UInt64(text.count))
    bytes += text
    bytes += data
    return bytes
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `StorageError` on anything that `encoded()` would not have written.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    guard bytes.count >= 8 else { throw StorageError("it is too short for a safetensors file") }
    let length = bytes.word(at: 0, size: 8)
    guard length <= UInt64(bytes.count - 8) else {
      throw StorageError("it is cut short or is not a safetensors file: its header would have \(length) bytes")
    }
    guard length <= Self.longestHeader else {
      throw StorageError("its header has \(length) bytes; \(Self.longestHeader) are possible")
    }
    let start = 8 + Int(length)
    do {
      guard let header = try JSON(bytes[8..<start]).object else { throw StorageError("it is not an object") }
      try read(header, data: bytes[start...])
    } catch {
      throw StorageError("its safetensors header is damaged: \(error)")
    }
    guard let digest = metadata.removeValue(forKey: "digest") else {
      throw StorageError("it has no digest, so it was not written by this program")
    }
    guard digest == Self.digest(header(metadata), bytes[start...]) else {
      throw StorageError("it is damaged: its contents do not fit its digest")
    }
  }

  private mutating func read(_ header: [String: JSON], data: ArraySlice<UInt8>) throws(StorageError) {
    var entries: [(name: String, type: ElementType, shape: [Int], range: Range<Int>)] = []
    // In a fixed order, so that the same damage gives the same message.
    for (name, value) in header.sorted(by: { $0.key < $1.key }) {
      guard let members = value.object else { throw StorageError("'\(name)' is not an object") }
      if name == "__metadata__" {
        for (key, text) in members.sorted(by: { $0.key < $1.key }) {
          guard let text = text.string else { throw StorageError("the text '\(key)' is not a string") }
          metadata[key] = text
        }
        continue
      }
      guard members.count == 3, let type = members["dtype"]?.string.flatMap({ ElementType(rawValue: $0) }),
        let shape = members["shape"]?.array, let offsets = members["data_offsets"]?.array, offsets.count == 2,
        let from = offsets[0].int, let to = offsets[1].int, from >= 0, from <= to, to <= data.count
      else { throw StorageError("the tensor '\(name)' is not described as it should be") }
      var (size, sizes) = (type.size, [Int]())
      for dimension in shape {
        guard let count = dimension.int, count >= 0 else { throw StorageError("'\(name)' has no proper shape") }
        let (product, overflow) = size.multipliedReportingOverflow(by: count)
        guard !overflow else { throw StorageError("'\(name)' has no proper shape") }
        size = product
        sizes.append(count)
      }
      guard size == to - from else { throw StorageError("the shape of '\(name)' does not fit its size") }
      entries.append((name, type, sizes, from..<to))
    }
    var position = 0
    for entry in entries.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard entry.range.lowerBound == position else { throw StorageError("tensors overlap or leave gaps") }
      position = entry.range.upperBound
      let bytes = data[data.startIndex + entry.range.lowerBound..<data.startIndex + entry.range.upperBound]
      tensors[entry.name] = Tensor(shape: entry.shape, values: Self.decode(bytes, entry.type))
    }
    guard position == data.count else { throw StorageError("there is more data than the tensors have") }
  }

  private static func decode(_ bytes: ArraySlice<UInt8>, _ type: ElementType) -> Values {
    let starts = stride(from: bytes.startIndex, to: bytes.endIndex, by: type.size)
    return switch type {
    case .f32:
      .float32(starts.map { Float(bitPattern: UInt32(truncatingIfNeeded: bytes.word(at: $0, size: 4))) })
    case .f64: .float64(starts.map { Double(bitPattern: bytes.word(at: $0, size: 8)) })
    case .i64: .int64(starts.map { Int64(bitPattern: bytes.word(at: $0, size: 8)) })
    case .u8: .uint8(Array(bytes))
    }
  }

  /// Names in the order of their data: widest elements first, so that all are aligned.
  private var orderedNames: [String] {
    let names = tensors.map { (size: $0.value.values.type.size, name: $0.key) }
    return names.sorted { $0.size != $1.size ? $0.size > $1.size : $0.name < $1.name }.map(\.name)
  }

  private func header(_ metadata: [String: String]) -> String {
    var members: [String: JSON] = ["__metadata__": .sorted(metadata.mapValues { .text($0) })]
    var position = 0
    for name in orderedNames {
      guard let tensor = tensors[name] else { continue }
      let end = position + tensor.values.count * tensor.values.type.size
      members[name] = .sorted([
        "dtype": .text(tensor.values.type.rawValue), "shape": .array(tensor.shape.map(JSON.whole)),
        "data_offsets": .array([.whole(position), .whole(end)]),
      ])
      position = end
    }
    return JSON.sorted(members).line
  }

  private func encodedData() -> [UInt8] {
    var data: [UInt8] = []
    let names = orderedNames
    data.reserveCapacity(
      names.reduce(0) { $0 + (tensors[$1].map { $0.values.count * $0.values.type.size } ?? 0) })
    for name in names {
      switch tensors[name]?.values {
      case .float32(let values): for value in values { data.append(littleEndian: value.bitPattern) }
      case .float64(let values): for value in values { data.append(littleEndian: value.bitPattern) }
      case .int64(let values): for value in values { data.append(littleEndian: value) }
      case .uint8(let values): data += values
      case nil: break
      }
    }
    return data
  }

  private static func digest(_ header: String, _ data: ArraySlice<UInt8>) -> String {
    var digest = Digest()
    digest.add(header)
    digest.add(data)
    return digest.text
  }
}

extension TensorFile {
  /// Reads the file at `path`, which may have `limit` bytes.
  public init(contentsOf path: String, limit: Int = 1 << 34) throws(StorageError) {
    let bytes = try AtomicFile.read(path, limit: limit)
    do { try self.init(decoding: bytes) } catch { throw StorageError("\(path) cannot be read: \(error)") }
  }

  /// Writes the file to `path`; whatever happens, there is a whole file there, the old or the new.
  public func write(to path: String) throws(StorageError) { try AtomicFile.write(encoded(), to: path) }
}

extension [UInt8] {
  fileprivate mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    for shift in Swift.stride(from: 0, to: T.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value &>> T(shift))) }
  }

  fileprivate func word(at start: Int, size: Int) -> UInt64 { self[...].word(at: start, size: size) }
}

extension ArraySlice<UInt8> {
  /// `size` bytes from index `start` on as a little-endian number.
  fileprivate func word(at start: Int, size: Int) -> UInt64 {
    var word: UInt64 = 0
    for i in 0..<size { word |= UInt64(self[start + i]) &<< UInt64(8 * i) }
    return word
  }
}
