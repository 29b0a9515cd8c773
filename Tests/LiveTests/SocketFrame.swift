#if Watch
  import Live
  import Synchronization

  /// What a route has received.
  final class SocketDesk: Sendable {
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

  /// A frame as a browser sends it, masked.
  struct SocketFrame {
    /// What a request for a WebSocket connection has beside its origin.
    static let upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    let bytes: [UInt8]

    /// - Parameter first: whether it is the last part of a message, and what it is.
    init(_ first: UInt8, _ payload: [UInt8]) {
      let mask: [UInt8] = [1, 2, 3, 4]
      let count = payload.count
      var bytes: [UInt8] = [first]
      bytes += count < 126 ? [UInt8(count) | 0x80] : [126 | 0x80, UInt8(count >> 8), UInt8(count & 255)]
      bytes += mask
      for (i, byte) in payload.enumerated() { bytes.append(byte ^ mask[i % 4]) }
      self.bytes = bytes
    }
  }
#endif
