#if Watch
  import Live
  import Synchronization
  import Testing

  @Suite struct LiveServerTests {
    private func server(_ routes: [String: LiveServer.Route] = ["/": { .page("<p>hello") }]) throws -> LiveServer {
      try LiveServer(host: "127.0.0.1", port: 0, routes: routes)
    }

    @Test func pathsAreAnswered() throws {
      let server = try server(["/": { .page("<p>hé") }, "/data": { .json("[1]") }])
      defer { server.close() }
      #expect(server.address == "http://127.0.0.1:\(server.port)/")
      let client = try RawClient(port: server.port)
      client.ask("/")
      let page = try client.answer()
      #expect(page.status == 200 && page.body == "<p>hé")
      #expect(page.head.contains("Content-Type: text/html; charset=utf-8\r\n"))
      #expect(page.head.contains("Content-Security-Policy: default-src 'none'"))
      // The connection stands; two questions at once are answered in turn.
      client.ask("/data?x=1")
      client.ask("/", method: "HEAD")
      #expect(try client.answer().body == "[1]")
      let head = try client.answer(hasBody: false)
      #expect(head.status == 200 && head.head.contains("Content-Length: 6"))
      client.ask("/data", more: "Connection: close\r\n")
      #expect(client.readAll().hasSuffix("[1]"))
    }

    @Test(arguments: [
      ("GET", "/../etc/passwd", 404), ("GET", "//", 404), ("GET", "/%2e%2e/", 404), ("POST", "/", 405),
      ("DELETE", "/", 405), ("OPTIONS", "/", 405),
    ])
    func allElseIsRefused(_ method: String, _ path: String, _ status: Int) throws {
      let server = try server()
      defer { server.close() }
      let client = try RawClient(port: server.port)
      client.ask(path, method: method)
      #expect(try client.answer().status == status)
      // Nothing has broken.
      client.ask("/")
      #expect(try client.answer().body == "<p>hello")
    }

    @Test(arguments: [
      ("localhost", 200), ("LOCALHOST:80", 200), ("127.0.0.1:8080", 200), ("[::1]:8080", 200), ("192.168.1.7", 200),
      ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example:80", 421), ("", 421),
      ("1.2.3", 421), ("1.2.3.256", 421), ("[::1", 421), ("localhost\r\nHost: evil.example", 421),
    ])
    func otherNamesAreRefused(_ host: String, _ status: Int) throws {
      let server = try server()
      defer { server.close() }
      let client = try RawClient(port: server.port)
      client.ask("/", host: host)
      #expect(try client.answer().status == status)
    }

    @Test func aSlowAnswerKeepsNobodyWaiting() throws {
      let (isAsked, isFree) = (Flag(), Flag())
      let server = try server([
        "/slow": {
          isAsked.set()
          while !isFree.isSet {}
          return .page("slow")
        },
        "/": { .page("fast") },
      ])
      defer { server.close() }
      let (one, two, silent) = try (
        RawClient(port: server.port), RawClient(port: server.port), RawClient(port: server.port)
      )
      // Somebody who never comes to the end of a question.
      silent.write("GET / HTTP/1.1\r\nHost: loc")
      one.ask("/slow")
      while !isAsked.isSet {}
      for _ in 0..<3 {
        two.ask("/")
        #expect(try two.answer().body == "fast")
      }
      isFree.set()
      #expect(try one.answer().body == "slow")
    }

    @Test func whoSendsTooMuchIsCutOff() throws {
      let server = try server()
      defer { server.close() }
      let long = String(repeating: "a", count: 100_000)
      for request in ["GET /\(long)", "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(long)", long] {
        let client = try RawClient(port: server.port)
        client.write(request)
        #expect(!client.readAll().contains("hello"))
      }
      let client = try RawClient(port: server.port)
      client.ask("/", method: "POST", more: "Content-Length: 100000\r\n")
      client.write(long)
      #expect(!client.readAll().contains("hello"))
      let many = try RawClient(port: server.port)
      many.ask("/", more: (0..<200).map { "X\($0): 1\r\n" }.joined())
      #expect(!many.readAll().contains("hello"))
    }

    @Test func connectionsAreCounted() throws {
      let server = try server()
      defer { server.close() }
      let clients = try (0..<LiveServer.mostConnections).map { _ in try RawClient(port: server.port) }
      for client in clients {
        client.ask("/")
        #expect(try client.answer().status == 200)
      }
      #expect(try RawClient(port: server.port).readAll().isEmpty)
      // Room comes back with those who go.
      for client in clients { client.leave() }
      var isAnswered = false
      while !isAnswered {
        let client = try RawClient(port: server.port)
        client.ask("/")
        isAnswered = (try? client.answer().status) == 200
      }
    }

    @Test func aPortIsTakenAndGivenBack() throws {
      let first = try server()
      #expect(throws: LiveError.self) { try LiveServer(host: "127.0.0.1", port: first.port, routes: [:]) }
      do {
        _ = try LiveServer(host: "127.0.0.1", port: first.port, routes: [:])
      } catch { #expect("\(error)" == "port \(first.port) is in use") }
      let client = try RawClient(port: first.port)
      client.ask("/")
      #expect(try client.answer().status == 200)
      first.close()
      #expect(client.readAll().isEmpty)
      #expect(throws: RawClient.Failure.self) { try RawClient(port: first.port) }
      try LiveServer(host: "127.0.0.1", port: first.port, routes: [:]).close()
      #expect(throws: LiveError(description: "'192.0.2.1' is not this machine")) {
        try LiveServer(host: "192.0.2.1", port: 0, routes: [:])
      }
    }
  }

  /// Something that happens once.
  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }
#endif
