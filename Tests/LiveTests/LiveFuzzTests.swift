#if Watch
  import Foundation
  import Live
  import Testing

  /// Clients of this machine that send what no browser would.
  @Suite struct LiveFuzzTests {
    private static let count = ProcessInfo.processInfo.environment["LONG_TESTS"] == "1" ? 3_000 : 200

    private static let pieces = [
      "GET ", "HEAD ", "POST ", "/", "/page", "/none", "?x=1", " HTTP/1.1", " HTTP/1.0", " HTTP/9.9", "\r\n", "\n",
      "\r",
      "Host: localhost\r\n", "Host: evil.example\r\n", "Host:\r\n", "Host: [::1\r\n", "Content-Length: 5\r\n",
      "Content-Length: 99999999999999999999\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n",
      "5\r\nhello\r\n",
      "0\r\n\r\n", "ffffffffffffffff\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
      "Connection: upgrade\r\n",
      "Upgrade: websocket\r\n", "Expect: 100-continue\r\n", "X: \u{0}\r\n", ": \r\n", "é\u{1B}[2J",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n", String(repeating: "a", count: 9_000),
    ]

    @Test func theServerOutlivesThemAll() throws {
      let page = String(repeating: "x", count: 200_000)
      let server = try LiveServer(
        host: "127.0.0.1", port: 0, routes: ["/": { .page("hello") }, "/page": { .page(page) }])
      defer { server.close() }
      var random = FixedRandom(seed: 31)
      var held: [RawClient] = []
      for number in 0..<Self.count {
        let client: RawClient
        do { client = try RawClient(port: server.port) } catch {
          Issue.record("connection \(number) was refused")
          return
        }
        for _ in 0...Int.random(in: 0...8, using: &random) {
          client.write(Self.pieces.randomElement(using: &random) ?? "")
        }
        // Some leave at once, some wait for all answers, some stay without reading.
        switch Int.random(in: 0...3, using: &random) {
        case 0: client.leave()
        case 1:
          held.append(client)
          if held.count > 20 { held.removeFirst() }
        default:
          client.finish()
          #expect(client.countAll() < 4_000_000)
        }
        guard number % 20 == 0 else { continue }
        let sound = try RawClient(port: server.port)
        sound.ask("/")
        #expect(try sound.answer().body == "hello", "after connection \(number)")
      }
    }
  }

  /// Numbers that are the same in every run.
  private struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
  }
#endif
