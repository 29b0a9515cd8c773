#if Watch
  import Live
  import Synchronization
  import Testing

  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  @Suite struct LiveSocketTests {
    /// What a route has been told.
    private final class Desk: Sendable {
      private let state = Mutex<(socket: LiveSocket?, texts: [String], isClosed: Bool)>((nil, [], false))

      var route: LiveSocketRoute {
        LiveSocketRoute(
          opened: { socket in self.state.withLock { $0.socket = socket } },
          received: { _, text in self.state.withLock { $0.texts.append(text) } },
          closed: { _ in self.state.withLock { $0.isClosed = true } })
      }

      var socket: LiveSocket? { state.withLock { $0.socket } }
      var texts: [String] { state.withLock { $0.texts } }
      var isClosed: Bool { state.withLock { $0.isClosed } }
    }

    private let desk = Desk()
    private let server: LiveServer

    init() throws {
      server = try LiveServer(
        host: "127.0.0.1", port: 0, routes: ["/": { .page("<p>hello") }], sockets: ["/talk": desk.route])
    }

    private static let upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    private func connected() throws -> RawClient {
      let client = try RawClient(port: server.port)
      client.ask("/talk", more: Self.upgrade + "Origin: http://localhost\r\n")
      let answer = try client.answer(hasBody: false)
      #expect(answer.status == 101)
      // The key's answer in RFC 6455, section 1.3.
      #expect(answer.head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
      while desk.socket == nil { usleep(1000) }
      return client
    }

    /// A frame as a browser sends it, masked.
    private func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
      let mask: [UInt8] = [1, 2, 3, 4]
      let count = payload.count
      var bytes: [UInt8] = [first]
      bytes += count < 126 ? [UInt8(count) | 0x80] : [126 | 0x80, UInt8(count >> 8), UInt8(count & 255)]
      bytes += mask
      for (i, byte) in payload.enumerated() { bytes.append(byte ^ mask[i % 4]) }
      return bytes
    }

    @Test func aPageConnectsAndTalks() throws {
      defer { server.close() }
      let client = try connected()
      client.write(frame(0x81, Array("steer 1".utf8)) + frame(0x81, Array("é".utf8)))
      while desk.texts.count < 2 { usleep(1000) }
      #expect(desk.texts == ["steer 1", "é"])
      #expect(desk.socket?.send("hé") == true)
      #expect(try client.bytes(5) == [0x81, 3] + Array("hé".utf8))
      client.write(frame(0x89, [7, 8]))
      #expect(try client.bytes(4) == [0x8A, 2, 7, 8])
      // The rest of the server goes on as ever.
      let other = try RawClient(port: server.port)
      other.ask("/")
      #expect(try other.answer().body == "<p>hello")
      client.write(frame(0x88, []))
      #expect(try client.bytes(4) == [0x88, 2, 0x03, 0xE8])
      while !desk.isClosed { usleep(1000) }
      #expect(desk.socket?.send("gone") == false)
    }

    @Test(arguments: [
      ("", "localhost", 403), ("Origin: http://evil.example\r\n", "localhost", 403),
      ("Origin: null\r\n", "localhost", 403),
      ("Origin: http://localhost:81\r\n", "localhost", 403), ("Origin: https://localhost\r\n", "localhost", 403),
      ("Origin: http://localhost\r\nOrigin: http://localhost\r\n", "localhost", 403),
      ("Origin: http://localhost.evil.example\r\n", "localhost", 403),
      ("Origin: http://evil.example\r\n", "evil.example", 421),
    ])
    func otherPagesAreRefused(_ origin: String, _ host: String, _ status: Int) throws {
      defer { server.close() }
      let client = try RawClient(port: server.port)
      client.ask("/talk", host: host, more: Self.upgrade + origin)
      #expect(try client.answer().status == status)
      #expect(desk.socket == nil)
    }

    @Test func otherPathsTakeNoConnections() throws {
      defer { server.close() }
      for (path, status) in [("/", 200), ("/other", 404)] {
        let client = try RawClient(port: server.port)
        client.ask(path, more: Self.upgrade + "Origin: http://localhost\r\n")
        #expect(try client.answer().status == status)
      }
      let client = try RawClient(port: server.port)
      client.ask("/talk")
      #expect(try client.answer().status == 403)
    }

    @Test(arguments: [
      // Too long, bytes, a part of a longer text, and what is no frame at all.
      (UInt8(0x81), 1025), (0x82, 1), (0x01, 1), (0xFF, 1),
    ])
    func whatNoPageSendsEndsTheConnection(_ first: UInt8, _ count: Int) throws {
      defer { server.close() }
      let client = try connected()
      client.write(frame(first, Array(repeating: 65, count: count)))
      _ = client.readAll()
      while !desk.isClosed { usleep(1000) }
      #expect(desk.texts.isEmpty)
    }

    @Test func connectionsAreCounted() throws {
      defer { server.close() }
      let clients = try (0..<LiveServer.mostConnections).map { _ in try connected() }
      #expect(try RawClient(port: server.port).readAll().isEmpty)
      for client in clients { client.leave() }
    }

    @Test func whoNeverReadsCostsNoMemory() throws {
      defer { server.close() }
      let client = try connected()
      let text = String(repeating: "a", count: 16_384)
      // 64 MiB; what the system itself holds back for a connection is far less.
      var taken = 0
      for _ in 0..<4096 {
        if desk.socket?.send(text) == true { taken += 1 } else { usleep(20) }
      }
      #expect(taken > 0)
      #expect(taken < 3000)
      // Questions without end are not answered without end either.
      let pings = (0..<2000).flatMap { _ in frame(0x89, Array(repeating: 1, count: 100)) }
      client.write(pings)
      while !desk.isClosed { usleep(1000) }
    }
  }
#endif
