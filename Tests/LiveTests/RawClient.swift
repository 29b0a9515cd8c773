#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A connection to a server of this machine that sends whatever bytes it is given.
final class RawClient {
  struct Failure: Error {}

  private let descriptor: Int32
  private var rest = ""

  init(port: Int) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    signal(SIGPIPE, SIG_IGN)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw Failure()
    }
  }

  deinit { close(descriptor) }

  func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }
  /// Says that no more will be sent.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe Array(rest).withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// The next bytes as they come, of which nothing has been read as text.
  func bytes(_ count: Int) throws -> [UInt8] {
    var found: [UInt8] = []
    while found.count < count {
      var buffer = [UInt8](repeating: 0, count: count - found.count)
      let got = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard got > 0 else { throw Failure() }
      found += buffer[..<got]
    }
    return found
  }

  /// Sends a request without a body.
  func ask(_ path: String, method: String = "GET", host: String = "localhost", more: String = "") {
    write("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(more)\r\n")
  }

  /// What comes until the other side closes.
  func readAll() -> String {
    while receive() {}
    defer { rest = "" }
    return rest
  }

  /// How many bytes come until the other side closes.
  func countAll() -> Int {
    var count = rest.utf8.count
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let read = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard read > 0 else { return count }
      count += read
    }
  }

  /// The next answer: its status, head and body, which must be announced.
  func answer(hasBody: Bool = true) throws -> (status: Int, head: String, body: String) {
    while rest.firstRange(of: "\r\n\r\n") == nil { guard receive() else { throw Failure() } }
    guard let end = rest.firstRange(of: "\r\n\r\n"), let status = Int(rest.split(separator: " ")[1]) else {
      throw Failure()
    }
    let head = String(rest[..<end.lowerBound])
    let line = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    let count = hasBody ? line.flatMap { Int($0.dropFirst(16)) } ?? 0 : 0
    rest = String(rest[end.upperBound...])
    while rest.utf8.count < count { guard receive() else { throw Failure() } }
    let text = String(decoding: Array(rest.utf8.prefix(count)), as: UTF8.self)
    rest = String(decoding: Array(rest.utf8.dropFirst(count)), as: UTF8.self)
    return (status, head, text)
  }

  private func receive() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return false }
    rest += String(decoding: buffer[..<count], as: UTF8.self)
    return true
  }
}
