import Environments

/// A metric's name taken apart: `speed_m_s` is a speed in m/s.
package struct Quantity: Sendable, Equatable {
  package let words: String
  package let unit: String

  /// Suffixes of names, longest first.
  private static let units = [
    ("_m_s2", "m/s²"), ("_rad_s", "rad/s"), ("_m_s", "m/s"), ("_rad", "rad"), ("_deg", "°"), ("_hz", "Hz"),
    ("_kg", "kg"), ("_nm", "N m"), ("_m", "m"), ("_s", "s"), ("_w", "W"), ("_j", "J"), ("_n", "N"),
  ]

  package init(_ name: String) {
    let match = Self.units.first { name.hasSuffix($0.0) && name.count > $0.0.count }
    words = name.dropLast(match?.0.count ?? 0).split(separator: "_").joined(separator: " ")
    unit = match?.1 ?? ""
  }

  /// "speed (m/s)".
  package var title: String { unit.isEmpty ? words : "\(words) (\(unit))" }

  /// "speed 0.93 m/s".
  package func phrase(for value: Double) -> String {
    let space = unit.isEmpty || unit == "°" ? "" : " "
    return "\(words) \(NumberText.short(value))\(space)\(unit)"
  }
}
