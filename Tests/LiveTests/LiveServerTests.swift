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

    /// Others have to find a server that is there for them.
    @Test func aServerForAllTellsWhereOthersFindIt() throws {
      let server = try LiveServer(host: "0.0.0.0", port: 0, routes: ["/": { .page("<p>hello") }])
      defer { server.close() }
      #expect(server.localAddress == "http://localhost:\(server.port)/")
      let place = try #require(server.address.split(separator: "/").last)
      #expect(place.hasSuffix(":\(server.port)") && !place.hasPrefix("0.0.0.0"))
      if MachineNames.address != nil { #expect(!place.hasPrefix("localhost")) }
      let names = [String(place)] + (MachineNames.host.map { [$0, "\($0.uppercased()):80"] } ?? [])
      for name in names {
        let client = try RawClient(port: server.port)
        client.ask("/", host: name)
        #expect(try client.answer().status == 200, "\(name)")
      }
    }

    @Test func aMachinesOwnNamesAreAllowed() {
      let check = HostCheck(name: "0.0.0.0", machine: "Robo.Lab.example")
      for name in ["robo.lab.example", "ROBO", "robo:8080", "robo.local"] { #expect(check.allows(name), "\(name)") }
      for name in ["robo.evil.example", "lab.example", "robo.local.evil.example", "evil.example", ""] {
        #expect(!check.allows(name), "\(name)")
      }
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
      // A client that never ends its request.
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

    /// A client that asks and asks and does not read: one answer is made, the next when that one is taken.
    @Test func whoDoesNotReadIsNotAnsweredOn() throws {
      let made = Counter()
      let size = 1 << 24
      let page = String(repeating: "x", count: size)
      let server = try server([
        "/large": {
          made.add()
          return .page(page)
        },
        "/": { .page("small") },
      ])
      defer { server.close() }
      let greedy = try RawClient(port: server.port)
      for _ in 0..<3 { greedy.ask("/large") }
      greedy.ask("/", more: "Connection: close\r\n")
      // Others are served while it waits, so the server had its chances to go on.
      let polite = try RawClient(port: server.port)
      while made.value == 0 {}
      for _ in 0..<50 {
        polite.ask("/")
        #expect(try polite.answer().body == "small")
      }
      #expect(made.value == 1)
      #expect(greedy.countAll() > 3 * size)
      #expect(made.value == 3)
    }

    @Test func whoAsksTooMuchAtOnceIsCutOff() throws {
      let isFree = Flag()
      let server = try server([
        "/": {
          while !isFree.isSet {}
          return .page("hello")
        }
      ])
      defer { server.close() }
      let client = try RawClient(port: server.port)
      let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
      let most = ConnectionLimits().waitingRequests
      client.write(String(repeating: request, count: most + 1))
      #expect(client.readAll().isEmpty)
      // As many as may wait are answered in turn.
      let patient = try RawClient(port: server.port)
      patient.write(String(repeating: request, count: most))
      isFree.set()
      for _ in 0..<most { #expect(try patient.answer().body == "hello") }
    }

    @Test func whoTakesTooLongIsCutOff() throws {
      var limits = ConnectionLimits()
      limits.requestSeconds = 0.1
      limits.answerSeconds = 0.1
      let page = String(repeating: "x", count: 1 << 24)
      let server = try LiveServer(host: "127.0.0.1", port: 0, routes: ["/": { .page(page) }], limits: limits)
      defer { server.close() }
      // One says nothing, one never ends its question, one does not read its answer.
      let clients = try (0..<3).map { _ in try RawClient(port: server.port) }
      clients[1].write("GET / HTTP/1.1\r\nHost: loc")
      clients[2].ask("/")
      #expect(clients[0].readAll().isEmpty && clients[1].readAll().isEmpty)
      // Those who come later and say nothing are gone later.
      for _ in 0..<3 { #expect(try RawClient(port: server.port).readAll().isEmpty) }
      #expect(clients[2].countAll() < 1 << 24)
    }

    /// Those who ask and leave do not fill the line of those who wait for an answer.
    @Test func whoLeavesIsNotAnswered() throws {
      let isFree = Flag()
      let made = Counter()
      let server = try server([
        "/": {
          made.add()
          while !isFree.isSet {}
          return .page("hello")
        }
      ])
      defer { server.close() }
      for _ in 0..<3 * LiveServer.mostConnections {
        let client = try RawClient(port: server.port)
        client.ask("/")
        client.finish()
        #expect(client.readAll().isEmpty)
      }
      isFree.set()
      var isAnswered = false
      while !isAnswered {
        let client = try RawClient(port: server.port)
        client.ask("/")
        isAnswered = (try? client.answer().body) == "hello"
      }
      // Two were being made; of those who had left no more was begun.
      #expect(made.value <= 4)
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

  /// Something that happens many times.
  private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
  }
#endif
