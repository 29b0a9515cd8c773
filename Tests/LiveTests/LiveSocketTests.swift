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
    private let desk = SocketDesk()
    private let server: LiveServer

    init() throws {
      server = try LiveServer(
        host: "127.0.0.1", port: 0, routes: ["/": { .page("<p>hello") }], sockets: ["/talk": desk.route])
    }

    private func connected() throws -> RawClient {
      let client = try RawClient(port: server.port)
      client.ask("/talk", more: SocketFrame.upgrade + "Origin: http://localhost\r\n")
      let answer = try client.answer(hasBody: false)
      #expect(answer.status == 101)
      // The key's answer in RFC 6455, section 1.3.
      #expect(answer.head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
      while desk.socket == nil { usleep(1000) }
      return client
    }

    private func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] { SocketFrame(first, payload).bytes }

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
      client.ask("/talk", host: host, more: SocketFrame.upgrade + origin)
      #expect(try client.answer().status == status)
      #expect(desk.socket == nil)
    }

    @Test func otherPathsTakeNoConnections() throws {
      defer { server.close() }
      for (path, status) in [("/", 200), ("/other", 404)] {
        let client = try RawClient(port: server.port)
        client.ask(path, more: SocketFrame.upgrade + "Origin: http://localhost\r\n")
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

    /// A client need not wait for the answer to its request, nor send whole frames.
    @Test func framesMayComeWithTheRequest() throws {
      defer { server.close() }
      let client = try RawClient(port: server.port)
      let first = frame(0x81, Array("steer 1".utf8)) + frame(0x81, Array("steer 2".utf8))
      let request = "GET /talk HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\(SocketFrame.upgrade)\r\n"
      client.write(Array(request.utf8) + first.dropLast(3))
      #expect(try client.answer(hasBody: false).status == 101)
      client.write(Array(first.suffix(3)))
      while desk.texts.count < 2 { usleep(1000) }
      #expect(desk.texts == ["steer 1", "steer 2"])
    }

    /// What the server answers before it closes, as RFC 6455 asks for (sections 5.1, 5.2, 7.4 and 8.1).
    @Test(arguments: [
      // A close without a code, with one, with half of one, with one that no client sends, with a reason that is no text.
      ([0x88, 0x80, 1, 2, 3, 4], 1000), (SocketFrame(0x88, [0x03, 0xE8] + Array("bye".utf8)).bytes, 1000),
      (SocketFrame(0x88, [0x03]).bytes, 1002), (SocketFrame(0x88, [0x03, 0xED]).bytes, 1002),
      (SocketFrame(0x88, [0xFF, 0xFF]).bytes, 1002), (SocketFrame(0x88, [0x03, 0xE8, 0xFF]).bytes, 1002),
      // Text that is not UTF-8, text that is not masked, bits without a meaning.
      (SocketFrame(0x81, [0xC3, 0x28]).bytes, 1007), ([0x81, 1, 65], 1002), (SocketFrame(0xC1, [65]).bytes, 1002),
      // A control frame in parts, and one that is too long; parts of a text; bytes; too much.
      (SocketFrame(0x09, [1]).bytes, 1002), (SocketFrame(0x89, Array(repeating: 1, count: 126)).bytes, 1002),
      (SocketFrame(0x01, [65]).bytes, 1003), (SocketFrame(0x80, [65]).bytes, 1003),
      (SocketFrame(0x82, [65]).bytes, 1003),
      (SocketFrame(0x81, Array(repeating: 65, count: 1025)).bytes, 1009),
      ([0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 1009),
    ])
    func theReasonIsTold(_ bytes: [UInt8], _ code: Int) throws {
      defer { server.close() }
      let client = try connected()
      // What follows is ignored.
      client.write(bytes + frame(0x81, Array("steer 1".utf8)) + frame(0x89, [1]))
      let answer = try client.bytes(4)
      #expect(answer[0] == 0x88 && answer[1] == 2)
      #expect(Int(answer[2]) << 8 | Int(answer[3]) == code)
      #expect(throws: RawClient.Failure.self) { try client.bytes(1) }
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
