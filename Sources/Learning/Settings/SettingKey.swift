import Networks

/// A setting by name: what it means, its range, and where it is kept in `Root`.
public struct SettingKey<Root>: Sendable {
  /// As in a settings file, with a dot between section and name.
  public let name: String
  public let summary: String
  public let kind: SettingKind
  /// Whether another value may make the training another one, step by step. Of the others, a resumed run may take new ones.
  public var affectsResult = true
  /// What the default is called where it depends on the machine.
  public var machineDefault: String? = nil
  /// The present value as text that `write` takes.
  public let read: @Sendable (Root) -> String
  /// Sets the value from text; false, and nothing set, if the text is not what `kind` asks for.
  public let write: @Sendable (inout Root, String) -> Bool

  /// The same setting of something that holds a `Root`.
  ///
  /// - Parameters:
  ///   - get: the part; nil where there is none now, so that the setting has no value and cannot be set.
  ///   - set: puts a changed part back.
  package func lifted<Whole>(
    _ get: @escaping @Sendable (Whole) -> Root?, _ set: @escaping @Sendable (inout Whole, Root) -> Void
  ) -> SettingKey<Whole> {
    let (read, write) = (read, write)
    return SettingKey<Whole>(
      name: name, summary: summary, kind: kind, affectsResult: affectsResult, machineDefault: machineDefault,
      read: { get($0).map(read) ?? "" },
      write: { whole, text in
        guard var part = get(whole), write(&part, text) else { return false }
        set(&whole, part)
        return true
      })
  }

  /// - Parameters:
  ///   - read: gives text that `write` takes.
  ///   - write: sets the value from text; false, and nothing set, if the text is not what `kind` asks for.
  public init(
    name: String, summary: String, kind: SettingKind, affectsResult: Bool = true, machineDefault: String? = nil,
    read: @escaping @Sendable (Root) -> String, write: @escaping @Sendable (inout Root, String) -> Bool
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.affectsResult = affectsResult
    self.machineDefault = machineDefault
    self.read = read
    self.write = write
  }

  public typealias Path<Value> = WritableKeyPath<Root, Value> & Sendable

  public static func whole(
    _ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, affectsResult: Bool = true,
    machineDefault: String? = nil, _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .whole(range), affectsResult: affectsResult, machineDefault: machineDefault,
      read: { String($0[keyPath: path]) },
      write: { settings, text in
        guard let value = SettingKind.whole(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func seed(_ name: String, _ path: Path<UInt64>, _ summary: String) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .seed, read: { String($0[keyPath: path]) },
      write: { settings, text in
        guard let value = SettingKind.seed(text) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func number(
    _ name: String, _ path: Path<Double>, _ range: NumberRange, affectsResult: Bool = true, _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .number(range), affectsResult: affectsResult,
      read: { String($0[keyPath: path]) },
      write: { settings, text in
        guard let value = SettingKind.number(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func flag(
    _ name: String, _ path: Path<Bool>, affectsResult: Bool = true, _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .flag, affectsResult: affectsResult, read: { String($0[keyPath: path]) },
      write: { settings, text in
        guard let value = Bool(text) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ path: Path<Value>, _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .choice(Value.allCases.map(\.rawValue)),
      read: { $0[keyPath: path].rawValue },
      write: { settings, text in
        guard let value = Value(rawValue: text) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func range(
    _ name: String, _ path: Path<ClosedRange<Double>>, within bounds: ClosedRange<Double>, neutral: Double,
    _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .range(within: bounds, neutral: neutral),
      read: {
        let range = $0[keyPath: path]
        if range == neutral...neutral { return "off" }
        return range.lowerBound == range.upperBound
          ? String(range.lowerBound) : "\(range.lowerBound)...\(range.upperBound)"
      },
      write: { settings, text in
        guard let value = SettingKind.range(text, within: bounds, neutral: neutral) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  public static func list(
    _ name: String, _ path: Path<[Int]>, of range: ClosedRange<Int>, upTo limit: Int, _ summary: String
  ) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .list(of: range, upTo: limit),
      read: { "[\($0[keyPath: path].map(String.init).joined(separator: ", "))]" },
      write: { settings, text in
        let items = SettingKind.items(text)
        let sound = items.compactMap(SettingKind.whole).filter(range.contains)
        guard sound.count == items.count, sound.count <= limit else { return false }
        settings[keyPath: path] = sound
        return true
      })
  }
}
