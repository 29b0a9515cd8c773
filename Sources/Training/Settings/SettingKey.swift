import Learning

/// A setting by name: what it means, its range, and where it is kept in `TrainingSettings`.
package struct SettingKey: Sendable {
  /// As in a settings file, with a dot between section and name.
  package let name: String
  package let summary: String
  package let kind: SettingKind
  /// Whether another value may make the training another one, step by step. Of the others, a resumed run may take new ones.
  package var affectsResult = true
  /// What the default is called where it depends on the machine.
  package var machineDefault: String? = nil
  /// The present value as text that `write` takes.
  package let read: @Sendable (TrainingSettings) -> String
  /// Sets the value from text; false, and nothing set, if the text is not what `kind` asks for.
  package let write: @Sendable (inout TrainingSettings, String) -> Bool

  package typealias Path<Value> = WritableKeyPath<TrainingSettings, Value> & Sendable

  package static func whole(
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

  package static func seed(_ name: String, _ path: Path<UInt64>, _ summary: String) -> SettingKey {
    SettingKey(
      name: name, summary: summary, kind: .seed, read: { String($0[keyPath: path]) },
      write: { settings, text in
        guard let value = SettingKind.seed(text) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  package static func number(
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

  package static func flag(
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

  package static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
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

  package static func range(
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

  package static func list(
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
