import Foundation
import Storage
import Testing
import Training

@Suite struct JSONTests {
  @Test func jsonEscapesAndKeepsOrder() {
    let json = JSON.object([("b", .text("a\"\\\n\u{1}é")), ("a", .array([.whole(1), .null, .flag(true)]))])
    #expect(json.line == #"{"b":"a\"\\\n\u0001é","a":[1,null,true]}"#)
  }

  @Test(arguments: [0.1, 1e-300, -123456.789, 1e22, .leastNonzeroMagnitude, 3.0])
  func jsonNumbersReadBack(_ value: Double) throws {
    let text = JSON.array([.number(value)]).line
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double]
    #expect(read == [value])
  }

  @Test func jsonHasNoNotANumber() {
    #expect(JSON.array([.number(.nan), .number(.infinity)]).line == "[null,null]")
  }

  @Test func jsonDocument() {
    let json = JSON.object([("a", .array([.whole(1), .whole(2)])), ("b", .object([]))])
    #expect(json.document == "{\n  \"a\": [1,2],\n  \"b\": {}\n}")
  }

  @Test func textInJSONHasNothingThatATerminalObeys() throws {
    let text = "a\u{1B}[2J\u{7F}\u{9B}1m\u{202E}\u{2028}\u{E0001}é\u{1F600}\n"
    let line = JSON.text(text).line
    #expect(line == #""a\u001b[2J\u007f\u009b1m\u202e\u2028\udb40\udc01é"# + "\u{1F600}" + #"\n""#)
    #expect(try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed) as? String == text)
  }
}
