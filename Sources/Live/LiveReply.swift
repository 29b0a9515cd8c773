/// What a path of a server answers.
package struct LiveReply: Sendable, Equatable {
  /// An HTTP status, such as 200.
  package var status: Int
  /// The media type, such as `text/html; charset=utf-8`.
  package var type: String
  package var bytes: [UInt8]

  package init(_ text: String, type: String, status: Int = 200) {
    self.status = status
    self.type = type
    bytes = Array(text.utf8)
  }

  package static func page(_ html: String) -> LiveReply { LiveReply(html, type: "text/html; charset=utf-8") }
  package static func json(_ text: String) -> LiveReply { LiveReply(text, type: "application/json") }

  /// A sentence for a person about a missing page.
  static func refusal(_ status: Int, _ sentence: String) -> LiveReply {
    LiveReply(sentence + "\n", type: "text/plain; charset=utf-8", status: status)
  }
}

/// Why a server cannot begin, in words.
package struct LiveError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}
