#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What this machine is called, by itself and in the networks that it is in.
package enum MachineNames {
  /// The machine's own name, in lower case; nil if it has none.
  package static let host: String? = {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).lowercased()
    return text.isEmpty ? nil : text
  }()

  /// Names under which others reach a machine that calls itself `host`: the whole name, its first part, and that part in
  /// multicast DNS. No other domain: it could be anybody's.
  static func names(of host: String) -> [String] {
    let first = host.split(separator: ".").first.map(String.init) ?? host
    return [host, first, "\(first).local"]
  }

  /// A number that other machines can use: that of the first interface that is up and no loopback; version 4 goes before
  /// version 6. Nil where there is no network.
  package static var address: String? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return nil }
    defer { unsafe freeifaddrs(list) }
    var (four, six): (String?, String?)
    var next = unsafe list
    while let interface = unsafe next?.pointee {
      unsafe next = interface.ifa_next
      let flags = Int32(bitPattern: UInt32(truncatingIfNeeded: unsafe interface.ifa_flags))
      guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0, let address = unsafe interface.ifa_addr else {
        continue
      }
      switch unsafe Int32(address.pointee.sa_family) {
      case AF_INET: if four == nil { four = unsafe number(address, size: MemoryLayout<sockaddr_in>.size) }
      // Those of one link alone need the interface's name with them.
      case AF_INET6:
        if six == nil, let text = unsafe number(address, size: MemoryLayout<sockaddr_in6>.size), !text.hasPrefix("fe80")
        {
          six = text
        }
      default: break
      }
    }
    return four ?? six
  }

  private static func number(_ address: UnsafeMutablePointer<sockaddr>, size: Int) -> String? {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let failure = unsafe getnameinfo(
      address, socklen_t(size), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard failure == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
