import Environments
import Foundation
import Testing
import Training

@Suite struct TextTests {
  @Test(
    arguments: [
      (0, "0"), (20, "20"), (18.24, "18.2"), (0.9349, "0.93"), (0.01234, "0.012"), (1234.4, "1,234"), (-160.04, "-160"),
      (99.97, "100"), (9.996, "10"), (1.5e-7, "1.5e-7"), (-2e12, "-2e12"), (.nan, "–"), (-0.00001, "-1e-5"),
      (0.00024, "2.4e-4"), (0.001, "0.001"), (999.96, "1,000"),
      (12_345_678, "12,345,678"),
    ] as [(Double, String)])
  func shortNumbers(_ value: Double, _ text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test func otherNumbers() {
    #expect(NumberText.grouped(1_234_567) == "1,234,567")
    #expect(NumberText.grouped(-999) == "-999")
    #expect(NumberText.grouped(1234.5) == "1,235" || NumberText.grouped(1234.5) == "1,234")
    #expect(NumberText.grouped(-1e15) == "-1,000,000,000,000,000")
    for value in [Double.nan, .infinity, -.infinity, 1e19, 1e300] { #expect(NumberText.grouped(value) == "–") }
    for places in [12, 18, 19, 400] { #expect(NumberText.fixed(9.99e11, places: places) == "–") }
    #expect(NumberText.fixed(0.5, places: 17) == "0.50000000000000000")
    #expect(NumberText.fixed(-0.004, places: 2) == "0.00")
    #expect(NumberText.clock(53.4) == "0:53")
    #expect(NumberText.clock(3723) == "1:02:03")
    #expect(NumberText.clock(.infinity) == "–")
    #expect(NumberText.duration(0.47) == "0.47 s")
  }

  @Test func quantities() {
    #expect(Quantity("speed_m_s").phrase(for: 0.934) == "speed 0.93 m/s")
    #expect(Quantity("roll_deg").phrase(for: 3) == "roll 3°")
    #expect(Quantity("double_support").phrase(for: 0.25) == "double support 0.25")
    #expect(Quantity("distance_m").title == "distance (m)")
    #expect(Quantity("_m").title == "m")
  }

  @Test func shellWords() {
    #expect(Shell.quoted("runs/biped/2026-07-29_14-03-22") == "runs/biped/2026-07-29_14-03-22")
    #expect(Shell.quoted("it's here") == #"'it'\''s here'"#)
    #expect(Shell.quoted("") == "''")
  }

  @Test func nearestName() {
    #expect(NearestName.distance("kitten", "sitting") == 3)
    #expect(NearestName.suggestion(for: "bipde", among: ["arm", "biped"]) == "biped")
    #expect(NearestName.suggestion(for: "helicopter", among: ["arm", "biped"]) == nil)
    #expect(NearestName.suggestion(for: "x", among: []) == nil)
  }

  @Test func textFromOutsideStaysOnOneLine() {
    #expect(quoted("a\nb\u{1B}c") == #"'a\u{A}b\u{1B}c'"#)
    #expect(quoted(String(repeating: "x", count: 1000)).count == 83)
  }
}
