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

    // MARK: WebSocket connections

    private static let messages = [
      "steer 0.5 0 0", "push 0 1 0 0", "restart", "steer nan inf -inf", "steer 1e308 1e308 1e308", "push 9999 1 1 1",
      "push",
      "é€😀", "\u{0}", " ", "",
    ]

    /// A frame, sound or odd in one way or another.
    private func frame(using random: inout FixedRandom) -> [UInt8] {
      let text = Array((Self.messages.randomElement(using: &random) ?? "").utf8)
      func some(_ counts: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: counts, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      switch Int.random(in: 0...11, using: &random) {
      case 0...2: return SocketFrame(0x81, text).bytes
      case 3: return SocketFrame(0x81, some(0...40)).bytes
      case 4: return SocketFrame(UInt8.random(in: 0...255, using: &random), some(0...130)).bytes
      case 5: return SocketFrame(0x81, some(1000...1100)).bytes
      case 6: return SocketFrame(0x88, some(0...10)).bytes
      case 7: return SocketFrame(0x89, some(0...140)).bytes
      case 8: return SocketFrame(0x01, text).bytes + SocketFrame(0x80, text).bytes
      case 9: return [0x81, UInt8(text.count)] + text
      case 10:
        // Lengths of 8 bytes, from none to more than there can be.
        let length = UInt64.max >> UInt64.random(in: 0...63, using: &random)
        return [0x81, 0xFF] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
          + some(0...50)
      default: return Array(SocketFrame(0x81, text).bytes.dropLast(Int.random(in: 0...4, using: &random)))
      }
    }

    @Test func noFrameBringsItDown() throws {
      let desk = SocketDesk()
      let server = try LiveServer(
        host: "127.0.0.1", port: 0, routes: ["/": { .page("hello") }], sockets: ["/talk": desk.route])
      defer { server.close() }
      var random = FixedRandom(seed: 7)
      var held: [RawClient] = []
      for number in 0..<2 * Self.count {
        let client = try RawClient(port: server.port)
        client.ask("/talk", more: SocketFrame.upgrade + "Origin: http://localhost\r\n")
        for _ in 0...Int.random(in: 0...12, using: &random) { client.write(frame(using: &random)) }
        switch Int.random(in: 0...3, using: &random) {
        case 0: client.leave()
        case 1:
          held.append(client)
          if held.count > 20 { held.removeFirst() }
        default:
          client.finish()
          #expect(client.countAll() < 10_000)
        }
        guard number % 20 == 0 else { continue }
        let sound = try RawClient(port: server.port)
        sound.ask("/")
        #expect(try sound.answer().body == "hello", "after connection \(number)")
      }
      #expect(desk.texts.allSatisfy { $0.utf8.count <= LiveSocket.longestText })
      #expect(desk.texts.contains("steer 0.5 0 0"))
    }

    /// Odd frames without end from a client that never reads are not answered without end.
    @Test func whoNeverReadsIsNotAnsweredForEver() throws {
      let desk = SocketDesk()
      let server = try LiveServer(host: "127.0.0.1", port: 0, routes: [:], sockets: ["/talk": desk.route])
      defer { server.close() }
      let client = try RawClient(port: server.port)
      client.ask("/talk", more: SocketFrame.upgrade + "Origin: http://localhost\r\n")
      while desk.socket == nil { usleep(1000) }
      let odd = Array(repeating: SocketFrame(0x82, [1]).bytes, count: 1000).flatMap { $0 }
      while !desk.isClosed { client.write(odd) }
      #expect(try client.answer(hasBody: false).status == 101)
      #expect(client.countAll() < 10)
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
