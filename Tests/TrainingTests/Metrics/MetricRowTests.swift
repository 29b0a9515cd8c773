import Testing
import Training

@Suite struct MetricRowTests {
  @Test func record() {
    var record = MetricRow()
    record.add("a,b", 1)
    record.add("c", 0.5)
    record.add("d", .nan)
    #expect(record.header == "\"a,b\",c,d")
    #expect(record.line == "1,0.5,")
  }
}
