/// Which hosts a request may say it is for.
///
/// A page elsewhere whose name is made to lead to this machine (DNS rebinding) reaches the server under that name; those
/// who watch come by a number, as localhost, by the machine's own name, or by the name the server listens on.
package struct HostCheck: Sendable {
  /// Names by which the server may be asked, in lower case.
  private let names: Set<String>

  /// - Parameters:
  ///   - name: the name the server listens on.
  ///   - machine: the machine's own name, if it has one.
  package init(name: String, machine: String? = MachineNames.host) {
    names = Set(["localhost", name.lowercased()] + (machine.map { MachineNames.names(of: $0.lowercased()) } ?? []))
  }

  /// - Parameter header: `Host` of the request, a port included or not.
  package func allows(_ header: String) -> Bool {
    guard let host = Self.host(in: header.lowercased()) else { return false }
    return names.contains(host) || Self.isNumber(host)
  }

  /// What stands before the port.
  private static func host(in header: String) -> String? {
    if header.hasPrefix("[") {
      guard let end = header.firstIndex(of: "]") else { return nil }
      return String(header[header.index(after: header.startIndex)..<end])
    }
    return header.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)
  }

  /// An address of version 4 or, where a colon could only be in brackets, 6.
  private static func isNumber(_ host: String) -> Bool {
    if host.contains(":") { return host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}
