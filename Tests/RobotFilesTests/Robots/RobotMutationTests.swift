import Environments
import Foundation
import Physics
import RobotFiles
import Robotics
import Testing

/// Files of published robots, damaged at random: each is read or refused in one line, and nothing traps.
///
/// `ROBOT_FILE_MUTATIONS` sets how many of each file are tried.
struct RobotMutationTests {
  private static let count = ProcessInfo.processInfo.environment["ROBOT_FILE_MUTATIONS"].flatMap(Int.init) ?? 25

  @Test(arguments: PublishedRobot.all)
  func damagedFilesAreReadOrRefused(_ published: PublishedRobot) throws {
    let robot = try published.loaded()
    var contents = Dictionary(uniqueKeysWithValues: robot.files.map { ($0.path, $0.bytes) })
    let main = robot.files[0]
    var random = Random(seed: 17, stream: UInt64(main.bytes.count))
    for number in 0..<Self.count {
      var bytes = main.bytes
      for _ in 0...Int(random.unit() * 3) { Self.damage(&bytes, &random) }
      contents[main.path] = bytes
      do {
        let loaded = try LoadedRobot(
          main.path, shownAs: main.path, from: KeptFiles(contents), options: RobotFileOptions())
        let entry = try loaded.entry()
        let envs = try entry.makeVectorEnv(count: 1, seed: 1)
        #expect(envs.spec.actions.count > 0)
      } catch {
        let text = "\(error)"
        #expect(!text.contains("\n") && text.count < 2_000, "mutation \(number): \(text)")
      }
    }
  }

  /// Numbers that files should not hold.
  private static let numbers = [
    "0", "-1", "1e308", "-1e308", "1e-308", "nan", "inf", "1e9", "3.2", "-6.5", "", "1 2", "x",
  ]

  private static func damage(_ bytes: inout [UInt8], _ random: inout Random) {
    func place() -> Int { min(Int(random.unit() * Double(bytes.count)), bytes.count - 1) }
    guard bytes.count > 40 else { return }
    switch Int(random.unit() * 6) {
    case 0, 1, 2:
      // The value of an attribute, or one number of it.
      guard let open = bytes[place()...].firstIndex(of: UInt8(ascii: "\"")),
        let close = bytes[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
      else { return }
      let text = numbers[min(Int(random.unit() * Double(numbers.count)), numbers.count - 1)]
      let end = bytes[(open + 1)..<close].firstIndex(of: UInt8(ascii: " ")) ?? close
      bytes.replaceSubrange(open + 1..<(random.unit() < 0.5 ? end : close), with: Array(text.utf8))
    case 3: bytes.remove(at: place())
    case 4:
      // An element or a part of one, once more.
      let start = place()
      let end = min(start + Int(random.unit() * 400), bytes.count)
      bytes.insert(contentsOf: Array(bytes[start..<end]), at: place())
    default:
      let start = place()
      bytes.removeSubrange(start..<min(start + Int(random.unit() * 300), bytes.count))
    }
  }
}
