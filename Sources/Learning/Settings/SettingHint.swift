import Environments

/// Settings to try, as one would type them.
package enum SettingHint {
  /// A value to try, to two digits.
  package static func set(_ name: String, _ value: Double) -> String {
    var unit = 1.0
    while value > 0, unit > value / 10 { unit /= 10 }
    return set(name, NumberText.short((value / unit).rounded() * unit))
  }

  package static func set(_ name: String, _ value: String) -> String { "--set \(name)=\(value)" }
}
